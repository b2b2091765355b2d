"""Assets (docs/contract/entities.md)."""

from typing import Any

import msgspec

from chalicelib.access import rules
from chalicelib.domain.entities import creation, lists
from chalicelib.domain.entities.kinds import ASSET
from chalicelib.domain.workflow import entity_types
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.record import plain
from chalicelib.routes.answer_schemas import Shown
from chalicelib.routes.entity_kinds import NewEntity, declare_lists, declare_of_project, declare_one


class NewAsset(NewEntity):
    """An asset; `episode_id` is the episode it is made for."""

    is_shared: bool | str | None = None
    episode_id: str | None = None


area = Area("assets", "Characters, props, environments: what shots are made of.")
_OF_TYPE = "/data/projects/{project_id}/asset-types/{asset_type_id}/assets"

declare_lists(area, ASSET, "", "/all", open_to_all=True)
declare_one(area, ASSET)
declare_of_project(area, ASSET, filtered=True)


@area.get(
    "/data/projects/{project_id}/asset-types", access=rules.project_member(), answer=Shown(ENTITY_TYPE, many=True)
)
def list_asset_types_of_project(call: Call) -> list[dict[str, Any]]:
    """Lists the asset types that have an asset in a production."""
    return lists.asset_types_in(call.subject)


@area.get(_OF_TYPE, access=rules.project_member(), answer=Shown(ENTITY, many=True))
def list_assets_of_type(call: Call) -> list[Any]:
    """Lists the assets of a type in a production."""
    asset_type = entity_types.asset_type(call.params["asset_type_id"])
    query = {**call.query, "entity_type_id": asset_type.id}
    return lists.rows(lists.found(call.caller, ASSET, query, call.subject))


@area.post(f"{_OF_TYPE}/new", access=rules.project_manager(), body=NewAsset, answer=Shown(ENTITY), status=201)
def create_asset(call: Call) -> Any:
    """Creates an asset, whether or not there is one of that name."""
    asset_type = entity_types.asset_type(call.params["asset_type_id"])
    given = msgspec.structs.asdict(call.body)
    return plain(creation.create(call.caller, call.subject, ASSET, given, asset_type.id))
