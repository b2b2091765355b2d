"""What becomes of the rows of a file: each is planned, then either told of or carried out."""

from dataclasses import dataclass
from typing import Any, Literal

from chalicelib.errors import Invalid, VulpesError

Action = Literal["create", "update", "unchanged", "skip", "refuse"]


@dataclass(slots=True)
class Planned:
    """What becomes of a row, of which `type` and `name` tell what it is about; `column` is the one that is wrong.

    `length` is about how many characters the row has.
    """

    line_number: int
    action: Action
    type: str
    name: str
    message: str = ""
    column: str | None = None
    length: int = 0

    def shown(self) -> dict[str, Any]:
        """The answer of a dry run for the row."""
        return {
            "line_number": self.line_number,
            "action": self.action,
            "type": self.type,
            "name": self.name,
            "message": self.message,
            "column": self.column,
        }


def refused(line_number: int, type_name: str, name: str, problem: VulpesError) -> Planned:
    """A row that is wrong."""
    return Planned(line_number, "refuse", type_name, name, problem.message, column_of(problem))


def of_row(problem: VulpesError, line_number: int) -> Invalid:
    """What is said of a file that has a wrong row: its number and its column are told besides."""
    told = f"Row {line_number}: {problem.message}"
    return Invalid(told, data=problem.data, line_number=line_number, column=column_of(problem))


def column_of(problem: VulpesError) -> str | None:
    """The column, or the field, that a refusal names."""
    return problem.data.get("field") if isinstance(problem.data, dict) else None
