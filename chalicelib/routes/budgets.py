"""Budgets of a production and their entries (docs/contract/production.md section 9)."""

from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.access import checks
from chalicelib.access.rules import Asked, Rule, load
from chalicelib.domain.production import budgets
from chalicelib.errors import NotFound
from chalicelib.http.answers import Answer, no_content
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.production import BUDGET, BUDGET_ENTRY, PROJECT
from chalicelib.records.record import Record, part, plain
from chalicelib.routes.answer_schemas import Part, Shown


class NewBudget(msgspec.Struct):
    """A new budget, in dollars (`USD`) unless told otherwise."""

    name: str
    currency: str | None = None


class Budget(msgspec.Struct):
    """What changes of a budget; what is left out or null stays."""

    name: str | None = None
    currency: str | None = None


class NewBudgetEntry(msgspec.Struct):
    """A new entry of a budget: who or what is paid, from when on, for how many months."""

    department_id: str
    start_date: str
    months_duration: int
    daily_salary: float
    person_id: str | None = None
    position: str | None = None
    seniority: str | None = None


class BudgetEntry(msgspec.Struct):
    """What changes of an entry; what is left out stays."""

    department_id: str | UnsetType | None = UNSET
    start_date: str | UnsetType | None = UNSET
    months_duration: int | UnsetType | None = UNSET
    daily_salary: float | UnsetType | None = UNSET
    person_id: str | UnsetType | None = UNSET
    position: str | UnsetType | None = UNSET
    seniority: str | UnsetType | None = UNSET

    def given(self) -> dict[str, Any]:
        """The values that were sent."""
        return {name: value for name, value in msgspec.structs.asdict(self).items() if value is not UNSET}


area = Area("budgets", "What a production may cost.")
_BUDGETS: Final = "/data/projects/{project_id}/budgets"
_BUDGET: Final = f"{_BUDGETS}/{{budget_id}}"
_ENTRIES: Final = f"{_BUDGET}/entries"
_ENTRY: Final = f"{_ENTRIES}/{{entry_id}}"


def _project(call: Asked) -> None:
    call.subject = load(PROJECT, call.params["project_id"], malformed=400)
    checks.manage_project(call.caller, call.subject)


def _budget(call: Asked) -> None:
    _project(call)
    call.subject = _within(call.subject, load(BUDGET, call.params["budget_id"], malformed=400), "project_id")


def _entry(call: Asked) -> None:
    """The subject is the budget and its entry."""
    _budget(call)
    entry = _within(call.subject, load(BUDGET_ENTRY, call.params["entry_id"], malformed=400), "budget_id")
    call.subject = call.subject, entry


def _within(owner: Record, record: Record, field: str) -> Record:
    if record[field] != owner.id:
        raise NotFound(f"This {owner.kind.name} has no {record.kind.name} {record.id!r}.", {"id": record.id})
    return record


_RULE: Final = "manager of the project"
_manager, _manager_of_budget, _manager_of_entry = (Rule(_RULE, check) for check in (_project, _budget, _entry))


@area.get(_BUDGETS, access=_manager, answer=Part(BUDGET, budgets.LISTED))
def list_budgets(call: Call) -> list[dict[str, Any]]:
    """Lists the budgets of a production by revision."""
    return [part(budget, budgets.LISTED) for budget in budgets.of_project(call.subject)]


@area.post(_BUDGETS, access=_manager, body=NewBudget, form=True, answer=Shown(BUDGET))
def create_budget(call: Call) -> Any:
    """Adds a budget: the next revision."""
    return plain(budgets.create(call.subject, call.body.name, call.body.currency))


@area.get(_BUDGET, access=_manager_of_budget, answer=Shown(BUDGET))
def read_budget(call: Call) -> Any:
    """Reads a budget."""
    return plain(call.subject)


@area.put(_BUDGET, access=_manager_of_budget, body=Budget, form=True, answer=Shown(BUDGET))
def change_budget(call: Call) -> Any:
    """Changes the name or the currency of a budget."""
    return plain(budgets.change(call.subject, msgspec.structs.asdict(call.body)))


@area.delete(_BUDGET, access=_manager_of_budget, status=204)
def delete_budget(call: Call) -> Answer:
    """Takes a budget away, with its entries."""
    budgets.delete(call.subject)
    return no_content()


@area.get(_ENTRIES, access=_manager, answer=Part(BUDGET_ENTRY, budgets.LISTED_ENTRY))
def list_budget_entries(call: Call) -> list[dict[str, Any]]:
    """Lists the entries of a budget; an unknown one has none."""
    found = budgets.entries_in(call.subject, call.params["budget_id"])
    return [part(entry, budgets.LISTED_ENTRY) for entry in found]


@area.post(_ENTRIES, access=_manager_of_budget, body=NewBudgetEntry, form=True, answer=Shown(BUDGET_ENTRY))
def create_budget_entry(call: Call) -> Any:
    """Adds an entry to a budget."""
    return plain(budgets.add_entry(call.subject, msgspec.structs.asdict(call.body)))


@area.get(_ENTRY, access=_manager_of_entry, answer=Shown(BUDGET_ENTRY))
def read_budget_entry(call: Call) -> Any:
    """Reads an entry of a budget."""
    return plain(call.subject[1])


@area.put(_ENTRY, access=_manager_of_entry, body=BudgetEntry, form=True, answer=Shown(BUDGET_ENTRY))
def change_budget_entry(call: Call) -> Any:
    """Changes an entry of a budget; what is left out stays."""
    budget, entry = call.subject
    return plain(budgets.change_entry(budget, entry, call.body.given()))


@area.delete(_ENTRY, access=_manager_of_entry, status=204)
def delete_budget_entry(call: Call) -> Answer:
    """Takes an entry of a budget away."""
    budgets.delete_entry(*call.subject)
    return no_content()
