"""A person's own groups of filters; their filters go with them (docs/contract/people.md section 11).

Group and filters are written in one transaction. Filters beyond what fits it go before, the group last: cut off half
way, the same request goes on.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, TypeVar

from chalicelib.access.caller import Caller
from chalicelib.domain.dependents import protection
from chalicelib.domain.saved_searches.sharing import may_share, named, shared_after
from chalicelib.records.people import DEPARTMENT, SEARCH_FILTER, SEARCH_FILTER_GROUP
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.validation import change_values, creation_values
from chalicelib.store import reference
from chalicelib.store.changes import MOST_ITEMS, Changes, write

T = TypeVar("T")
Each = Callable[[Changes, Record], object]
# A filter is one item; the group, its seal and the stamp of the reference data are some more.
_FILTERS_A_WRITE: Final = MOST_ITEMS - 12


def create(caller: Caller, said: Mapping[str, Any]) -> Record:
    """A new group of the caller's; `said` holds fields of the record, null where nothing was said.

    Raises NotFound for an unknown department or production, Invalid for a malformed value.
    """
    values = {name: value for name, value in said.items() if value is not None} | _places(said)
    values["is_shared"] = bool(said["is_shared"]) and may_share(caller, values.get("project_id"))
    values = {**creation_values(SEARCH_FILTER_GROUP, values), "person_id": caller.id}
    return write(lambda changes: changes.create(SEARCH_FILTER_GROUP, values))


def change(caller: Caller, group: Record, said: Mapping[str, Any]) -> Record:
    """A group with other values; null says nothing. Where its sharing changes, its filters are shared alike.

    Raises what `create` raises.
    """
    values = {name: value for name, value in said.items() if value is not None} | _places(said)
    values = change_values(SEARCH_FILTER_GROUP, values)
    values["is_shared"] = shared_after(caller, group, said["is_shared"], values.get("project_id"))
    alike: dict[str, Any] = {"is_shared": values["is_shared"]}
    if values["is_shared"]:
        alike["project_id"] = values.get("project_id") or group["project_id"]

    def share_alike(changes: Changes, one: Record) -> None:
        if any(one[name] != value for name, value in alike.items()):
            changes.update(one, **alike)

    return _with_filters(group, share_alike, lambda changes, current: changes.update(current, **values))


def delete(group: Record) -> None:
    """Takes a group away, with its filters, and with those that come into it meanwhile."""

    def end(changes: Changes, _: Record) -> None:
        for one in _filters_in(group)[:_FILTERS_A_WRITE]:
            changes.delete(one)

    protection.delete_unnamed(group, lambda _: _filters_beyond(group, Changes.delete), end)


def _places(said: Mapping[str, Any]) -> dict[str, str]:
    """What a group is of; NotFound for what is not there."""
    named_ones = {
        "project_id": named(PROJECT, said["project_id"]),
        "department_id": named(DEPARTMENT, said["department_id"]),
    }
    return {name: place for name, place in named_ones.items() if place is not None}


def _with_filters(group: Record, each: Each, last: Callable[[Changes, Record], T]) -> T:
    """Does something with every filter of a group, then with the group."""
    _filters_beyond(group, each)

    def command(changes: Changes) -> T:
        current = changes.read(SEARCH_FILTER_GROUP, group.id)
        for one in _filters_in(group)[:_FILTERS_A_WRITE]:
            each(changes, one)
        return last(changes, current)

    return write(command)


def _filters_beyond(group: Record, each: Each) -> None:
    """Does something with the filters of a group that do not fit the transaction of the group."""
    beyond = [one.id for one in _filters_in(group)[_FILTERS_A_WRITE:]]
    for start in range(0, len(beyond), _FILTERS_A_WRITE):
        write(partial(_with_those, each=each, filter_ids=beyond[start : start + _FILTERS_A_WRITE]))


def _with_those(changes: Changes, each: Each, filter_ids: list[str]) -> None:
    for filter_id in filter_ids:
        found = reference.find(SEARCH_FILTER, filter_id)
        if found is not None:
            each(changes, found)


def _filters_in(group: Record) -> list[Record]:
    return [one for one in reference.every(SEARCH_FILTER).values() if one["search_filter_group_id"] == group.id]
