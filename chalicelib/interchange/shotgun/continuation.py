"""Imports from ShotGrid by their kinds, those too that a request has no time for (`rows/handover.py`).

Entries are known by their ids there: the queue function begins with the first one again, and passes over what is
written.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from chalicelib.access.caller import Caller
from chalicelib.interchange.rows.handover import Asked, Handover, Slice
from chalicelib.interchange.rows.rehearsed import rows_of
from chalicelib.interchange.shotgun import entities, people, projects, tasks, time_limit, workflow
from chalicelib.interchange.shotgun.time_limit import OutOfTime
from chalicelib.records.record import Record
from chalicelib.settings import current

Take = Callable[[Caller, Any], list[Record]]
_TAKEN_BY: Final[Mapping[str, Take]] = {
    "persons": lambda _, sent: people.persons(sent),
    "projects": lambda _, sent: projects.projects(sent),
    "projectconnections": lambda _, sent: projects.connections(sent),
    "status": lambda _, sent: workflow.statuses(sent),
    "steps": lambda _, sent: workflow.steps(sent),
    "assets": entities.assets,
    "episodes": entities.episodes,
    "sequences": entities.sequences,
    "scenes": entities.scenes,
    "shots": entities.shots,
    "tasks": lambda _, sent: tasks.tasks(sent),
    "notes": lambda _, sent: tasks.notes(sent),
    "versions": lambda _, sent: tasks.versions(sent),
}


def carry_out(caller: Caller, what: str, sent: Any) -> tuple[list[Record], bool]:
    """What was taken, and whether that is all: else the queue function goes on. Raises Invalid for a wrong entry."""
    with time_limit.limited(current().import_seconds) as limit:
        try:
            return _TAKEN_BY[what](caller, sent), True
        except OutOfTime:
            asked = {"what": what, "done": limit.done, "rows": len(sent)}
    HANDOVER.begin(asked, caller, None, msgspec.json.encode(sent))
    return list(limit.taken.values()), False


def preview(caller: Caller, what: str, type_name: str, sent: Any) -> list[dict[str, Any]]:
    """What would become of each entry; nothing is written."""
    return rows_of(type_name, lambda _: _TAKEN_BY[what](caller, sent))


def _opened(caller: Caller, asked: Asked, data: bytes) -> Slice:
    sent = msgspec.json.decode(data)

    def take_some() -> int | None:
        with time_limit.limited(current().import_seconds) as limit:
            try:
                _TAKEN_BY[asked["what"]](caller, sent)
            except OutOfTime:
                # Counted from the first entry on, which this run began with.
                return max(0, limit.done - int(asked["done"]))
        return None

    return take_some


HANDOVER: Final = Handover("shotgun", _opened)
