"""The generic CRUD of what the studio sets up for itself (docs/contract/people.md section 7)."""

import uuid
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.crud.collection import Collection, StudioCollection
from chalicelib.domain.people import organisation
from chalicelib.errors import Invalid, StillReferenced
from chalicelib.records.fields import STUDIO as STUDIO_HOME
from chalicelib.records.people import CUSTOM_ACTION, DEPARTMENT, ORGANISATION, PLUGIN, SALARY_SCALE, STUDIO
from chalicelib.records.record import Record, plain
from chalicelib.store import reads, reference
from chalicelib.store.changes import Changes, write

_ROWS_A_WRITE: Final = 50


class Departments(StudioCollection):
    """Departments."""

    kind = DEPARTMENT


class Studios(StudioCollection):
    """Studios: the places a company works at."""

    kind = STUDIO


class Organisations(StudioCollection):
    """The organisation; a second one may be made, the first stays the studio's."""

    kind = ORGANISATION

    def list(self, caller: Caller, query: Mapping[str, str]) -> Any:
        """The list, with the studio's own made where it is missing; what is not shown is no filter either."""
        organisation.record()
        if not caller.is_admin:
            query = {name: text for name, text in query.items() if name not in organisation.CHAT_FIELDS}
        return super().list(caller, query)

    def show(self, caller: Caller, record: Record, relations: bool) -> Any:
        """Without the fields of chat services for all but admins."""
        del relations
        return organisation.seen_by(caller, record)

    def refuse_delete(self, record: Record, force: bool) -> None:
        """The studio's own stays."""
        if record.id == organisation.record().id:
            raise StillReferenced("The studio needs its organisation.", "id", "the id of another one")
        super().refuse_delete(record, force)


class CustomActions(Collection):
    """Custom actions: listed for all but vendors; the single record is an admin's business."""

    kind = CUSTOM_ACTION

    def may_list(self, caller: Caller) -> None:
        """Everybody but vendors."""
        checks.not_vendor(caller)


class Plugins(Collection):
    """Plugins: an admin's business throughout."""

    kind = PLUGIN


Row = tuple[str, str, str]


class SalaryScales(Collection):
    """Salaries by department, position and seniority: the rows are there by themselves, only salaries are set."""

    kind = SALARY_SCALE

    def list(self, caller: Caller, query: Mapping[str, str]) -> Any:
        """All rows, the missing ones made; filters and pages do not count here."""
        del query
        self.may_list(caller)
        found = reads.query(SALARY_SCALE, STUDIO_HOME)
        missing = _missing(found)
        for start in range(0, len(missing), _ROWS_A_WRITE):
            _make(missing[start : start + _ROWS_A_WRITE])
        if missing:
            found = reads.query(SALARY_SCALE, STUDIO_HOME)
        return [plain(row) for row in found]

    def create(self, caller: Caller, body: Mapping[str, Any]) -> Record:
        """Refused always."""
        self.may_create(caller, body)
        raise Invalid("The rows of the salary scale make themselves; change their salaries.")


def _place(row: Mapping[str, Any]) -> Row:
    return row["department_id"], row["position"], row["seniority"]


def _places() -> Iterator[Row]:
    positions = SALARY_SCALE.by_name["position"].choices
    seniorities = SALARY_SCALE.by_name["seniority"].choices
    return product(reference.every(DEPARTMENT), positions, seniorities)


def _missing(found: list[Record]) -> list[Row]:
    there = {_place(row) for row in found}
    return [place for place in _places() if place not in there]


def _make(missing: list[Row]) -> None:
    """Makes rows. Their ids follow from their places, so that of two who look at once only one makes a row."""

    def command(changes: Changes) -> None:
        found = reads.query(SALARY_SCALE, STUDIO_HOME)
        taken = {row.id for row in found}
        still = set(_missing(found))
        for place in missing:
            if place in still:
                department_id, position, seniority = place
                values = {"department_id": department_id, "position": position, "seniority": seniority}
                row_id = str(uuid.uuid5(uuid.UUID(department_id), f"{position}/{seniority}"))
                # A row that was moved to another place keeps the id of its first one.
                changes.create(SALARY_SCALE, values, None if row_id in taken else row_id)

    write(command)
