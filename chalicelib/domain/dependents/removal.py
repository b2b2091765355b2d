"""What hangs on records goes along with them, or lets go of them, the way each kind declares it (records/relations.py).

What hangs on a record goes first, the record last. Cut off half-way, it is a record with less on it, and doing it again
goes on; everything here may be done twice.
"""

from collections.abc import Callable, Iterator, Sequence, Set
from functools import partial
from typing import Any, Final

from chalicelib.domain.commands import KnownRecords
from chalicelib.domain.counters import recounts
from chalicelib.domain.dependents import lookup, places, stored_objects
from chalicelib.domain.jobs.job import enqueue, job
from chalicelib.events.journal import emit
from chalicelib.records import relations
from chalicelib.records.fields import CASCADE, Kind
from chalicelib.records.record import Record
from chalicelib.records.registry import kind as kind_of
from chalicelib.records.relations import Relation
from chalicelib.store import bulk_deletion, objects, reference, transaction_groups
from chalicelib.store.changes import Changes, write
from chalicelib.store.record_items import guards

Tell = Callable[[Changes, Record], None]
# A record that lets go is itself, a guard that moves, edges of several lists.
_RECORDS_A_WRITE: Final = 25
_RECORDS_A_PIECE: Final = 1000


def clear(
    records: Sequence[Record],
    gone: Set[str] = frozenset(),
    reached_from: Kind | None = None,
    chosen: Callable[[Relation], bool] = lambda _: True,
) -> Iterator[int]:
    """Takes away what hangs on records of one kind that are about to go, in pieces; gives how many went with each.

    gone: ids of what goes besides these. reached_from: the kind with which these go along. chosen: the relations that
    count. What persons and other wide kinds leave behind is looked for kind by kind, everything else side by side.
    """
    if not records:
        return
    kind = records[0].kind
    everything = gone | {record.id for record in records}
    wanted = [one for one in lookup.relations_to(kind, reached_from) if chosen(one)]
    pieces = [[one] for one in places.kinds_of(wanted)] if places.is_wide(kind) else [places.kinds_of(wanted)]
    for kinds in pieces:
        found = lookup.naming(records, [one for one in wanted if one.kind in kinds])
        found = [one for one in found if one.id not in everything]
        along = [one for one in found if _goes_along(one, kind, everything)]
        ids = {one.id for one in along}
        yield from _take_along(along, everything, kind)
        yield from _let_go([one for one in found if one.id not in ids], kind, everything)


def clear_at_once(records: Sequence[Record], **how: Any) -> int:
    """The same in one go; gives how many went."""
    return sum(clear(records, **how))


def clear_after(changes: Changes, records: Sequence[Record], only: str = "") -> None:
    """Has cleared what hung on records of one kind that a command takes away, or what of it is of one table alone."""
    if not records:
        return
    kind = records[0].kind
    names = {"id", *kind.home.named, *(one.listed_in for one in lookup.relations_to(kind))}
    told = [{name: record[name] for name in names if name in record} for record in records]
    homes = [lookup.home_of(record) for record in records]
    enqueue(changes, clear_dependents, table=kind.table, records=told, homes=homes, only=only)


@job("clear what hung on records")
def clear_dependents(table: str, records: Sequence[dict[str, Any]], homes: Sequence[str], only: str) -> None:
    """Clears what hung on records that are gone; they are told by what leads to it."""
    gone = [Record(kind_of(table), one, home=home) for one, home in zip(records, homes, strict=True)]
    clear_at_once(gone, chosen=lambda relation: only in ("", relation.kind.table))


def remove(records: Sequence[Record], tell: Tell | None = None, gone: Set[str] = frozenset()) -> Iterator[int]:
    """Takes away records of one kind, after all that hangs on them; the journal tells of each.

    tell: adds the event of one to the command; else it is the generic one. A record and its event go in one
    transaction, on condition that it is as it was read: what is made on it meanwhile goes along.
    """
    for group in transaction_groups.fitting(records, _items_of):
        write(_Removal(group, tell or tell_of, gone))
        yield len(group)


def tell_of(changes: Changes, record: Record) -> None:
    """The event of a record that goes along: `task:delete`, with the fields that its kind declares."""
    kind = record.kind
    payload = {kind.id_name: record.id, **{name: record[name] for name in kind.tells}}
    emit(changes, f"{kind.event_name}:delete", record.get("project_id"), record, **payload)


class _Removal:
    """A command that takes records away, and before them what hangs on them: that may be done twice."""

    def __init__(self, records: Sequence[Record], tell: Tell, gone: Set[str]) -> None:
        self._known = KnownRecords(records)
        self._tell = tell
        self._gone = gone

    def __call__(self, changes: Changes) -> None:
        records = self._known.read()
        clear_at_once(records, gone=self._gone)
        for record in records:
            changes.delete(record)
            self._tell(changes, record)
        keys = [key for record in records for key in stored_objects.of(record)]
        changes.afterwards(partial(objects.discard, keys))


def _items_of(record: Record) -> int:
    """A record that goes, with its event, its guards and its edges."""
    edges = sum(len(record[edge.field]) for edge in record.kind.edges)
    return 2 + len(guards(lookup.home_of(record), record)) + edges


def _goes_along(record: Record, kind: Kind, gone: Set[str]) -> bool:
    return any(
        relation.table == kind.table and relation.on_delete is CASCADE and relation.names_one(record, gone)
        for relation in relations.of_kind(record.kind)
    )


def _take_along(records: Sequence[Record], gone: Set[str], reached_from: Kind) -> Iterator[int]:
    by_kind: dict[Kind, list[Record]] = {}
    for record in records:
        by_kind.setdefault(record.kind, []).append(record)
    everything = gone | {record.id for record in records}
    for kind, found in by_kind.items():
        if kind.tells:
            yield from remove(found, gone=gone)
            continue
        for start in range(0, len(found), _RECORDS_A_PIECE):
            part = found[start : start + _RECORDS_A_PIECE]
            yield from clear(part, everything, reached_from)
            recounts.without(kind, part, everything)
            _discard(kind, part)
            yield len(part)


def _discard(kind: Kind, records: Sequence[Record]) -> None:
    """Takes records away without a word; their objects before them, so that a run that was cut off finds these."""
    objects.discard(key for record in records for key in stored_objects.of(record))
    if kind.reference:
        for start in range(0, len(records), _RECORDS_A_WRITE):
            write(partial(delete_those_left, records=records[start : start + _RECORDS_A_WRITE]))
    else:
        bulk_deletion.remove(records)


def _let_go(records: Sequence[Record], kind: Kind, gone: Set[str]) -> Iterator[int]:
    for start in range(0, len(records), _RECORDS_A_WRITE):
        part = records[start : start + _RECORDS_A_WRITE]
        write(partial(unname, known=KnownRecords(part), table=kind.table, gone=gone))
        yield len(part)


def unname(changes: Changes, known: KnownRecords, table: str, gone: Set[str]) -> None:
    """Has records let go of those of a table that are gone, the way their kinds declare it."""
    for record in known.read():
        if values := relations.letting_go(record, record.kind, table, gone):
            changes.update(record, **values)


def delete_those_left(changes: Changes, records: Sequence[Record]) -> None:
    """Takes away records of the reference data, as far as they are still there."""
    for record in records:
        now = reference.find(record.kind, record.id)
        if now is not None:
            changes.delete(now)
