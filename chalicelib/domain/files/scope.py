"""Collections whose records live in productions: lists stay inside those of the caller, whatever the query names."""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.collection.base import Collection
from chalicelib.domain.collection.listing import Paging, by_last_change, records_of, truth
from chalicelib.records import filters
from chalicelib.records.fields import STUDIO, Kind
from chalicelib.records.record import Record
from chalicelib.store import keys, reads


class OfProductions(Collection):
    """A kind whose lists hold what lies in the productions of the caller."""

    # Whether members of closed productions find what is there in lists.
    open_only = True

    def rows(self, caller: Caller, records: list[Record], relations: bool) -> list[Any]:
        """The answers of the records of a list; a kind that needs other records reads them here, all at once."""
        return [self.show(caller, record, relations) for record in records]

    def list(self, caller: Caller, query: Mapping[str, str]) -> Any:
        """The list, or a page of it (spec/production.md 2.1)."""
        self.may_list(caller)
        wanted = filters.parse(self.kind, query)
        paging = Paging.of(query)
        projects = checks.projects_of(caller, open_only=self.open_only and not caller.is_admin)
        found = records_of(self.kind, wanted, projects, caller.is_admin)
        if not caller.is_admin:
            found = within(self.kind, found, projects)
        seen = list(self.visible(caller, found))
        relations = truth(query, "relations")
        if paging.page is None:
            return self.rows(caller, seen, relations)
        page = paging.cut(by_last_change(seen))
        return {**page, "data": self.rows(caller, page["data"], relations)}


def within(kind: Kind, records: Iterable[Record], projects: Iterable[Record]) -> list[Record]:
    """Those of the records that live in one of the productions.

    A filter on an id leads to wherever that lies; so what was found is looked at, not what was asked.
    """
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
