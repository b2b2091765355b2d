"""Drawings on a preview: several people add, change and take away objects at once (docs/contract/files.md 6.6)."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.access.caller import Caller
from chalicelib.domain.commands import Known
from chalicelib.errors import Invalid
from chalicelib.events.journal import emit
from chalicelib.records import clock
from chalicelib.records.record import Record
from chalicelib.store.changes import Changes, write

Drawing = dict[str, Any]


def change(
    caller: Caller, preview: Record, task: Record, additions: Sequence[Any], updates: Sequence[Any], deletions: Any
) -> Record:
    """Applies changes to what is drawn on a preview as it is now, so that nobody's strokes get lost.

    Invalid for what is no list of `{time, drawing: {objects}}` (deletions: `{time, objects: [ids]}`).
    """
    added = [_drawing(one, "additions") for one in additions]
    updated = [_drawing(one, "updates") for one in updates]
    deleted = [_deletion(one) for one in deletions]

    known = Known(preview)

    def command(changes: Changes) -> Record:
        current = known.read(changes)
        drawn = merged(_whole(current["annotations"]), added, updated, deleted)
        new = changes.update(current, annotations=drawn)
        payload = {"preview_file_id": preview.id, "person_id": caller.id, "updated_at": clock.shown(new["updated_at"])}
        emit(changes, "preview-file:annotation-update", task["project_id"], **payload)
        return new

    return write(command)


def merged(
    drawn: Sequence[Drawing], additions: Sequence[Drawing], updates: Sequence[Drawing], deletions: Sequence[Drawing]
) -> list[Drawing]:
    """What is drawn after additions, then updates, then deletions; times without objects go."""
    by_time: dict[float, Drawing] = {one["time"]: _copied(one) for one in drawn}
    for addition in additions:
        fresh = _copied(addition)
        for item in objects(fresh):
            item["id"] = item.get("id") or str(uuid.uuid4())
        known = by_time.setdefault(fresh["time"], fresh)
        if known is not fresh:
            ids = {item.get("id") for item in objects(known)}
            known["drawing"]["objects"] += [item for item in objects(fresh) if item["id"] not in ids]
    for update in updates:
        known = by_time.get(update["time"], {})
        ids = {item.get("id") for item in objects(known)} & {item.get("id") for item in objects(update)}
        changed = [dict(item) for item in objects(update) if item.get("id") in ids]
        _keep(known, [item for item in objects(known) if item.get("id") not in ids] + changed)
    for deletion in deletions:
        known = by_time.get(deletion["time"], {})
        _keep(known, [item for item in objects(known) if item.get("id") not in deletion["objects"]])
    return [one for one in by_time.values() if objects(one)]


def objects(annotation: Mapping[str, Any]) -> list[Drawing]:
    """The objects of an annotation; an empty list for one that has none."""
    drawing = annotation.get("drawing")
    found = drawing.get("objects") if isinstance(drawing, dict) else None
    return found if isinstance(found, list) else []


def _keep(annotation: Drawing, kept: list[Drawing]) -> None:
    if annotation:
        annotation["drawing"] = {**annotation["drawing"], "objects": kept}


def _copied(annotation: Drawing) -> Drawing:
    """A copy down to the objects; records are values, so what they hold is not changed in place."""
    drawing = annotation.get("drawing")
    kept = drawing if isinstance(drawing, dict) else {}
    return {**annotation, "drawing": {**kept, "objects": [dict(item) for item in objects(annotation)]}}


def _drawing(given: Any, field: str) -> Drawing:
    if not isinstance(given, dict) or not _is_time(given.get("time")) or not isinstance(given.get("drawing"), dict):
        raise Invalid(f"{field}: this is no annotation.", field, "{time, drawing: {objects: []}}")
    if not all(isinstance(item, dict) for item in given["drawing"].get("objects") or ()):
        raise Invalid(f"{field}: an object of a drawing is none.", field, "{time, drawing: {objects: [{id, …}]}}")
    return given


def _deletion(given: Any) -> Drawing:
    if not isinstance(given, dict) or not _is_time(given.get("time")) or not isinstance(given.get("objects"), list):
        raise Invalid("deletions: this is none.", "deletions", "{time, objects: [ids]}")
    return given


def _whole(drawn: Any) -> list[Drawing]:
    """The annotations among what a generic write may have left there."""
    return (
        [one for one in drawn if isinstance(one, dict) and _is_time(one.get("time"))] if isinstance(drawn, list) else []
    )


def _is_time(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
