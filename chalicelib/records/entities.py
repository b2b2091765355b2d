"""Assets, shots, sequences, episodes, scenes, edits, concepts and their links (docs/contract/entities.md section 2)."""

from collections.abc import Mapping
from typing import Any

from chalicelib.records.fields import (
    CASCADE,
    PROTECT,
    RECOUNT,
    SET_NULL,
    STAMPS,
    Counter,
    Home,
    Index,
    Kind,
    boolean,
    choice,
    ids,
    integer,
    json,
    kept,
    string,
    text,
    uuid,
)

ENTITY = Kind(
    "Entity",
    "entity",
    "/data/entities",
    (
        *STAMPS,
        string("name", 160, nullable=False),
        string("code", 160),
        text("description"),
        integer("shotgun_id", protected=True),
        boolean("canceled", False),
        integer("nb_frames"),
        integer("nb_entities_out", default=0),
        boolean("is_casting_standby", False),
        boolean("is_shared", False, nullable=False),
        choice("status", ("standby", "running", "complete", "canceled"), nullable=False, default="running"),
        uuid("project_id", "project", nullable=False, protected=True, on_delete=CASCADE),
        uuid("entity_type_id", "entity_type", nullable=False, on_delete=PROTECT),
        uuid("parent_id", "entity", on_delete=SET_NULL),
        uuid("source_id", "entity", on_delete=SET_NULL),
        uuid("preview_file_id", "preview_file", on_delete=RECOUNT, protects=False),
        json("data"),
        uuid("ready_for", "task_type", on_delete=PROTECT),
        uuid("created_by", "person", protected=True, on_delete=SET_NULL),
        ids("entities_out", "entity", protected=True, derived=True),
        ids("entity_concept_links", "entity", on_delete=SET_NULL, protects=False),
        ids("instance_casting", "asset_instance", protected=True, derived=True),
        ids("entities_in", "entity", protected=True, derived=True),
        # Links of other productions lead here: they are looked for when it goes.
        kept("cast_elsewhere", "boolean"),
    ),
    home=Home(owners=("project_id",)),
    indexes=(
        Index("l1", ("shotgun_id",)),
        Index("l2", ("entity_type_id", "name")),
        Index("l3", ("parent_id", "name")),
        Index("l4", ("source_id", "name")),
    ),
    unique_together=(("name", "project_id", "entity_type_id", "parent_id"),),
    counters=(
        Counter(("nb_entities_out",), "entity_link", "entity_in_id"),
        Counter(("preview_file_id",), "preview_file", "task_id"),
    ),
)

ENTITY_TYPE = Kind(
    "EntityType",
    "entity_type",
    "/data/entity-types",
    (
        *STAMPS,
        string("name", 30, nullable=False, unique=True),
        string("short_name", 20),
        text("description"),
        ids("task_types", "task_type", on_delete=PROTECT),
        boolean("archived", False),
    ),
    reference=True,
)


def may_be_cast_elsewhere(asset: Mapping[str, Any]) -> bool:
    """Whether links of other productions may lead to an asset: it is shared, or was cast there before."""
    return bool(asset.get("is_shared") or asset.get("cast_elsewhere"))


ENTITY_LINK = Kind(
    "EntityLink",
    "entity_link",
    "/data/entity-links/",
    (
        *STAMPS,
        uuid("entity_in_id", "entity", nullable=False, on_delete=CASCADE, protects=False),
        uuid("entity_out_id", "entity", nullable=False, across=True, on_delete=CASCADE, protects=False),
        json("data"),
        integer("nb_occurences", default=1),
        string("label", 80, default=""),
    ),
    home=Home(beside=("entity_in_id",)),
    indexes=(
        Index("l1", ("entity_in_id", "entity_out_id")),
        Index("l2", ("entity_out_id",)),
    ),
    unique_together=(("entity_in_id", "entity_out_id"),),
    heard_by=("entity_in_id",),
)

ENTITY_CONCEPT_LINK = Kind(
    "EntityConceptLink",
    "entity_concept_link",
    None,
    (
        *STAMPS,
        uuid("entity_in_id", "entity", nullable=False, on_delete=CASCADE, protects=False),
        uuid("entity_out_id", "entity", nullable=False, on_delete=CASCADE, protects=False),
    ),
    home=Home(beside=("entity_in_id",)),
    indexes=(
        Index("l1", ("entity_in_id",)),
        Index("l2", ("entity_out_id",)),
    ),
)

ENTITY_VERSION = Kind(
    "EntityVersion",
    "entity_version",
    None,
    (
        *STAMPS,
        string("name", 160, nullable=False),
        json("data"),
        uuid("entity_id", "entity", on_delete=CASCADE, protects=False),
        uuid("person_id", "person", on_delete=SET_NULL),
    ),
    home=Home(beside=("entity_id",)),
    indexes=(Index("l1", ("entity_id", "created_at")),),
    audited=False,
)

ASSET_INSTANCE = Kind(
    "AssetInstance",
    "asset_instance",
    "/data/asset-instances/",
    (
        *STAMPS,
        uuid("asset_id", "entity", nullable=False, on_delete=CASCADE),
        string("name", 80),
        integer("number", protected=True),
        string("description", 200),
        boolean("active", True),
        json("data"),
        uuid("scene_id", "entity", on_delete=CASCADE),
        uuid("target_asset_id", "entity", on_delete=CASCADE),
        uuid("entity_id", "entity", on_delete=SET_NULL, protects=False),
        uuid("entity_type_id", "entity_type", on_delete=PROTECT),
        ids("shots", "entity", on_delete=SET_NULL, protects=False),
    ),
    home=Home(beside=("asset_id",)),
    indexes=(
        Index("l1", ("asset_id",)),
        Index("l2", ("scene_id",)),
        Index("l3", ("target_asset_id",)),
    ),
    unique_together=(("asset_id", "target_asset_id", "scene_id", "number"),),
    heard_by=("asset_id",),
)
