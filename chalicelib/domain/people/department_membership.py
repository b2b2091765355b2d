"""Who belongs to which department (docs/contract/people.md section 5)."""

from collections.abc import Callable

from chalicelib.errors import Invalid
from chalicelib.events.journal import emit_for
from chalicelib.records.people import DEPARTMENT, PERSON
from chalicelib.records.record import Record
from chalicelib.store import reference
from chalicelib.store.changes import Changes, write


def join(person: Record, department_id: str) -> Record:
    """The person as a member of a department; Invalid for an unknown one."""
    department = _known(department_id)
    return _move(person, lambda ids: ids if department.id in ids else [*ids, department.id])


def leave(person: Record, department_id: str) -> Record:
    """The person without a department, whether they were in it or not; Invalid for an unknown one."""
    department = _known(department_id)
    return _move(person, lambda ids: [one for one in ids if one != department.id])


def _known(department_id: str) -> Record:
    found = reference.find(DEPARTMENT, department_id)
    if found is None:
        raise Invalid("There is no such department.", "department_id", "the id of a department")
    return found


def _move(person: Record, change: Callable[[list[str]], list[str]]) -> Record:
    def command(changes: Changes) -> Record:
        old = changes.read(PERSON, person.id)
        departments = change(old["departments"])
        if departments == old["departments"]:
            return old
        new = changes.update(old, departments=departments)
        emit_for(changes, new, "update")
        return new

    return write(command)
