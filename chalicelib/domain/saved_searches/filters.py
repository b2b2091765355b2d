"""A person's own filters (docs/contract/people.md section 11)."""

from collections.abc import Mapping
from typing import Any

from chalicelib.access.caller import Caller
from chalicelib.domain.saved_searches.sharing import may_share, named, shared_after
from chalicelib.errors import Invalid, NotFound
from chalicelib.records.people import DEPARTMENT, SEARCH_FILTER, SEARCH_FILTER_GROUP
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.validation import change_values, creation_values
from chalicelib.store import reference
from chalicelib.store.changes import Changes, write


def create(caller: Caller, said: Mapping[str, Any]) -> Record:
    """A new filter of the caller's; `said` holds fields of the record, null where nothing was said.

    Raises NotFound for an unknown group, department or production, Invalid for a malformed value or where the filter
    is shared and its group is not, or the other way round.
    """
    values = {name: value for name, value in said.items() if value is not None} | _places(said)
    values["is_shared"] = bool(said["is_shared"]) and may_share(caller, values["project_id"])
    values = {**creation_values(SEARCH_FILTER, values), "person_id": caller.id}

    def command(changes: Changes) -> Record:
        _join_group(changes, values)
        return changes.create(SEARCH_FILTER, values)

    return write(command)


def change(caller: Caller, search_filter: Record, said: Mapping[str, Any]) -> Record:
    """A filter with other values; null says nothing, but for the group: without one named the filter leaves its own.

    Raises what `create` raises.
    """
    values = {name: value for name, value in said.items() if value is not None}
    values |= {name: place for name, place in _places(said).items() if place is not None}
    values["search_filter_group_id"] = said["search_filter_group_id"]
    values = change_values(SEARCH_FILTER, values)

    def command(changes: Changes) -> Record:
        current = changes.read(SEARCH_FILTER, search_filter.id)
        is_shared = shared_after(caller, current, said["is_shared"], values.get("project_id"))
        new = changes.update(current, **{**values, "is_shared": is_shared})
        _join_group(changes, new)
        return new

    return write(command)


def delete(search_filter: Record) -> None:
    """Takes a filter away."""
    write(lambda changes: changes.delete(changes.read(SEARCH_FILTER, search_filter.id)))


def _places(said: Mapping[str, Any]) -> dict[str, str | None]:
    """What a filter is in; NotFound for what is not there."""
    return {
        "project_id": named(PROJECT, said["project_id"]),
        "department_id": named(DEPARTMENT, said["department_id"]),
        "search_filter_group_id": named(SEARCH_FILTER_GROUP, said["search_filter_group_id"]),
    }


def _join_group(changes: Changes, search_filter: Mapping[str, Any]) -> None:
    """Makes sure that the filter may be in its group: one of its owner's, or shared with the same production.

    A private group of somebody else is not found. Both are shared, or none is.
    """
    group_id = search_filter.get("search_filter_group_id")
    if not group_id:
        return
    group, is_shared = reference.get(SEARCH_FILTER_GROUP, group_id), search_filter["is_shared"]
    if group["person_id"] != search_filter["person_id"] and not group["is_shared"]:
        raise NotFound(f"There is no group with the id {group_id!r}.", {"search_filter_group_id": group_id})
    if group["is_shared"] != is_shared:
        raise Invalid("A filter and its group are both shared, or none is.", "is_shared", "the same as the group's")
    if is_shared and group["project_id"] != search_filter["project_id"]:
        raise Invalid("This group is shared with another production.", "project_id", "the production of the group")
    changes.require(group)
