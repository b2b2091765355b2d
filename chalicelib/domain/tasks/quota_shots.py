"""The shots behind the quotas of a person: what they worked on in a period, and how much of each.

Source: docs/contract/tasks.md 10.
"""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from chalicelib.access.caller import Caller
from chalicelib.domain.entities import lookup, names
from chalicelib.domain.entities.kinds import SHOT
from chalicelib.domain.periods import Period
from chalicelib.domain.tasks import lists
from chalicelib.domain.tasks.quotas import CountMode, business_days, count_mode, moment, zone_of
from chalicelib.errors import Invalid
from chalicelib.records.entities import ENTITY
from chalicelib.records.record import Record, shown
from chalicelib.records.tasks import TIME_SPENT
from chalicelib.store import keys, partitions


class _Span(NamedTuple):
    """From `start` to `end`, UTC."""

    start: datetime.datetime
    end: datetime.datetime


def listed(
    caller: Caller, person: Record, project: Record | None, period: Period, query: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The shots a person worked on in a period, each with its `full_name` and `weight`, by their full names.

    query: `task_type_id`, `count_mode`; without a production or a type of tasks there are none. Three queries, entities
    and time held. Raises Invalid for a filter that is none.
    """
    mode, task_type_id = count_mode(query), query.get("task_type_id")
    if task_type_id and not keys.is_id(task_type_id):
        raise Invalid(f"task_type_id: {task_type_id!r} is not an id.", "task_type_id", "an id")
    if project is None or not task_type_id:
        return []
    known = lookup.of_production(project.id).records
    tasks = [
        task
        for task in lists.of_type(project.id, task_type_id.lower())
        if task[mode.field] and task["entity_id"] in known and SHOT.is_of(known[task["entity_id"]])
    ]
    span = _span(caller, period)
    if mode.weighted:
        noted = partitions.held(TIME_SPENT, keys.home_of_owner(project.id)).records.values()
        weights = _weighted(tasks, noted, person, mode, period, span)
    else:
        weights = _whole(tasks, person, mode, span)
    rows = [
        shown(known[shot_id], full_name=names.full_name(known[shot_id], known), weight=weight, type=ENTITY.name)
        for shot_id, weight in weights.items()
    ]
    return sorted(rows, key=lambda row: str(row["full_name"]))


def _span(caller: Caller, period: Period) -> _Span:
    """The bounds of a period: midnights of the caller's timezone, of a single day those of UTC."""
    first, after = moment(period.first), moment(period.last) + datetime.timedelta(days=1)
    if period.first == period.last:
        return _Span(first, after)
    zone = zone_of(caller)
    start, end = (one.replace(tzinfo=zone).astimezone(datetime.UTC).replace(tzinfo=None) for one in (first, after))
    return _Span(start, end)


def _whole(tasks: list[Record], person: Record, mode: CountMode, span: _Span) -> dict[str, float]:
    return {
        task["entity_id"]: 1
        for task in tasks
        if person.id in task["assignees"] and span.start <= moment(task[mode.field]) <= span.end
    }


def _weighted(
    tasks: list[Record], noted: Iterable[Record], person: Record, mode: CountMode, period: Period, span: _Span
) -> dict[str, float]:
    """The shares of the hours of the person; then of tasks without any hours, the share of days in the span."""
    by_id = {task.id: task for task in tasks}
    weights: dict[str, float] = {}
    with_hours: set[str] = set()
    for entry in noted:
        task = by_id.get(entry["task_id"])
        if task is None:
            continue
        with_hours.add(task.id)
        if entry["person_id"] == person.id and period.first <= entry["date"] <= period.last and task["duration"]:
            share = round(entry["duration"] / task["duration"], 2)
            weights[task["entity_id"]] = round(weights.get(task["entity_id"], 0) + share, 2)
    for task in tasks:
        if task.id not in with_hours and person.id in task["assignees"] and task["real_start_date"]:
            start, date = moment(task["real_start_date"]), moment(task[mode.field])
            if start <= span.end and date >= span.start:
                weights.setdefault(task["entity_id"], _share_of_days(start, date, span))
    return weights


def _share_of_days(start: datetime.datetime, date: datetime.datetime, span: _Span) -> float:
    """How much of the weekdays of a task lies within a span."""
    days = business_days(start, date)
    if span.start <= start and date <= span.end:
        within = days
    elif span.start <= start:
        within = business_days(start, span.end)
    elif date <= span.end:
        within = business_days(span.start, date)
    else:
        within = 1
    return round(within / days, 2)
