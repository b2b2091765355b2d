"""The caller's filters and groups of filters (docs/contract/people.md section 11)."""

from typing import Any, Final

import msgspec

from chalicelib.access import rules
from chalicelib.access import saved_searches as access
from chalicelib.domain.saved_searches import filters, groups, lists
from chalicelib.http.answers import Answer, no_content
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.people import SEARCH_FILTER, SEARCH_FILTER_GROUP
from chalicelib.records.record import plain
from chalicelib.routes.answer_schemas import Lists, Shown


class NewFilter(msgspec.Struct):
    """A filter to be kept; `query` is what the record calls `search_query`."""

    list_type: str
    name: str
    query: str
    project_id: str | None = None
    entity_type: str | None = None
    is_shared: bool | None = None
    search_filter_group_id: str | None = None
    department_id: str | None = None


class Filter(msgspec.Struct):
    """What changes of a filter; without a group it leaves the one it is in."""

    name: str | None = None
    search_query: str | None = None
    search_filter_group_id: str | None = None
    is_shared: bool | None = None
    project_id: str | None = None
    department_id: str | None = None


class NewFilterGroup(msgspec.Struct):
    """A group of filters to be kept."""

    list_type: str
    name: str
    color: str
    project_id: str | None = None
    entity_type: str | None = None
    is_shared: bool | None = None
    department_id: str | None = None


class FilterGroup(msgspec.Struct):
    """What changes of a group of filters."""

    name: str | None = None
    color: str | None = None
    is_shared: bool | None = None
    project_id: str | None = None
    department_id: str | None = None


area = Area("filters", "What people search for again and again.")
_FILTERS: Final = "/data/user/filters"
_GROUPS: Final = "/data/user/filter-groups"


@area.get(_FILTERS, access=rules.person, answer=Lists(SEARCH_FILTER))
def list_filters(call: Call) -> Any:
    """Lists the caller's filters and those shared with them, by list and production."""
    return lists.filters_of(call.caller)


@area.post(_FILTERS, access=rules.person, body=NewFilter, answer=Shown(SEARCH_FILTER), form=True, status=201)
def create_filter(call: Call) -> Any:
    """Keeps a filter; it is shared where the caller manages its production."""
    said = msgspec.structs.asdict(call.body)
    said["search_query"] = said.pop("query")
    return plain(filters.create(call.caller, said))


@area.put(
    f"{_FILTERS}/{{filter_id}}",
    access=access.filter_owner_or_admin,
    body=Filter,
    answer=Shown(SEARCH_FILTER),
    form=True,
)
def change_filter(call: Call) -> Any:
    """Changes a filter; without a group it leaves the one it is in."""
    return plain(filters.change(call.caller, call.subject, msgspec.structs.asdict(call.body)))


@area.delete(f"{_FILTERS}/{{filter_id}}", access=access.filter_owner, status=204)
def delete_filter(call: Call) -> Answer:
    """Takes a filter away."""
    filters.delete(call.subject)
    return no_content()


@area.get(_GROUPS, access=rules.person, answer=Lists(SEARCH_FILTER_GROUP))
def list_filter_groups(call: Call) -> Any:
    """Lists the caller's groups and those shared with them, by list and production, newest first."""
    return lists.groups_of(call.caller)


@area.post(_GROUPS, access=rules.person, body=NewFilterGroup, answer=Shown(SEARCH_FILTER_GROUP), form=True, status=201)
def create_filter_group(call: Call) -> Any:
    """Makes a group of filters; it is shared where the caller manages its production."""
    return plain(groups.create(call.caller, msgspec.structs.asdict(call.body)))


@area.get(f"{_GROUPS}/{{filter_group_id}}", access=access.group_owner, answer=Shown(SEARCH_FILTER_GROUP))
def read_filter_group(call: Call) -> Any:
    """Reads a group of filters of the caller's."""
    return plain(call.subject)


@area.put(
    f"{_GROUPS}/{{filter_group_id}}",
    access=access.group_owner,
    body=FilterGroup,
    answer=Shown(SEARCH_FILTER_GROUP),
    form=True,
)
def change_filter_group(call: Call) -> Any:
    """Changes a group; its filters are shared as it is."""
    return plain(groups.change(call.caller, call.subject, msgspec.structs.asdict(call.body)))


@area.delete(f"{_GROUPS}/{{filter_group_id}}", access=access.group_owner, status=204)
def delete_filter_group(call: Call) -> Answer:
    """Takes a group away, with its filters."""
    groups.delete(call.subject)
    return no_content()
