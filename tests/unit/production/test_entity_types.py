"""Which entity types are assets, and those that appear when they are first asked for."""

import pytest

from chalicelib.domain.workflow import entity_types
from chalicelib.errors import NotFound
from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.store import reference
from tests.unit.production.conftest import Studio, create


def test_asset_types_are_all_but_the_temporal_ones(studio: Studio) -> None:
    names = {one["name"] for one in entity_types.asset_types()}
    assert names == {"Prop"}


def test_asking_for_asset_types_makes_scene_and_concept(studio: Studio) -> None:
    entity_types.asset_types()
    assert {"Scene", "Concept"} <= {one["name"] for one in reference.every(ENTITY_TYPE).values()}


def test_a_temporal_type_is_made_once(studio: Studio) -> None:
    assert entity_types.temporal("Edit").id == entity_types.temporal("Edit").id


def test_a_kind_is_named_by_its_type(studio: Studio) -> None:
    assert entity_types.kind_name(studio.shot.id) == "Shot"
    assert entity_types.kind_name(studio.prop.id) == "Asset"
    assert entity_types.kind_name(None) == "Asset"


def test_the_list_takes_filters(studio: Studio) -> None:
    create(ENTITY_TYPE, name="Vehicle", short_name="veh")
    (vehicle,) = entity_types.listed({"name": "vehicle"})
    assert vehicle["type"] == "AssetType"
    assert vehicle["short_name"] == "veh"
    assert vehicle["task_types"] == []


def test_a_shot_is_no_asset_type(studio: Studio) -> None:
    assert entity_types.asset_type(studio.prop.id)["name"] == "Prop"
    for wrong in (studio.shot.id, "nope", "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(NotFound):
            entity_types.asset_type(wrong)
