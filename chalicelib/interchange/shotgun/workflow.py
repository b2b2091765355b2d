"""Statuses and steps of ShotGrid: task statuses and task types (docs/contract/interchange.md section 5)."""

import re
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.interchange.shotgun import entries, named
from chalicelib.interchange.shotgun.entries import Entry
from chalicelib.interchange.shotgun.known import Known
from chalicelib.interchange.shotgun.writing import Plan, Writer
from chalicelib.records import names
from chalicelib.records.fields import STUDIO, string
from chalicelib.records.production import TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.store import reference

_COLOR: Final = string("color")
# What tells task types apart.
_TOLD_APART_BY: Final = ("name", "for_entity", "department_id")
_THREE_NUMBERS: Final = re.compile(r"\s*([0-9]{1,3})\s*,\s*([0-9]{1,3})\s*,\s*([0-9]{1,3})\s*")


@dataclass(frozen=True)
class _Wanted:
    entry: Entry
    number: int
    values: dict[str, Any]


def _color(entry: Entry, key: str) -> str:
    """`"200,100,0"` as `#c86400`; black where there is none."""
    told = entry.value(key, _COLOR)
    if not told:
        return named.BLACK
    numbers = _THREE_NUMBERS.fullmatch(told)
    if numbers is None or any(int(one) > 255 for one in numbers.groups()):
        raise entry.wrong(key, 'a colour as "red,green,blue", each from 0 to 255')
    return "#" + "".join(f"{int(one):02x}" for one in numbers.groups())


# -- statuses ----------------------------------------------------------------------------------------------------------
def statuses(sent: Any) -> list[Record]:
    """Task statuses, found by their ids, else by their short names."""
    wanted = entries.read(sent, _status)
    known = Known(TASK_STATUS, STUDIO, (one.number for one in wanted))

    def plan(one: _Wanted) -> Plan:
        return Plan(known.find(one.number) or _by_short_name(one.values["short_name"]), one.values)

    return Writer(TASK_STATUS, STUDIO, known.look, plan, known.note, at_once=1).write(wanted)


def _status(entry: Entry) -> _Wanted | None:
    number, name = entry.number, entry.value("name", TASK_STATUS.by_name["name"])
    code = entry.value("code", TASK_STATUS.by_name["short_name"])
    color = _color(entry, "bg_color")
    if number is None or not name or not code:
        return None
    return _Wanted(entry, number, {"name": name, "short_name": code, "color": color, "shotgun_id": number})


def _by_short_name(code: str) -> Record | None:
    every = reference.every(TASK_STATUS).values()
    return next((one for one in every if names.agrees(TASK_STATUS, one, {"short_name": code})), None)


# -- steps -------------------------------------------------------------------------------------------------------------
def steps(sent: Any) -> list[Record]:
    """Task types, found by their ids, else by their names and what they are for.

    The first word of a name is its department. Where another type has the name, the kind and the department already,
    these stay as they are.
    """
    wanted = entries.read(sent, _step)
    for one in wanted:
        # Made before: the writing of a type is one transaction with others.
        one.values["department_id"] = _department(one)
    known = Known(TASK_TYPE, STUDIO, (one.number for one in wanted))

    def plan(one: _Wanted) -> Plan:
        types = reference.every(TASK_TYPE).values()
        found = known.find(one.number) or next((it for it in types if _is_same(it, one, "name", "for_entity")), None)
        same = [it for it in types if _is_same(it, one, *_TOLD_APART_BY)]
        if found is not None and any(it.id != found.id for it in same):
            return Plan(found, {name: value for name, value in one.values.items() if name not in _TOLD_APART_BY})
        return Plan(found, one.values)

    return Writer(TASK_TYPE, STUDIO, known.look, plan, known.note, at_once=1).write(wanted)


def _is_same(task_type: Record, wanted: _Wanted, *fields: str) -> bool:
    return names.agrees(TASK_TYPE, task_type, {name: wanted.values.get(name) for name in fields})


def _step(entry: Entry) -> _Wanted | None:
    number, code = entry.number, entry.value("code", TASK_TYPE.by_name["name"])
    short_name = entry.value("short_name", TASK_TYPE.by_name["short_name"])
    for_entity = entry.value("entity_type", TASK_TYPE.by_name["for_entity"]) or "Asset"
    color = _color(entry, "color")
    if number is None or not code or not code.strip():
        return None
    values = {"name": code, "for_entity": for_entity, "color": color, "shotgun_id": number}
    return _Wanted(entry, number, values | ({"short_name": short_name} if short_name else {}))


def _department(wanted: _Wanted) -> str:
    return named.department(wanted.values["name"].split()[0], wanted.values["color"]).id
