"""Productions of ShotGrid and who is in their teams (docs/contract/interchange.md section 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.file_trees.shipped import TREES
from chalicelib.interchange.shotgun import entries, named
from chalicelib.interchange.shotgun.entries import Entry
from chalicelib.interchange.shotgun.known import Known
from chalicelib.interchange.shotgun.writing import Plan, Writer
from chalicelib.records.fields import STUDIO
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT, PROJECT_STATUS
from chalicelib.records.record import Record
from chalicelib.store import reference

_OWN_PREFIX: Final = "sg_"
_NOT_DATA: Final = frozenset(("sg_status",))


@dataclass(frozen=True)
class _Wanted:
    entry: Entry
    number: int
    values: dict[str, Any]
    status: str


def data_of(entry: Entry, known: Mapping[str, Any] | None, left_out: frozenset[str]) -> dict[str, Any]:
    """The data of a record with the `sg_` keys of an entry that are not null; what they were before is gone."""
    told = {name: value for name, value in entry.given.items() if name.startswith(_OWN_PREFIX) and name not in left_out}
    kept = {name: value for name, value in ((known or {}).get("data") or {}).items() if name not in told}
    return {**kept, **{name: value for name, value in told.items() if value is not None}}


def projects(sent: Any) -> list[Record]:
    """Productions, found by their ids, else by their names where these have none; new ones get a file tree."""
    wanted = entries.read(sent, _project)
    statuses = {one.status: named.project_status(one.status).id for one in wanted}
    known = Known(PROJECT, STUDIO, (one.number for one in wanted))

    def plan(one: _Wanted) -> Plan:
        found = known.find(one.number)
        same = reference.named(PROJECT, one.values["name"])
        if found is None and same is not None and same["shotgun_id"] is None:
            found = same
        values = {"project_status_id": statuses[one.status], "data": data_of(one.entry, found, _NOT_DATA)}
        tree = {} if found is not None else {"file_tree": TREES["default"]}
        return Plan(found, {**one.values, **values, **tree})

    return Writer(PROJECT, STUDIO, known.look, plan, known.note, at_once=1).write(wanted)


def _project(entry: Entry) -> _Wanted | None:
    number, name = entry.number, entry.value("name", PROJECT.by_name["name"])
    status = entry.value("sg_status", PROJECT_STATUS.by_name["name"])
    if number is None or not name or not status:
        return None
    return _Wanted(entry, number, {"name": name, "shotgun_id": number}, status)


# -- who is in their teams ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Connection:
    entry: Entry
    number: int
    project: int
    person: int


def connections(sent: Any) -> list[Record]:
    """Puts persons into the teams of productions; the answer is these productions."""
    wanted = entries.read(sent, _connection)
    known = Known(PROJECT, STUDIO, (one.project for one in wanted))
    people = Known(PERSON, STUDIO, (one.person for one in wanted))

    def look() -> None:
        known.look()
        people.look()

    def plan(one: _Connection) -> Plan | None:
        project, person = known.find(one.project), people.find(one.person)
        if project is None or person is None:
            return None
        team = project["team"] if person.id in project["team"] else [*project["team"], person.id]
        others = [other for other in project.get("shotgun_connections") or () if other["id"] != one.number]
        return Plan(
            project, {"team": team, "shotgun_connections": [*others, {"id": one.number, "person_id": person.id}]}
        )

    return Writer(PROJECT, STUDIO, look, plan, known.note).write(wanted)


def _connection(entry: Entry) -> _Connection | None:
    number, project, person = entry.number, entry.number_at("project.id"), entry.number_at("user.id")
    if number is None or project is None or person is None:
        return None
    return _Connection(entry, number, project, person)
