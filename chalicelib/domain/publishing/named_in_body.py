"""What the bodies of publishes name: types, softwares, people, revisions (docs/contract/files.md 3.3, 4, 5.1)."""

from typing import Final

from chalicelib.errors import Invalid, NotFound
from chalicelib.records.fields import Kind
from chalicelib.records.files import FILE_STATUS, OUTPUT_TYPE, SOFTWARE
from chalicelib.records.people import PERSON
from chalicelib.records.production import TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.store import reference

_HIGHEST: Final = 2**31 - 1


def software_named(software_id: str) -> Record:
    """The software; NotFound for an unknown one."""
    return _known(SOFTWARE, "software_id", software_id)


def task_type_named(task_type_id: str) -> Record:
    """The task type; NotFound for an unknown one."""
    return _known(TASK_TYPE, "task_type_id", task_type_id)


def output_type_named(output_type_id: str) -> Record:
    """The output type; NotFound for an unknown one."""
    return _known(OUTPUT_TYPE, "output_type_id", output_type_id)


def person_named(person_id: str) -> Record:
    """The person; Invalid for an unknown one."""
    return _right(PERSON, "person_id", person_id)


def file_status_named(file_status_id: str) -> Record:
    """The file status; Invalid for an unknown one."""
    return _right(FILE_STATUS, "file_status_id", file_status_id)


def output_type_of_new(output_type_id: str) -> Record:
    """The output type of a new output file; Invalid for an unknown one, as the contract has it there alone."""
    return _right(OUTPUT_TYPE, "output_type_id", output_type_id)


def whole_revision(revision: int) -> int:
    """A revision as it is asked for; Invalid for one that no file can have."""
    if not 0 <= revision <= _HIGHEST:
        raise Invalid("A revision is a number from 1 on.", "revision", f"a whole number from 0 to {_HIGHEST}")
    return revision


def _known(kind: Kind, field: str, record_id: str) -> Record:
    found = reference.find(kind, record_id)
    if found is None:
        raise NotFound(f"There is no {kind.name} with the id {record_id!r}.", {field: record_id})
    return found


def _right(kind: Kind, field: str, record_id: str) -> Record:
    found = reference.find(kind, record_id)
    if found is None:
        raise Invalid(f"There is no {kind.name} with the id {record_id!r}.", field, f"the id of a {kind.name}")
    return found
