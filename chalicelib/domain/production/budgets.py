"""Budgets of a production, and the entries they are made of (docs/contract/production.md section 9).

A budget lives in the home of its production, its entries beside it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.domain.commands import Known
from chalicelib.domain.crud import references
from chalicelib.domain.jobs.job import enqueue, job
from chalicelib.errors import NotFound
from chalicelib.events.journal import emit
from chalicelib.records.production import BUDGET, BUDGET_ENTRY
from chalicelib.records.record import Record
from chalicelib.records.validation import change_values, creation_values, value_of
from chalicelib.store import bulk_deletion, homes, keys, reads
from chalicelib.store.changes import Changes, write

# What lists show of a budget and of an entry.
LISTED: Final = ("id", "project_id", "revision", "name", "currency")
LISTED_ENTRY: Final = (
    "id",
    "budget_id",
    "department_id",
    "person_id",
    "start_date",
    "months_duration",
    "daily_salary",
    "position",
    "seniority",
)
_CURRENCY: Final = "USD"
# The rest of the transaction is the budget and its event.
_ENTRIES_A_WRITE: Final = 90


def of_project(project: Record) -> list[Record]:
    """The budgets of a production by revision: one query."""
    return sorted(reads.query(BUDGET, keys.home_of_owner(project.id)), key=lambda budget: budget["revision"])


def create(project: Record, name: str, currency: str | None) -> Record:
    """A new budget: the next revision of the production's budgets. Raises Invalid for a text that is too long."""
    values = creation_values(BUDGET, {"name": name, "currency": currency or _CURRENCY})
    key = keys.claim(keys.home_of_owner(project.id), BUDGET, "revision")

    def command(changes: Changes) -> Record:
        # Before the look at the others: of two who count the same, the second has to begin again.
        seen = reads.claimant(key)
        revision = 1 + max((budget["revision"] for budget in of_project(project)), default=0)
        budget = changes.create(BUDGET, {**values, "project_id": project.id, "revision": revision})
        changes.claim(key, budget.id, seen)
        _tell(changes, budget, "create")
        return budget

    return write(command)


def change(budget: Record, given: Mapping[str, Any]) -> Record:
    """A budget with another name or currency; what is None stays. Raises Invalid for a text that is too long."""
    values = change_values(BUDGET, {name: value for name, value in given.items() if value is not None})
    known = Known(budget)

    def command(changes: Changes) -> Record:
        changed = changes.update(known.read(changes), **values)
        _tell(changes, changed, "update")
        return changed

    return write(command)


def delete(budget: Record) -> None:
    """Takes a budget away with its entries: in its transaction as many as fit, the rest after it.

    What somebody adds at this very moment is looked for once more: on a budget that is gone nothing can be made.
    """
    known = Known(budget)

    def command(changes: Changes) -> None:
        current = known.read(changes)
        changes.delete(current)
        for entry in entries_of(current)[:_ENTRIES_A_WRITE]:
            changes.delete(entry)
        _tell(changes, current, "delete")
        enqueue(changes, clear_entries, home=homes.of(BUDGET, current), budget_id=current.id)

    write(command)


def entries_in(project: Record, budget_id: str) -> Sequence[Record]:
    """The entries of the budget with this id, none for an unknown one.

    Raises Invalid for what is no id, NotFound for a budget of another production.
    """
    budget = reads.find(BUDGET, value_of(BUDGET_ENTRY.by_name["budget_id"], budget_id))
    if budget is None:
        return []
    if budget["project_id"] != project.id:
        raise NotFound(f"This production has no budget {budget_id!r}.", {"id": budget_id})
    return entries_of(budget)


def entries_of(budget: Record) -> list[Record]:
    """The entries of a budget, the first made first: one query."""
    found = _entries_at(homes.of(BUDGET, budget), budget.id)
    return sorted(found, key=lambda entry: (entry["created_at"], entry.id))


def add_entry(budget: Record, given: Mapping[str, Any]) -> Record:
    """A new entry of a budget.

    given: what it holds (section 14). Raises Invalid for a missing or wrong value, an unknown department or person;
    NotFound where the budget is gone.
    """
    values = references.resolve(BUDGET_ENTRY, creation_values(BUDGET_ENTRY, {**given, "budget_id": budget.id}))

    def command(changes: Changes) -> Record:
        changes.require(budget, NotFound(f"There is no Budget with the id {budget.id!r}.", {"id": budget.id}))
        entry = changes.create(BUDGET_ENTRY, values)
        _tell_entry(changes, budget, entry, "create")
        return entry

    return write(command)


def change_entry(budget: Record, entry: Record, given: Mapping[str, Any]) -> Record:
    """An entry with other values; what is not given stays. Raises Invalid for a wrong value, an unknown department."""
    values = references.resolve(BUDGET_ENTRY, change_values(BUDGET_ENTRY, given))
    known = Known(entry)

    def command(changes: Changes) -> Record:
        changed = changes.update(known.read(changes), **values)
        _tell_entry(changes, budget, changed, "update")
        return changed

    return write(command)


def delete_entry(budget: Record, entry: Record) -> None:
    """Takes an entry away."""
    known = Known(entry)

    def command(changes: Changes) -> None:
        current = known.read(changes)
        changes.delete(current)
        _tell_entry(changes, budget, current, "delete")

    write(command)


def _entries_at(home: str, budget_id: str) -> list[Record]:
    return reads.query(BUDGET_ENTRY, home, "budget_id", ("=", budget_id))


@job("clear budget entries")
def clear_entries(home: str, budget_id: str) -> None:
    """Takes away the entries of a budget that is gone."""
    bulk_deletion.remove(_entries_at(home, budget_id))


def _tell(changes: Changes, budget: Record, verb: str) -> None:
    emit(changes, f"budget:{verb}", budget["project_id"], budget_id=budget.id)


def _tell_entry(changes: Changes, budget: Record, entry: Record, verb: str) -> None:
    payload = {"budget_id": budget.id, "budget_entry_id": entry.id}
    emit(changes, f"budget-entry:{verb}", budget["project_id"], **payload)
