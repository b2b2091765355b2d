"""Who a text mentions: `@` and the full name of somebody in the team, or the name of a department.

A blank or the end of the text follows; names are matched as they are written (docs/contract/tasks.md 6.5).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.records.people import DEPARTMENT, PERSON
from chalicelib.records.record import Record
from chalicelib.store import reference


@dataclass(frozen=True)
class Mentions:
    """What a text mentions, as ids: `persons` by their names, `departments`, `members` of these in the team."""

    persons: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    members: tuple[str, ...] = ()

    @property
    def everybody(self) -> list[str]:
        """All who are meant, each once."""
        return list(dict.fromkeys([*self.persons, *self.members]))

    def fields(self) -> dict[str, list[str]]:
        """What a comment or a reply keeps."""
        return {"mentions": list(self.persons), "department_mentions": list(self.departments)}


def find(text: str | None, project: Record) -> Mentions:
    """The mentions in a text about a task of a production."""
    if not text or "@" not in text:
        return Mentions()
    team = [person for person_id in project["team"] if (person := reference.find(PERSON, person_id)) is not None]
    departments = _named(text, reference.every(DEPARTMENT).values(), "name")
    meant = set(departments)
    return Mentions(
        _named(text, team, "full_name"),
        departments,
        tuple(person.id for person in team if meant.intersection(person["departments"])),
    )


def _named(text: str, records: Iterable[Record], field: str) -> tuple[str, ...]:
    return tuple(record.id for record in records if _names(text, f"@{record[field]}"))


def _names(text: str, mark: str) -> bool:
    start = text.find(mark)
    while start >= 0:
        rest = text[start + len(mark) :]
        if not rest or rest[0].isspace():
            return True
        start = text.find(mark, start + 1)
    return False
