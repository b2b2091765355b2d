"""Who may share a saved search, and what one may name (docs/contract/people.md section 11)."""

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.errors import Forbidden
from chalicelib.records.fields import Kind
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.store import reference


def named(kind: Kind, record_id: str | None) -> str | None:
    """The id of the record that a body names, None where it names none; NotFound for an unknown or malformed one."""
    return reference.get(kind, record_id).id if record_id else None


def may_share(caller: Caller, project_id: str | None) -> bool:
    """Whether somebody may share with a production: its managers. There is no sharing with none."""
    project = reference.find(PROJECT, project_id)
    if project is None:
        return False
    try:
        checks.manage_project(caller, project)
    except Forbidden:
        return False
    return True


def shared_after(caller: Caller, current: Record, wish: bool | None, project_id: str | None) -> bool:
    """Whether a filter or a group is shared once it is changed; `wish` and `project_id` are what the body says.

    A wish for a change holds for managers of the production that the body names, else it is dropped without a word.
    What goes to another production stays shared only where the caller may share with that one.
    """
    if wish is not None and wish != current["is_shared"]:
        return wish and may_share(caller, project_id)
    moves = project_id is not None and project_id != current["project_id"]
    return bool(current["is_shared"]) and (not moves or may_share(caller, project_id))
