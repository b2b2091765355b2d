"""People out of a table (docs/contract/interchange.md 2.1)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.domain.people.crud.persons import People
from chalicelib.errors import Forbidden, Invalid, NotFound
from chalicelib.interchange.rows.cells import Cells, told
from chalicelib.interchange.rows.planned import Planned, of_row, refused
from chalicelib.interchange.rows.table import Table
from chalicelib.records import names
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.store import reference

_FIELDS: Final = PERSON.by_name
_LABELS: Final = {
    "artist": "user",
    "studio manager": "admin",
    "production manager": "manager",
    "supervisor": "supervisor",
    "client": "client",
    "vendor": "vendor",
}
_ROLES: Final = {**{role: role for role in _FIELDS["role"].choices}, **_LABELS}
_CONTRACTS: Final = {contract: contract for contract in _FIELDS["contract_type"].choices}
_Key = tuple[str, ...]


@dataclass(slots=True)
class _Person:
    """A person as the rows so far leave them."""

    values: Mapping[str, Any]
    record: Record | None = None


@dataclass(slots=True)
class PlannedPerson(Planned):
    """What becomes of a person: `given` is what the row sets."""

    person: _Person = field(default_factory=lambda: _Person({}))
    given: Mapping[str, Any] = field(default_factory=dict)


class PersonImport:
    """The rows of a file of people. Each is a transaction, as each may take one of the places of the studio."""

    def __init__(self, caller: Caller, table: Table, update: bool) -> None:
        table.require("First Name", "Last Name", "Email")
        self._caller = caller
        self._table = table
        self._update = update
        self._known = {_key(one): _Person(one, one) for one in reference.every(PERSON).values() if not one["is_bot"]}

    def preview(self) -> list[dict[str, Any]]:
        """What would become of each row; nothing is written."""
        planned = []
        for row in self._table.rows:
            cells = Cells(self._table, row)
            try:
                planned.append(self._plan(cells).shown())
            except Invalid as problem:
                planned.append(refused(row.line_number, PERSON.name, cells["Email"], problem).shown())
        return planned

    def carry_out(self) -> list[Record]:
        """The person of each row; a wrong row raises Invalid, those before it stay."""
        return [self._carried_out(Cells(self._table, row)) for row in self._table.rows]

    def _plan(self, cells: Cells) -> PlannedPerson:
        given = {name: value for name, read in _COLUMNS.items() if (value := read(cells)) is not None}
        known = self._known.get(_key(given))
        if known is None:
            if not given.get("email"):
                raise Invalid("Email is empty.", "Email", "the address of a person")
            person = self._known[_key(given)] = _Person(given)
            return self._planned(cells, "create", person, given)
        if not self._update:
            return self._planned(cells, "skip", known, {}, "This person is there already.")
        changed = {name: value for name, value in given.items() if told(known.values.get(name)) != told(value)}
        known.values = {**known.values, **changed}
        return self._planned(cells, "update" if changed else "unchanged", known, changed)

    def _planned(self, cells: Cells, action: Any, person: _Person, given: Any, message: str = "") -> PlannedPerson:
        name = cells["Email"] or f"{cells['First Name']} {cells['Last Name']}"
        return PlannedPerson(cells.line_number, action, PERSON.name, name, message, person=person, given=given)

    def _carried_out(self, cells: Cells) -> Record:
        try:
            planned = self._plan(cells)
            person, people = planned.person, People()
            if person.record is None:
                person.record = people.create(self._caller, planned.given)
            elif planned.given:
                person.record = people.change(self._caller, person.record, planned.given)
        except (Invalid, Forbidden, NotFound) as problem:
            raise of_row(problem, cells.line_number) from None
        return person.record


def _key(values: Mapping[str, Any]) -> _Key:
    """Who a row is about: whoever has the address; without any, whoever has the name and no address either."""
    email = values.get("email")
    if email:
        return (names.address(email),)
    return ("", names.normal(values["first_name"]), names.normal(values["last_name"]))


def _email(cells: Cells) -> str | None:
    return cells.value("Email", _FIELDS["email"]) if cells["Email"].strip() else None


def _phone(cells: Cells) -> str | None:
    return cells.value("Phone", _FIELDS["phone"]) if cells["Phone"] else None


def _role(cells: Cells) -> str | None:
    return cells.choice("Role", _ROLES) if cells["Role"] else None


def _contract(cells: Cells) -> str | None:
    return cells.choice("Contract Type", _CONTRACTS) if cells["Contract Type"] else None


def _active(cells: Cells) -> bool | None:
    return cells.flag("Active") if cells["Active"] else None


# What a row sets by what reads it; None leaves it alone, or as new people have it.
_COLUMNS: Final[Mapping[str, Callable[[Cells], Any]]] = {
    "first_name": lambda cells: cells.value("First Name", _FIELDS["first_name"]),
    "last_name": lambda cells: cells.value("Last Name", _FIELDS["last_name"]),
    "email": _email,
    "phone": _phone,
    "role": _role,
    "contract_type": _contract,
    "active": _active,
}
