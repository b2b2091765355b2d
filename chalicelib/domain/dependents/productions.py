"""What belongs to a production: its home, and what elsewhere names it or what it holds."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from chalicelib.domain.counters import recounts
from chalicelib.domain.dependents import places, removal, stored_objects
from chalicelib.records.entities import ENTITY
from chalicelib.records.fields import Kind
from chalicelib.records.people import NOTIFICATION
from chalicelib.records.record import Record
from chalicelib.records.registry import KINDS
from chalicelib.records.relations import Relation, of_kind
from chalicelib.records.tasks import TASK
from chalicelib.store import bulk_deletion, keys, reads, wire

_RECORDS_A_PIECE: Final = 1000
# Persons whose notifications are looked through side by side.
_PERSONS_AT_ONCE: Final = 50


def inhabited(home: str) -> list[Kind]:
    """The kinds of which the home of a production holds records."""
    kinds = places.kinds_of_a_production()
    found = reads.parallel([partial(_holds_records, kind, home) for kind in kinds])
    return [kind for kind, holds in zip(kinds, found, strict=True) if holds]


def _holds_records(kind: Kind, home: str) -> bool:
    return any(row.doc is not None for page in reads.pages_of(kind, home) for row in page)


def clear(project: Record) -> Iterator[int]:
    """Takes away all that a production held, in pieces of a second or so; tells how many records went with each.

    project: as it was; it is gone already. What the studio and persons keep of it goes first, while the records are
    still there that lead to it; then its home, partition by partition.
    """
    home = keys.home_of_owner(project.id)
    yield from removal.clear([project], chosen=_lives_in_the_studio)
    for told in notifications_of(home):
        for first in range(0, len(told), _RECORDS_A_PIECE):
            part = told[first : first + _RECORDS_A_PIECE]
            bulk_deletion.remove(part)
            yield len(part)
    yield from _shared(home)
    gone = 1
    while gone:
        # Looked at until it stays empty: requests that ran meanwhile may have written behind us.
        gone = 0
        for kind in inhabited(home):
            files_of = stored_objects.OF_KIND.get(kind)
            for count in bulk_deletion.empty(kind, home, files_of):
                gone += count
                yield count
    yield from bulk_deletion.drop_guards(home)


def _lives_in_the_studio(relation: Relation) -> bool:
    return not relation.kind.home.named


def notifications_of(home: str) -> Iterator[list[Record]]:
    """What persons were told of the tasks of a production, so many persons at a time.

    Ids of tasks tell their home, so that an index leads to them; where the production has imported tasks, whose ids
    tell none, all that its people were told is looked through.
    """
    (relation,) = (one for one in of_kind(NOTIFICATION) if one.table == TASK.table)
    assert relation.index is not None
    rows = [row for page in reads.pages(keys.partition(home, TASK)) for row in page]
    here = {row.sk.S for row in rows if row.doc is not None}
    imported = {row.sk.S for row in rows if keys.home_told_by(row.sk.S) != home}
    condition = None if imported else ("^", keys.id_prefix(home))
    persons = places.all_persons()
    for start in range(0, len(persons), _PERSONS_AT_ONCE):
        queries = [
            partial(reads.query, NOTIFICATION, person, relation.index.fields[0], condition)
            for person in persons[start : start + _PERSONS_AT_ONCE]
        ]
        found = [one for part in reads.parallel(queries) for one in part]
        own = [one for one in found if keys.home_told_by(one["task_id"]) == home or one["task_id"] in imported]
        # What has moved to another production is told of there.
        lost = [keys.pointer(one) for one in {one["task_id"] for one in own} - here]
        moved = {sk for _, sk in reads.items(lost)} if lost else set()
        yield [one for one in own if one["task_id"] not in moved]


def _may_be_cast_elsewhere(row: wire.Row) -> bool:
    """Whether an item says so, without parsing it; of what lies in the bucket nobody knows."""
    if row.big is not None:
        return True
    shared = row.doc is not None and '"is_shared":true' in row.doc.S
    return shared or (row.own is not None and '"cast_elsewhere":true' in row.own.S)


def _shared(home: str) -> Iterator[int]:
    """Its assets leave the castings of other productions."""
    pages = reads.pages(keys.partition(home, ENTITY))
    shared = frozenset(row.sk.S for page in pages for row in page if _may_be_cast_elsewhere(row))
    if not shared:
        return
    for relation in (one for kind in KINDS.values() for one in of_kind(kind) if one.across):
        held = reads.parallel([partial(reads.query, relation.kind, other) for other in places.all_productions()])
        for part in held:
            links = [one for one in part if relation.names_one(one, shared)]
            recounts.without(relation.kind, links, shared)
            bulk_deletion.remove(links)
            yield len(links)
