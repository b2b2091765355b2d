"""Asset types: the entity types of things (docs/contract/production.md section 10)."""

from typing import Any

from chalicelib.access import rules
from chalicelib.domain.workflow import entity_types
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.routes.answer_schemas import Shown

area = Area("asset types", "The kinds of assets a studio makes.")


@area.get("/data/asset-types", access=rules.signed_in, answer=Shown(ENTITY_TYPE, many=True))
def list_asset_types(call: Call) -> list[dict[str, Any]]:
    """Lists the asset types; takes the filters of entity types."""
    return entity_types.listed(call.query)


@area.get("/data/asset-types/{asset_type_id}", access=rules.signed_in, answer=Shown(ENTITY_TYPE))
def read_asset_type(call: Call) -> dict[str, Any]:
    """Reads an asset type."""
    return entity_types.as_asset_type(entity_types.asset_type(call.params["asset_type_id"]))
