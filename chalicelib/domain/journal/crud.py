"""The generic CRUD of the journal: its events as plain records (docs/contract/production.md section 11)."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.crud.collection import Collection
from chalicelib.domain.crud.lookup import homes_of
from chalicelib.domain.crud.pagination import Paging, answered, truth
from chalicelib.domain.journal.feed import newest
from chalicelib.errors import Invalid
from chalicelib.records import filters
from chalicelib.records.production import API_EVENT
from chalicelib.records.record import Record
from chalicelib.store import reads

_MOST_RECORDS: Final = 1000


class ApiEvents(Collection):
    """`/data/events/`: the journal as plain records, for admins; at most the newest thousand."""

    kind = API_EVENT

    def list(self, caller: Caller, query: Mapping[str, str]) -> Any:
        """The newest events that pass the filters, or a page of these."""
        self.may_list(caller)
        wanted = filters.parse(self.kind, query)
        paging = Paging.of(query)
        projects = checks.projects_of(caller, open_only=False)
        ids = wanted.named("id")
        found: Iterable[Record] = (
            reads.get_many(self.kind, ids)
            if ids is not None
            else newest(homes_of(self.kind, wanted, projects, everything=True))
        )
        records = list(islice(filter(wanted.holds, found), _MOST_RECORDS))
        relations = truth(query, "relations")
        return answered(records, paging, lambda part: self.rows(caller, [*part], relations))

    def changed_values(self, caller: Caller, record: Record, values: dict[str, Any]) -> dict[str, Any]:
        """It stays where it is tied to."""
        del caller
        if values.get("project_id", record["project_id"]) != record["project_id"]:
            raise Invalid("An event stays with its production.", "project_id", "the production it is tied to")
        return values


COLLECTIONS: Final[tuple[Collection, ...]] = (ApiEvents(),)
