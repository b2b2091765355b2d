"""Quotas: how many shots, frames, seconds and drawings were made by day, week, month and year.

Source: docs/contract/tasks.md 10.
"""

import datetime
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from chalicelib.access.caller import Caller
from chalicelib.domain.entities import lookup
from chalicelib.domain.entities.kinds import SHOT
from chalicelib.errors import Invalid
from chalicelib.records import clock, measures
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK, TIME_SPENT
from chalicelib.settings import current
from chalicelib.store import keys, partitions, reads, reference

Shots = Mapping[str, Record]
_TOTAL: Final = "total"
_AMOUNTS: Final = ("frames", "seconds", "drawings", "count")
# A task without hours is spread over the days from its start; longer ones than this are a typing error in a year.
_MOST_DAYS: Final = 3660


class CountMode(NamedTuple):
    """What counts: the field with the date of a task, and whether shots are spread over the days worked."""

    field: str
    weighted: bool


_MODES: Final = {
    "weighted": CountMode("end_date", weighted=True),
    "weighteddone": CountMode("done_date", weighted=True),
    "feedback": CountMode("end_date", weighted=False),
    "done": CountMode("done_date", weighted=False),
}


def count_mode(query: Mapping[str, str]) -> CountMode:
    """The `count_mode` of a query, `weighted` without one; Invalid for any other word."""
    asked = query.get("count_mode") or "weighted"
    if asked not in _MODES:
        raise Invalid(f"count_mode: {asked!r} is none.", "count_mode", ", ".join(_MODES))
    return _MODES[asked]


def zone_of(caller: Caller) -> zoneinfo.ZoneInfo:
    """The timezone of a caller; that of the installation where theirs is not known here."""
    try:
        return zoneinfo.ZoneInfo(caller.person["timezone"] or current().default_timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return zoneinfo.ZoneInfo(current().default_timezone)


def business_days(start: datetime.datetime, end: datetime.datetime) -> int:
    """The weekdays in (start, end], in whole days from the start, and one."""
    weeks, rest = divmod(max((end - start).days, 0), 7)
    return weeks * 5 + sum((start.weekday() + ahead) % 7 < 5 for ahead in range(1, rest + 1)) + 1


def moment(text: str) -> datetime.datetime:
    """A kept moment, to the second, or a day at midnight."""
    return datetime.datetime.fromisoformat(text[: clock.SECONDS])


class Count:
    """The pieces of work added up, by key, in the timezone of the caller."""

    def __init__(self, caller: Caller, project: Record) -> None:
        self._zone = zone_of(caller)
        self._fps = measures.frames_per_second(project["fps"])
        self._cells: dict[str, dict[str, Any]] = {}

    def add(self, key: str, when: datetime.datetime, frames: float, drawings: float) -> None:
        """Adds a piece under a key and to the total. `when` is UTC."""
        try:
            local = when.replace(tzinfo=datetime.UTC).astimezone(self._zone)
        except OverflowError:
            local = when
        year, month, day = f"{local.year:04}", f"{local:%m}", f"{local:%d}"
        units = {
            "day": (f"{year}-{month}-{day}", f"{year}-{month}"),
            "week": (f"{year}-{when.isocalendar().week}", year),
            "month": (f"{year}-{month}", year),
            "year": (year, None),
        }
        piece = dict(zip(_AMOUNTS, (frames, frames / self._fps, drawings, 1), strict=True))
        for one in (key, _TOTAL):
            cell = self._cells.setdefault(one, {})
            for unit, (span, wider) in units.items():
                _add(cell.setdefault(unit, {}), span, wider, piece)

    def answer(self) -> dict[str, dict[str, Any]]:
        """`{key: {unit: {frames, seconds, drawings, count, entries}}}` with the `total`; empty where nothing counts."""
        return self._cells


def _add(unit: dict[str, dict[str, Any]], span: str, wider: str | None, piece: Mapping[str, float]) -> None:
    new = span not in unit.get("count", ())
    for name, amount in piece.items():
        amounts = unit.setdefault(name, {})
        amounts[span] = amounts.get(span, 0) + amount
    if new and wider is not None:
        entries = unit.setdefault("entries", {})
        entries[wider] = entries.get(wider, 0) + 1


def of_task_type(
    caller: Caller, project: Record, task_type_id: str, query: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """The quotas of the people of a production on tasks of a type, by person: three queries, all of it held.

    query: `count_mode`, `studio_id` (tasks with an assignee there). Raises Invalid for what is none of these.
    """
    mode = count_mode(query)
    shots = _shots_of(project)
    held = partitions.held(TASK, keys.home_of_owner(project.id)).records.values()
    tasks = _counted((task for task in held if task["task_type_id"] == task_type_id), mode, shots, query)
    count = Count(caller, project)
    if mode.weighted:
        noted = partitions.held(TIME_SPENT, keys.home_of_owner(project.id)).records.values()
        _add_hours(count, tasks, shots, noted, key="person_id")
        with_hours = {entry["task_id"] for entry in noted}
        for task in tasks:
            if task.id not in with_hours and task["real_start_date"]:
                _add_days(count, task, shots, mode)
    else:
        for task in tasks:
            for person_id in task["assignees"]:
                _add_whole(count, person_id, task, shots, mode)
    return count.answer()


def of_person(caller: Caller, project: Record, person: Record, query: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The quotas of a person in a production, by task type: two queries, a read a hundred tasks.

    query: as for `of_task_type`.
    """
    mode = count_mode(query)
    shots = _shots_of(project)
    count = Count(caller, project)
    if mode.weighted:
        home = keys.home_of_owner(project.id)
        noted = reads.query(TIME_SPENT, home, "person_id", ("^", f"{person.id}#"))
        tasks = reads.get_many(TASK, (entry["task_id"] for entry in noted))
        _add_hours(count, _counted(tasks, mode, shots, query), shots, noted, key="task_type_id")
    else:
        edges = reads.edges(TASK, "assignees", person.id)
        tasks = reads.get_many(TASK, (edge["id"] for edge in edges if edge["project_id"] == project.id))
        for task in _counted(tasks, mode, shots, query):
            _add_whole(count, task["task_type_id"], task, shots, mode)
    return count.answer()


def _shots_of(project: Record) -> Shots:
    records = lookup.of_production(project.id).records
    return {shot.id: shot for shot in records.values() if SHOT.is_of(shot)}


def _counted(tasks: Iterable[Record], mode: CountMode, shots: Shots, query: Mapping[str, str]) -> Sequence[Record]:
    """The tasks on shots that have the date, with an assignee in the studio that a query names."""
    studio_id = query.get("studio_id")
    if studio_id and not keys.is_id(studio_id):
        raise Invalid(f"studio_id: {studio_id!r} is not an id.", "studio_id", "an id")
    found = [task for task in tasks if task[mode.field] and task["entity_id"] in shots]
    if not studio_id:
        return found
    theirs = {one.id for one in reference.every(PERSON).values() if one["studio_id"] == studio_id.lower()}
    return [task for task in found if not theirs.isdisjoint(task["assignees"])]


def _add_whole(count: Count, key: str, task: Record, shots: Shots, mode: CountMode) -> None:
    frames = shots[task["entity_id"]]["nb_frames"] or 0
    count.add(key, moment(task[mode.field]), frames, task["nb_drawings"] or 0)


def _add_hours(count: Count, tasks: Iterable[Record], shots: Shots, noted: Iterable[Record], key: str) -> None:
    """A piece a time spent: its share of the shot on its day. key: the field of the time, else of the task."""
    by_id = {task.id: task for task in tasks if task["duration"]}
    for entry in noted:
        task = by_id.get(entry["task_id"])
        if task is None:
            continue
        share = entry["duration"] / task["duration"]
        frames = round((shots[task["entity_id"]]["nb_frames"] or 0) * share)
        drawings = round((task["nb_drawings"] or 0) * share)
        count.add(entry.get(key) or task[key], moment(entry["date"]), frames, drawings)


def _add_days(count: Count, task: Record, shots: Shots, mode: CountMode) -> None:
    """A task without hours: the same for each weekday of as many days as it took, from its date on."""
    start, date = moment(task["real_start_date"]), moment(task[mode.field])
    frames = round((shots[task["entity_id"]]["nb_frames"] or 0) / business_days(start, date))
    for ahead in range(min((date - start).days + 1, _MOST_DAYS, (datetime.datetime.max - date).days)):
        day = date + datetime.timedelta(days=ahead)
        if day.weekday() < 5:
            for person_id in task["assignees"]:
                count.add(person_id, day, frames, task["nb_drawings"] or 0)
