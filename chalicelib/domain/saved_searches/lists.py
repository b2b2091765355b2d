"""The filters and groups of filters that a caller is shown, by list and production.

Source: docs/contract/people.md section 11.
"""

from collections.abc import Iterator
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.records.fields import Kind
from chalicelib.records.people import SEARCH_FILTER, SEARCH_FILTER_GROUP
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record, plain
from chalicelib.store import reference

Lists = dict[str, dict[str, list[Any]]]
_EVERYWHERE: Final = "all"


def filters_of(caller: Caller) -> Lists:
    """`{list_type: {project_id or "all": [filters]}}`: one's own, and those shared in one's productions."""
    lists: Lists = {}
    for found in _reachable(caller, SEARCH_FILTER):
        if _for_departments_of(caller, found):
            _put(lists, found)
    return lists


def groups_of(caller: Caller) -> Lists:
    """The same of groups, newest first; the key of a list is there even where all of it is hidden."""
    lists: Lists = {}
    for found in sorted(_reachable(caller, SEARCH_FILTER_GROUP), key=lambda one: str(one["created_at"]), reverse=True):
        lists.setdefault(found["list_type"], {})
        if _for_departments_of(caller, found):
            _put(lists, found)
    return lists


def _reachable(caller: Caller, kind: Kind) -> Iterator[Record]:
    """One's own and shared ones; those of closed productions are out of sight."""
    teams = {project.id for project in checks.projects_of(caller)}
    for found in reference.every(kind).values():
        project_id = found["project_id"]
        mine = found["person_id"] == caller.id and (project_id is None or _is_open(project_id))
        if mine or (found["is_shared"] and project_id in teams):
            yield found


def _is_open(project_id: str) -> bool:
    project = reference.find(PROJECT, project_id)
    return project is not None and checks.is_open(project)


def _for_departments_of(caller: Caller, found: Record) -> bool:
    """What is of a department is for its members and for managers, even where it is one's own."""
    return caller.is_manager or found["department_id"] is None or found["department_id"] in caller.departments


def _put(lists: Lists, found: Record) -> None:
    by_project = lists.setdefault(found["list_type"], {})
    by_project.setdefault(found["project_id"] or _EVERYWHERE, []).append(plain(found))
