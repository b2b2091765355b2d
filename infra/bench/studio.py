"""The production that is measured: 1,000 shots with 8 tasks each, 300 assets, 100 people."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.fields import Kind
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT, PROJECT_STATUS, TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import reference
from chalicelib.store.changes import Changes, write

ASSETS, PEOPLE, TASK_TYPES = 300, 100, 8
_CHUNK = 20


@dataclass(frozen=True)
class Measured:
    """What was filled in."""

    project: Record
    shots: Sequence[Record]
    tasks: Sequence[Record]


def fill(shot_count: int) -> Measured:
    """Fills an initialised studio."""
    opened = reference.named(PROJECT_STATUS, "Open")
    kinds = {kind["name"]: kind.id for kind in reference.every(ENTITY_TYPE).values()}
    people = created(PERSON, (_person(number) for number in range(PEOPLE)))
    types = [kind for kind in reference.every(TASK_TYPE).values() if kind["for_entity"] == "Shot"]
    types += created(TASK_TYPE, ({"name": f"Extra {n}", "for_entity": "Shot"} for n in range(TASK_TYPES - len(types))))
    status = next(one for one in reference.every(TASK_STATUS).values() if one["short_name"] == "todo")
    team = [person.id for person in people]
    values = {
        "name": "Bench",
        "project_status_id": opened.id if opened else None,
        "team": team,
        "task_types": [kind.id for kind in types],
    }
    project = created(PROJECT, [values])[0]
    common = {"project_id": project.id, "data": {"frame_in": 1001, "frame_out": 1120, "fps": "24"}}
    sequences = [
        {**common, "name": f"SQ{n:03}", "entity_type_id": kinds["Sequence"], "type": "Sequence"} for n in range(20)
    ]
    parents = created(ENTITY, sequences)
    shots = created(
        ENTITY,
        (
            {
                **common,
                "name": f"SH{n:04}",
                "entity_type_id": kinds["Shot"],
                "type": "Shot",
                "parent_id": parents[n % 20].id,
            }
            for n in range(shot_count)
        ),
    )
    created(
        ENTITY,
        ({**common, "name": f"Prop {n}", "entity_type_id": kinds["Prop"], "type": "Asset"} for n in range(ASSETS)),
    )
    tasks = created(
        TASK,
        (
            {
                "name": "main",
                "project_id": project.id,
                "entity_id": shot.id,
                "task_type_id": kind.id,
                "task_status_id": status.id,
                "assignees": [team[number % PEOPLE]],
                "estimation": 480,
                **(_ended(number) if number % 3 == 0 else {}),
            }
            for number, shot in enumerate(shots)
            for kind in types[:TASK_TYPES]
        ),
    )
    return Measured(project, shots, tasks)


def _ended(number: int) -> dict[str, Any]:
    return {"end_date": f"2026-03-{1 + number % 28:02}T12:00:00", "duration": 480}


def _person(number: int) -> dict[str, Any]:
    return {"first_name": f"Person {number}", "last_name": "Bench", "email": f"p{number}@bench.example", "role": "user"}


def created(kind: Kind, rows: Iterable[dict[str, Any]]) -> list[Record]:
    """The records of these rows, some in each transaction."""
    wanted, made = list(rows), []
    for start in range(0, len(wanted), _CHUNK):
        made += write(_creation(kind, wanted[start : start + _CHUNK]))
    return made


def _creation(kind: Kind, rows: Sequence[dict[str, Any]]) -> Callable[[Changes], list[Record]]:
    return lambda changes: [changes.create(kind, row) for row in rows]
