"""The time noted in open productions as a table (docs/contract/interchange.md 1.1)."""

import datetime
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.entities import names
from chalicelib.domain.entities.kinds import SHOT
from chalicelib.domain.tasks.quotas import zone_of
from chalicelib.interchange.csv_writing import Rows
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.people import PERSON
from chalicelib.records.production import TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK, TIME_SPENT
from chalicelib.store import keys, partitions, reads, reference

_HEADS: Final = ("Project", "Person", "Entity Type Name", "Entity", "Task Type", "Date", "Time spent")
_LOOKS: Final = 3
Records = Mapping[str, Record]


def table(caller: Caller) -> Rows:
    """The time in the caller's open productions; by date, last name, production, entity type and entity.

    Three queries a production, side by side.
    """
    projects = checks.projects_of(caller)
    looks: list[Callable[[], Any]] = []
    for project in projects:
        home = keys.home_of_owner(project.id)
        looks.append(partial(reads.query, TIME_SPENT, home))
        looks += [partial(partitions.held, kind, home) for kind in (TASK, ENTITY)]
    found = reads.parallel(looks)
    entries = [
        entry
        for number, project in enumerate(projects)
        for entry in _of_production(project, *found[number * _LOOKS : (number + 1) * _LOOKS])
    ]
    entries.sort(key=lambda entry: entry[0])
    return [list(_HEADS), *(row for _, row in entries)]


def file_name(caller: Caller) -> str:
    """The slug of the file: the day where the caller is stands in front."""
    utc = datetime.datetime.fromisoformat(clock.now()[: clock.SECONDS]).replace(tzinfo=datetime.UTC)
    return f"{utc.astimezone(zone_of(caller)):%Y_%m_%d}_open_projects_time_spents_export"


def _of_production(
    project: Record, noted: list[Record], tasks: partitions.Held, entities: partitions.Held
) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """Rows with what they are sorted by."""
    for entry in noted:
        task = tasks.records.get(entry["task_id"])
        entity = entities.records.get(task["entity_id"]) if task else None
        if task is None or entity is None:
            continue
        person, task_type = reference.find(PERSON, entry["person_id"]), reference.find(TASK_TYPE, task["task_type_id"])
        entity_type = reference.find(ENTITY_TYPE, entity["entity_type_id"])
        type_name = entity_type["name"] if entity_type else ""
        name = names.full_name(entity, entities.records) if SHOT.is_of(entity) else entity["name"]
        row = [
            project["name"],
            person["full_name"] if person else "",
            type_name,
            name,
            task_type["name"] if task_type else "",
            entry["date"],
            float(entry["duration"]),
        ]
        last_name = person["last_name"] if person else ""
        yield (entry["date"], last_name, project["name"], type_name, name, entry["created_at"], entry.id), row
