"""Finding generic records: which of the ways to them is the shortest for a set of filters (docs/access-patterns.md).

Every filter is one of: an id, an edge, a local index, a home that it names, or the homes of the caller's productions
side by side. Nothing reads more than the kind in those homes.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

from chalicelib.records.clock import SECONDS
from chalicelib.records.fields import STUDIO, Index, Kind
from chalicelib.records.filters import Filters
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.store import homes, keys, partitions, reads, reference

# A list of more values than this is looked for in the partition instead of value by value.
_MOST_LOOKS: Final = 20
Condition = tuple[str, str]


def records_of(
    kind: Kind, wanted: Filters, projects: Iterable[Record], everything: bool, paged: bool = False
) -> list[Record]:
    """The records of a kind that pass the filters.

    projects: those whose homes are read where the filters name none; with `everything` also what belongs to no
    production, or to persons. paged: whether a page is cut from them, so that the next one will be asked for.
    """
    return [record for record in _candidates(kind, wanted, projects, everything, paged) if wanted.holds(record)]


def _candidates(
    kind: Kind, wanted: Filters, projects: Iterable[Record], everything: bool, paged: bool
) -> Iterable[Record]:
    if kind.reference:
        return reference.every(kind).values()
    if (named := wanted.named("id")) is not None:
        return reads.get_many(kind, named)
    for edge in kind.edges:
        if edge.field in wanted.members:
            listing = reads.edges(kind, edge.field, wanted.members[edge.field])
            return reads.get_many(kind, (one["id"] for one in listing))
    searched = homes_of(kind, wanted, projects, everything)
    led = _led(kind, wanted)
    queries: list[Callable[[], Iterable[Record]]]
    if led is not None:
        by, conditions = led
        queries = [partial(reads.query, kind, home, by, condition) for home in searched for condition in conditions]
    else:
        queries = [partial(_all, kind, home, hold=paged or len(searched) == 1) for home in searched]
    return [record for part in reads.parallel(queries) for record in part]


def _all(kind: Kind, home: str, hold: bool) -> Iterable[Record]:
    """All records of a kind in a home.

    A page tells how many there are, so all of them are read once; the container holds them, and the next page costs a
    query for what changed (docs/adr/0004-change-index.md).
    """
    if kind.held and (hold or partitions.is_held(kind, home)):
        return partitions.held(kind, home).records.values()
    return reads.query(kind, home)


def _led(kind: Kind, wanted: Filters) -> tuple[str, list[Condition]] | None:
    """The first field of the local index that leads closest to what is wanted, and what to ask it; None: none does."""
    indexes = [index for index in kind.indexes if index.where is None]
    best = max(indexes, key=lambda index: len(_fixed(kind, index, wanted)), default=None)
    if best is None:
        return None
    fixed = _fixed(kind, best, wanted)
    if fixed:
        return best.fields[0], [_condition(kind, best, [wanted.equal[name] for name in fixed])]
    for index in indexes:
        several = wanted.among.get(index.fields[0], frozenset())
        if 0 < len(several) <= _MOST_LOOKS and "" not in several:
            return index.fields[0], [_condition(kind, index, [one]) for one in several]
    return None


def _fixed(kind: Kind, index: Index, wanted: Filters) -> list[str]:
    """The leading fields of an index of which the filters name the one value; no empty one, none after a moment."""
    fixed: list[str] = []
    for name in index.fields:
        if wanted.equal.get(name) in (None, ""):
            break
        fixed.append(name)
        if kind.by_name[name].type == "datetime":
            break
    return fixed


def _condition(kind: Kind, index: Index, values: list[Any]) -> Condition:
    """What to ask of an index for these values of its leading fields."""
    fields = index.fields[: len(values)]
    if kind.by_name[fields[-1]].type == "datetime":
        # It is asked for by the second, and kept to the microsecond.
        return "^", _joined(fields, [*values[:-1], values[-1][:SECONDS]])
    told = _joined(fields, values)
    return ("=", told) if len(fields) == len(index.fields) else ("^", f"{told}#")


def _joined(fields: tuple[str, ...], values: list[Any]) -> str:
    return keys.index_value(dict(zip(fields, values, strict=True)), fields) or ""


def within(kind: Kind, records: Iterable[Record], projects: Iterable[Record]) -> list[Record]:
    """Those of the records that live in one of the productions.

    A filter on an id leads to wherever that lies; so what was found is looked at, not what was asked.
    """
    if not kind.home.named:
        return list(records)
    allowed = {keys.home_of_owner(project.id) for project in projects}
    found = list(records)
    return [record for record in found if (record.home or homes.of(kind, record)) in allowed]


def homes_of(kind: Kind, wanted: Filters, projects: Iterable[Record], everything: bool) -> list[str]:
    """The homes that may hold records with these filters."""
    if not kind.home.named:
        return [STUDIO]
    for name in (*kind.home.owners, "project_id"):
        if name in kind.by_name and (owners := wanted.named(name)) is not None:
            return [keys.home_of_owner(owner) for owner in owners if owner]
    for name in kind.home.beside:
        if (records := wanted.named(name)) is not None:
            return list({home for record in records if record and (home := homes.of_id(record))})
    if kind.home.owners == ("person_id",):
        return [keys.home_of_owner(person_id) for person_id in reference.every(PERSON)] if everything else []
    return [keys.home_of_owner(project.id) for project in projects] + ([STUDIO] if everything else [])
