"""Lists of generic records: which partitions are read, pages, relations (spec/production.md 2.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from chalicelib.errors import Invalid
from chalicelib.records.fields import STUDIO, Kind
from chalicelib.records.filters import Filters
from chalicelib.records.record import Record
from chalicelib.store import keys, reads, reference

DEFAULT_LIMIT: Final = 100
MOST_A_PAGE: Final = 10_000


@dataclass(frozen=True)
class Paging:
    """What a query says of pages: `page` None is the whole list."""

    page: int | None
    limit: int

    @classmethod
    def of(cls, query: Mapping[str, str], limit: int = DEFAULT_LIMIT) -> "Paging":
        """Reads `page` and `limit`; Invalid where one is no number."""
        page = whole_number(query, "page", -1)
        size = whole_number(query, "limit", limit)
        if size < 0 or size > MOST_A_PAGE:
            raise Invalid("limit is out of range.", "limit", f"a number from 0 to {MOST_A_PAGE}")
        return cls(page if page > -1 else None, size)

    def cut(self, records: list[Any]) -> dict[str, Any]:
        """The page of a list that is in order already."""
        assert self.page is not None
        limit, total = self.limit, len(records)
        offset = (self.page - 1) * limit
        beyond = self.page < 1 or offset > total
        return {
            "data": [] if beyond else records[offset : offset + limit],
            "total": 0 if beyond else total,
            "nb_pages": -(-total // limit) if limit else 0,
            "limit": limit,
            "offset": offset,
            "page": self.page,
        }


def whole_number(query: Mapping[str, str], name: str, default: int) -> int:
    """A whole number out of a query; Invalid where it is none."""
    text = query.get(name, "").strip()
    if not text:
        return default
    try:
        return int(text)
    except ValueError:
        raise Invalid(f"{name} is not a number.", name, "a whole number") from None


def truth(query: Mapping[str, str], name: str, default: bool = False) -> bool:
    """A flag such as `relations=true` or `force=True`: only `true`, in any case, is true (spec/tasks.md section 1)."""
    text = query.get(name)
    return default if text is None else text.strip().lower() in ("true", "1", "yes")


def by_last_change(records: Iterable[Record]) -> list[Record]:
    """The order of pages: last changed first, then last created, then by id."""
    ordered = sorted(records, key=lambda record: record.id)
    ordered.sort(key=lambda record: (record["updated_at"] or "", record["created_at"] or ""), reverse=True)
    return ordered


def records_of(kind: Kind, filters: Filters, projects: Iterable[Record], everything: bool) -> list[Record]:
    """The records of a kind that pass the filters.

    Reads no more than it must: the records named by id, else the production named, else the `projects`, side by side;
    with `everything` also what belongs to no production, or to persons.
    """
    if kind.reference:
        found: Iterable[Record] = reference.every(kind).values()
    elif (named := filters.named("id")) is not None:
        found = reads.get_many(kind, named)
    else:
        homes = homes_of(kind, filters, projects, everything)
        found = [one for part in reads.parallel([partial(reads.query, kind, home) for home in homes]) for one in part]
    return [record for record in found if filters.holds(record)]


def within(kind: Kind, records: Iterable[Record], projects: Iterable[Record]) -> list[Record]:
    """Those of the records that live in one of the productions.

    A filter on an id leads to wherever that lies; so what was found is looked at, not what was asked.
    """
    if not (kind.home.owners or kind.home.beside):
        return list(records)
    allowed = {keys.home_of_owner(project.id) for project in projects}
    found = list(records)
    homes = _homes(kind, found)
    return [record for record, home in zip(found, homes, strict=True) if home in allowed]


def _homes(kind: Kind, records: list[Record]) -> list[str]:
    """The home of each record; those whose ids do not tell are looked up together, a hundred a read."""
    beside = [_beside(kind, record) for record in records]
    told = {one: keys.home_told_by(one) for one in beside if one}
    lost = [one for one, home in told.items() if home is None]
    led = reads.items([keys.pointer(one) for one in lost]) if lost else {}
    found = {sk: row.at.S for (_, sk), row in led.items() if row.at}
    return [
        reads.home_of(kind, record) if one is None else told[one] or found.get(one, STUDIO)
        for record, one in zip(records, beside, strict=True)
    ]


def _beside(kind: Kind, record: Record) -> str | None:
    """The id of the record that this one stands beside; None for one that names its owner, or nothing."""
    if any(record.get(name) for name in kind.home.owners):
        return None
    return next((record[name] for name in kind.home.beside if record.get(name)), None)


def homes_of(kind: Kind, filters: Filters, projects: Iterable[Record], everything: bool) -> list[str]:
    """The homes that may hold records with these filters."""
    if not (kind.home.owners or kind.home.beside):
        return [STUDIO]
    for name in (*kind.home.owners, "project_id"):
        if name in kind.by_name and (owners := filters.named(name)) is not None:
            return [keys.home_of_owner(owner) for owner in owners if owner]
    for name in kind.home.beside:
        if (records := filters.named(name)) is not None:
            return list({home for record in records if record and (home := reads.home_of_id(record))})
    if kind.home.owners == ("person_id",):
        from chalicelib.records.people import PERSON

        return [keys.home_of_owner(person_id) for person_id in reference.every(PERSON)] if everything else []
    return [keys.home_of_owner(project.id) for project in projects] + ([STUDIO] if everything else [])
