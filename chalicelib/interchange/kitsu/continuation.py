"""Imports from another Kitsu, those too that a request has no time for (`rows/handover.py`).

Entries are known by their ids, and links by their ends: what is taken in twice is there. Entries without an id get one
before they are handed over.
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from chalicelib.access.caller import Caller
from chalicelib.errors import Invalid
from chalicelib.interchange.kitsu import comments, records
from chalicelib.interchange.kitsu.entries import Entry, Prepare, Run
from chalicelib.interchange.rows.handover import Asked, Handover, Slice
from chalicelib.interchange.rows.rehearsed import rows_of
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.settings import current
from chalicelib.store import homes, reference

# What may be sent, and what prepares an entry of it.
_PREPARED_BY: Final[Mapping[str, Prepare]] = {
    "projects": records.production,
    "entities": records.entity,
    "entity-links": records.link,
    "tasks": records.task,
    "comments": comments.comment,
}


def carry_out(caller: Caller, what: str, sent: Any) -> tuple[list[Record], bool]:
    """What was taken, and whether nothing is left: else the queue function goes on with that.

    Entries that the sender may not write are left out. Raises Invalid for a wrong one, those before it stay.
    """
    run = Run(caller, sent, _PREPARED_BY[what])
    if run.go(current().import_seconds):
        return run.taken, True
    asked = {"what": what, "done": len(sent) - len(run.left), "rows": len(sent)}
    HANDOVER.begin(asked, caller, _project_id(run), msgspec.json.encode(_with_ids(what, run.left)))
    return run.taken, False


def preview(caller: Caller, what: str, type_name: str, sent: Any) -> list[dict[str, Any]]:
    """What would become of each entry; nothing is written."""
    run = Run(caller, sent, _PREPARED_BY[what])
    return rows_of(type_name, run.rehearse)


def _with_ids(what: str, left: Sequence[Entry]) -> list[Entry]:
    return [
        entry if what == "entity-links" else {**entry, "id": entry.get("id") or str(uuid.uuid4())} for entry in left
    ]


def _project_id(run: Run) -> str | None:
    """The production whose journal tells of an import: that of what was taken, else of what is left."""
    told = [str(entry.get("project_id") or "") for entry in run.left]
    there = next((found.id for one in told if (found := reference.find(PROJECT, one)) is not None), None)
    if not run.taken:
        return there
    record = run.taken[-1]
    return record.id if record.kind is PROJECT else reference.production_homes().get(homes.of(record.kind, record))


def _opened(caller: Caller, asked: Asked, data: bytes) -> Slice:
    run = Run(caller, msgspec.json.decode(data), _PREPARED_BY[asked["what"]])
    count = len(run.left)

    def take_some() -> int | None:
        try:
            through = run.go(current().import_seconds)
        except Invalid as problem:
            problem.extra["line_number"] = count - len(run.left) + 1
            raise
        return None if through else count - len(run.left)

    return take_some


HANDOVER: Final = Handover("kitsu", _opened)
