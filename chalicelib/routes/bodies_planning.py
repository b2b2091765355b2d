"""Bodies of the routes that plan a production."""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType


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
