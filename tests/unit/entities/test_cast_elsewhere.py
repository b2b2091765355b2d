"""An asset that another production casts leaves its castings when it goes, however it came there."""

from collections.abc import Callable
from typing import Final

import pytest

from chalicelib.domain.entities import deletion
from chalicelib.domain.entities.kinds import ASSET
from chalicelib.domain.production.deletion import delete_project
from chalicelib.interchange.shotgun import castings as shotgun
from chalicelib.records.entities import ENTITY_LINK
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.store import keys, reads, reference
from infra.local.inside import Answered
from tests.unit.entities.stage import Studio
from tests.unit.tasks.stage import Stage

Way = Callable[[Studio, Stage, Record], object]
_ENTRY: Final = {"nb_occurences": 1}


def _replaced(api: Studio, stage: Stage, asset: Record) -> object:
    path = f"/data/projects/{stage.project.id}/entities/{stage.shot.id}/casting"
    return api.put(path, [{**_ENTRY, "asset_id": asset.id}], user="admin")


def _linked(api: Studio, stage: Stage, asset: Record) -> Answered:
    return api.post("/data/entity-links/", {"entity_in_id": stage.shot.id, "entity_out_id": asset.id}, user="admin")


def _relinked(api: Studio, stage: Stage, asset: Record) -> object:
    made = _linked(api, stage, stage.lama)
    return api.put(f"/data/entity-links/{made['id']}", {"entity_out_id": asset.id}, user="admin")


def _imported(api: Studio, stage: Stage, asset: Record) -> object:
    del api
    return shotgun.replace(stage.project, [shotgun.Casting(stage.shot, [asset])], frozenset())


@pytest.mark.parametrize("way", [_replaced, _linked, _relinked, _imported])
@pytest.mark.parametrize("with_production", [False, True])
def test_links_go_with_an_asset_of_elsewhere(api: Studio, stage: Stage, way: Way, with_production: bool) -> None:
    far = stage.production("Elsewhere")
    crate = stage.entity("Crate", "Character", project_id=far.id)
    way(api, stage, crate)
    home = keys.home_of_owner(stage.project.id)
    assert [link["entity_out_id"] for link in reads.query(ENTITY_LINK, home)] == [crate.id]
    if with_production:
        delete_project(reference.get(PROJECT, far.id), force=True)
    else:
        deletion.remove(ASSET, crate, force=True)
    assert reads.query(ENTITY_LINK, home) == []
