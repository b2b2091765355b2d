"""Shots that come from a layout scene (docs/contract/entities.md section 9)."""

from typing import Any

from chalicelib.domain.entities import lists, lookup, update
from chalicelib.domain.entities.kinds import SHOT
from chalicelib.domain.entities.named_in_body import entity_named
from chalicelib.errors import NotFound
from chalicelib.events.journal import emit
from chalicelib.records.entities import ENTITY
from chalicelib.records.record import Record
from chalicelib.store import reads
from chalicelib.store.changes import Changes, write


def of_scene(scene: Record) -> list[Any]:
    """The shots whose source is a scene, by name, with their production's and sequence's: one query, one read."""
    shots = [entity for entity in lookup.assets_made_for(scene) if SHOT.is_of(entity)]
    return lists.named_rows(SHOT, lists.by_name(shots))


def add(scene: Record, shot_id: str) -> Record:
    """The shot, which comes from this scene now.

    Raises Invalid for a malformed id and a shot of another production, NotFound for an unknown one.
    """
    shot = entity_named(SHOT, "shot_id", shot_id, scene)

    def command(changes: Changes) -> Record:
        changes.require(scene)
        now = changes.update(changes.read(ENTITY, shot.id), source_id=scene.id)
        _tell(changes, "add-to-scene", scene, now)
        return now

    return write(command)


def remove(scene: Record, shot_id: str) -> None:
    """Leaves a shot without a scene; one that comes from another scene stays as it is. NotFound for an unknown one."""

    def command(changes: Changes) -> None:
        shot = reads.find(ENTITY, shot_id)
        if shot is None or not SHOT.is_of(shot) or shot["project_id"] != scene["project_id"]:
            raise NotFound(f"There is no shot with the id {shot_id!r}.", {"shot_id": shot_id})
        if shot["source_id"] == scene.id:
            _tell(changes, "remove-from-scene", scene, changes.update(shot, source_id=None))

    write(command)


def _tell(changes: Changes, verb: str, scene: Record, shot: Record) -> None:
    update.emit_entity_event(changes, shot, "update")
    emit(changes, f"shot:{verb}", shot["project_id"], scene_id=scene.id, shot_id=shot.id)
