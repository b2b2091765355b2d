"""Asset instances: assets as they stand in scenes, in shots and in other assets.

Source: docs/contract/entities.md section 9.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, Final

from chalicelib.domain.entities.kinds import ASSET
from chalicelib.domain.entities.named_in_body import entity_named
from chalicelib.errors import Invalid, NotFound
from chalicelib.events.journal import emit
from chalicelib.records.entities import ASSET_INSTANCE, ENTITY, ENTITY_TYPE
from chalicelib.records.fields import uuid
from chalicelib.records.record import Record, plain
from chalicelib.records.validation import value_of
from chalicelib.store import homes, keys, partitions, reads, reference
from chalicelib.store.changes import Changes, write

Grouped = dict[str, list[Any]]
_CAMERA: Final = "Camera"
_INSTANCE_ID: Final = uuid("asset_instance_id")
_DESCRIPTION: Final = ASSET_INSTANCE.by_name["description"]
_LONGEST_SLUG: Final = 75
_RUN: Final = re.compile(r"[^A-Za-z0-9]+")


def in_scene(scene: Record) -> Grouped:
    """The instances in a scene, by asset (one query)."""
    return _grouped(_in_scene(scene), "asset_id")


def cameras_in_scene(scene: Record) -> Grouped:
    """The instances of cameras in a scene, by asset: one query, a read a hundred assets."""
    instances = _in_scene(scene)
    assets = reads.get_many(ENTITY, {one["asset_id"] for one in instances})
    cameras = {asset.id for asset in assets if _is_camera(asset)}
    return _grouped((one for one in instances if one["asset_id"] in cameras), "asset_id")


def in_shot(shot: Record) -> Grouped:
    """The instances in a shot, by asset: what changed of the production's instances is one query."""
    held = partitions.held(ASSET_INSTANCE, homes.of(ENTITY, shot)).records
    return _grouped((one for one in held.values() if shot.id in one["shots"]), "asset_id")


def in_asset(asset: Record) -> Grouped:
    """The instances inside an asset, by the asset that they are of (one query)."""
    return _grouped(_in_asset(asset), "asset_id")


def of_asset_by_scene(asset: Record) -> Grouped:
    """The instances of an asset, by the scene they stand in; those in none are left out (one query)."""
    return _grouped(_of_asset(asset), "scene_id")


def of_asset_by_shot(asset: Record) -> Grouped:
    """The instances of an asset, by the shots they stand in (one query)."""
    found: dict[str, list[Any]] = {}
    for instance in _sorted(_of_asset(asset)):
        for shot_id in instance["shots"]:
            found.setdefault(shot_id, []).append(plain(instance))
    return found


def create_in_scene(scene: Record, asset_id: str, description: str | None) -> Record:
    """A new instance of an asset in a scene, with the next number of that asset there. See `_create`."""

    def tell(changes: Changes, made: Record) -> None:
        payload = {"scene_id": scene.id, "asset_id": made["asset_id"], "asset_instance_id": made.id}
        emit(changes, "asset_instance:new", scene["project_id"], **payload)

    asset = entity_named(ASSET, "asset_id", asset_id, scene)
    return _create(scene, "scene_id", asset, description, _in_scene, tell)


def create_in_asset(target: Record, asset_id: str, description: str | None) -> Record:
    """A new instance of an asset inside another, with the next number of that asset there. See `_create`."""

    def tell(changes: Changes, made: Record) -> None:
        payload = {"asset_id": target.id, "asset_instantiated": made["asset_id"], "asset_instance_id": made.id}
        emit(changes, "asset_instance:new", target["project_id"], **payload)

    asset = entity_named(ASSET, "asset_to_instantiate_id", asset_id, target)
    return _create(target, "target_asset_id", asset, description, _in_asset, tell)


def add_to_shot(shot: Record, instance_id: str) -> None:
    """Puts an instance into a shot; nothing happens to one that is in it.

    Raises Invalid for a malformed id and an instance of another production, NotFound for an unknown one.
    """
    instance = reads.find(ASSET_INSTANCE, value_of(_INSTANCE_ID, instance_id))
    if instance is None:
        raise _unknown(instance_id)
    if homes.of(ASSET_INSTANCE, instance) != homes.of(ENTITY, shot):
        raise Invalid("The instance is of another production.", "asset_instance_id", "an id of this production")

    def command(changes: Changes) -> None:
        now = changes.read(ASSET_INSTANCE, instance.id)
        if shot.id not in now["shots"]:
            changes.require(shot)
            changes.update(now, shots=[*now["shots"], shot.id])
            _tell_of_shot(changes, "add-to-shot", shot, now)

    write(command)


def remove_from_shot(shot: Record, instance_id: str) -> None:
    """Takes an instance out of a shot; NotFound for one that is not in it."""

    def command(changes: Changes) -> None:
        instance = reads.find(ASSET_INSTANCE, instance_id)
        if instance is None or shot.id not in instance["shots"]:
            raise _unknown(instance_id)
        changes.update(instance, shots=[one for one in instance["shots"] if one != shot.id])
        _tell_of_shot(changes, "remove-from-shot", shot, instance)

    write(command)


def _create(
    holder: Record,
    field: str,
    asset: Record,
    description: str | None,
    held: Callable[[Record], list[Record]],
    tell: Callable[[Changes, Record], None],
) -> Record:
    """A new instance in what holds it: numbered on, named after asset and number, told of.

    `field` is where it keeps its holder, `held` finds what the holder holds. Who numbers the same asset there at the
    same time comes after. Raises Invalid for a description that is too long.
    """
    said = None if description is None else value_of(_DESCRIPTION, description)
    turn = keys.claim(homes.of(ENTITY, holder), ASSET_INSTANCE, f"{field}#{holder.id}#{asset.id}")

    def command(changes: Changes) -> Record:
        changes.take_turn(turn)
        numbers = [one["number"] or 0 for one in held(holder) if one["asset_id"] == asset.id]
        number = max(numbers, default=0) + 1
        values = {"asset_id": asset.id, field: holder.id, "number": number, "description": said}
        made = changes.create(ASSET_INSTANCE, {**values, "name": _name(asset, number)})
        for needed in {holder.id: holder, asset.id: asset}.values():
            changes.require(needed)
        tell(changes, made)
        return made

    return write(command)


def _name(asset: Record, number: int) -> str:
    """`Big_Lama_e_0001`: the name of the asset in plain letters and digits, and the number."""
    folded = unicodedata.normalize("NFKD", asset["name"]).encode("ascii", "ignore").decode()
    slug = _RUN.sub("_", folded).strip("_")[:_LONGEST_SLUG]
    return "_".join(part for part in (slug, f"{number:04}") if part)


def _tell_of_shot(changes: Changes, verb: str, shot: Record, instance: Record) -> None:
    emit(changes, f"asset_instance:{verb}", shot["project_id"], shot_id=shot.id, asset_instance_id=instance.id)


def _unknown(instance_id: str) -> NotFound:
    return NotFound(f"There is no instance {instance_id!r} here.", {"asset_instance_id": instance_id})


def _in_scene(scene: Record) -> list[Record]:
    return reads.query(ASSET_INSTANCE, homes.of(ENTITY, scene), "scene_id", ("=", scene.id))


def _in_asset(asset: Record) -> list[Record]:
    return reads.query(ASSET_INSTANCE, homes.of(ENTITY, asset), "target_asset_id", ("=", asset.id))


def _of_asset(asset: Record) -> list[Record]:
    return reads.query(ASSET_INSTANCE, homes.of(ENTITY, asset), "asset_id", ("=", asset.id))


def _is_camera(asset: Record) -> bool:
    entity_type = reference.find(ENTITY_TYPE, asset["entity_type_id"])
    return entity_type is not None and entity_type["name"] == _CAMERA


def _grouped(instances: Iterable[Record], field: str) -> Grouped:
    found: Grouped = {}
    for instance in _sorted(instances):
        if instance[field]:
            found.setdefault(instance[field], []).append(plain(instance))
    return found


def _sorted(instances: Iterable[Record]) -> list[Record]:
    return sorted(instances, key=lambda one: (one["number"] or 0, one["created_at"], one.id))
