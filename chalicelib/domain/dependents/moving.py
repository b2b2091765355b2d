"""Records that move to another production take along what hangs on them (docs/contract/interchange.md section 4).

What lives beside a record has the home of that record, so it follows: tasks of an entity, and of these comments,
previews, news, time, files. It goes level by level, in transactions of its own, as a job: what was cut off is found by
the records above it, whether these have moved already or not. Ids stay; pointers lead from them to the new home. A
quarter of an hour later it is done once more, for what requests wrote that were under way.
"""

from collections.abc import Callable, Sequence, Set
from functools import partial
from typing import Any, Final

from chalicelib.domain.commands import KnownRecords, found
from chalicelib.domain.dependents import lookup, removal, stored_objects
from chalicelib.domain.jobs.deletions import LATEST_MINUTES
from chalicelib.domain.jobs.job import enqueue, enqueue_later, job
from chalicelib.records.fields import CASCADE, DROP_ENTRY, Kind
from chalicelib.records.files import ATTACHMENT_FILE
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.registry import kind as kind_of
from chalicelib.records.relations import Relation, leading_to
from chalicelib.store import homes, keys, objects, reads, transaction_groups
from chalicelib.store.changes import MOST_ITEMS, Changes, write
from chalicelib.store.record_items import guards

_OWNERS: Final = ("project_id",)
_CAST_ELSEWHERE: Final = "cast_elsewhere"
_RECORDS_A_WRITE: Final = 25


def move(changes: Changes, record: Record, **values: Any) -> Record:
    """Adds to a command the move of a record to the production that its values name; what hangs on it follows."""
    origin = lookup.home_of(record)
    if _CAST_ELSEWHERE in record.kind.by_name:
        # What casts it may stay where it is.
        values[_CAST_ELSEWHERE] = True
    moved = changes.update(record, **values)
    project = found(changes, PROJECT, record["project_id"])
    if project is not None and not project.get("is_left"):
        changes.update(project, is_left=True, updated_at=project["updated_at"])
    told = {"table": record.kind.table, "record_ids": [record.id], "origin": origin, "project_id": moved["project_id"]}
    enqueue(changes, take_along, **told)
    enqueue_later(changes, take_along, 60 * LATEST_MINUTES, **told)
    return moved


@job("take along what hangs on records that have moved")
def take_along(table: str, record_ids: Sequence[str], origin: str, project_id: str) -> None:
    """Takes what hangs on records, which are in a production by now, out of the home where they were."""
    kind = kind_of(table)
    _Move(origin, project_id).follow(kind, reads.get_many(kind, record_ids))


def _leads_along(relation: Relation) -> bool:
    """Whether records that name another one by a relation live where that one does."""
    home = relation.kind.home
    if relation.across or relation.on_delete is not CASCADE:
        return False
    return relation.path in home.beside or home.owners == _OWNERS


def _lists(relation: Relation) -> bool:
    """Whether records of a production list others by a relation, and stay when these leave."""
    return relation.on_delete is DROP_ENTRY and relation.kind.home.owners == _OWNERS


def _looks(relation: Relation, home: str, records: Sequence[Record]) -> list[Callable[[], list[Record]]]:
    """The reads that find the records of a home which name one of these by a relation."""
    ids = frozenset(one.id for one in records)
    if relation.listed_in:
        listed = [one for record in records for one in record.get(relation.listed_in) or ()]
        return [partial(_listed, relation.kind, home, listed)] if listed else []
    if relation.index is None:
        return [partial(lookup.search, relation.kind, home, ids, [relation])]
    by = relation.index.fields[0]
    conditions = [lookup.condition(relation.index, one) for one in ids]
    return [partial(reads.query, relation.kind, home, by, one) for one in conditions]


def _listed(kind: Kind, home: str, ids: Sequence[str]) -> list[Record]:
    return [one for one in reads.get_many(kind, ids) if one.home == home]


class _Move:
    """What follows to a production."""

    def __init__(self, origin: str, project_id: str) -> None:
        self._origin = origin
        self._project_id = project_id
        self._destination = keys.home_of_owner(project_id)
        self._homes = (origin, self._destination)

    def follow(self, kind: Kind, records: Sequence[Record]) -> None:
        """Takes along what hangs on records of a kind, level by level; what only lists them lets go of them.

        All that names records of a level is looked for side by side, also where they are going: there is what a run
        brought that was cut off, perhaps without what hangs on it.
        """
        if not records:
            return
        along = [one for one in leading_to(kind.table) if _leads_along(one)]
        listing = [one for one in leading_to(kind.table) if _lists(one)]
        asked = [(one, home) for one in along for home in self._homes] + [(one, self._origin) for one in listing]
        looks = [(relation, look) for relation, home in asked for look in _looks(relation, home, records)]
        named: dict[Relation, list[Record]] = {}
        for (relation, _), part in zip(looks, reads.parallel([look for _, look in looks]), strict=True):
            named.setdefault(relation, []).extend(part)
        for relation in along:
            hanging = [one for one in named.get(relation, ()) if _first_beside(one) in (None, relation.path)]
            self._bring([one for one in hanging if one.home == self._origin])
            self.follow(relation.kind, hanging)
        for relation in listing:
            self._leave(named.get(relation, ()), kind, {one.id for one in records})

    def _bring(self, records: Sequence[Record]) -> None:
        for group in transaction_groups.fitting(records, _items_of, MOST_ITEMS - 2):
            self._copy_objects(group)
            write(partial(self._relocate, known=KnownRecords(group)))

    def _relocate(self, changes: Changes, known: KnownRecords) -> None:
        for record in known.read():
            if record.home == self._origin:
                owned = record.kind.home.owners == _OWNERS
                changes.relocate(record, self._destination, **({"project_id": self._project_id} if owned else {}))
                changes.afterwards(partial(objects.discard, self._objects_left(record)))
                self._note_cast(changes, record)

    def _note_cast(self, changes: Changes, record: Record) -> None:
        """What a casting that moves leaves behind is cast elsewhere from now on."""
        for field in record.kind.fields:
            if field.across and field.relation is not None:
                cast = found(changes, kind_of(field.relation), record[field.name])
                if cast is not None and cast.home != self._destination and not cast.get(_CAST_ELSEWHERE):
                    changes.update(cast, **{_CAST_ELSEWHERE: True, "updated_at": cast["updated_at"]})

    def _copy_objects(self, records: Sequence[Record]) -> None:
        """Attachments lie by their home; of whatever else lies in the bucket its record tells where."""
        for record in records:
            for key in self._objects_left(record):
                if objects.size(key) is not None:
                    target = stored_objects.attachment_in(self._destination, record)
                    objects.copy(key, target, objects.content_type(key))

    def _objects_left(self, record: Record) -> list[str]:
        if record.kind is not ATTACHMENT_FILE:
            return []
        return [stored_objects.attachment_in(self._origin, record)]

    def _leave(self, records: Sequence[Record], kind: Kind, ids: Set[str]) -> None:
        for start in range(0, len(records), _RECORDS_A_WRITE):
            part = KnownRecords(records[start : start + _RECORDS_A_WRITE])
            write(partial(removal.unname, known=part, table=kind.table, gone=ids))


def _first_beside(record: Record) -> str | None:
    """The field that tells beside what a record lives; None for what belongs to a production itself."""
    if record.kind.home.owners:
        return None
    return next((name for name in record.kind.home.beside if record.get(name)), None)


def _items_of(record: Record) -> int:
    """A record that moves, with a tombstone, a pointer, what it casts, its guards, its edges."""
    edges = sum(len(record[edge.field]) for edge in record.kind.edges)
    return 4 + 2 * len(guards(homes.of(record.kind, record), record)) + 2 * edges
