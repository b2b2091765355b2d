"""Assets that productions share with one another (docs/contract/entities.md section 8)."""

from typing import Any

import msgspec

from chalicelib.access import rules
from chalicelib.access.rules import Asked, Rule
from chalicelib.domain.entities import isolation, lists, sharing
from chalicelib.domain.entities.kinds import ALL, MAIN
from chalicelib.domain.workflow import entity_types
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.entities import ENTITY
from chalicelib.routes.answer_schemas import Shown
from chalicelib.store import reads

area = Area("shared assets", "Assets that productions share with one another.")
member = rules.project_member()


class Sharing(msgspec.Struct):
    """Whether assets are shared."""

    is_shared: bool | str = True


class SharingOfSome(Sharing):
    """Whether assets are shared: those named, or all."""

    asset_ids: list[str] | None = None


class SharingOfNamed(Sharing, kw_only=True):
    """Whether the assets named are shared."""

    asset_ids: list[str]


def _check_episode(call: Asked) -> None:
    """Project access; an episode of another production is not found, an unknown one casts nothing."""
    member.check(call)
    episode = reads.find(ENTITY, call.params["episode_id"])
    if episode is not None:
        isolation.refuse_elsewhere(call.subject, episode)


@area.post("/actions/assets/share", access=rules.manager, body=SharingOfNamed, answer=Shown(ENTITY, many=True))
def share_assets(call: Call) -> list[Any]:
    """Shares assets of productions that the caller manages, or shares them no longer."""
    return lists.rows(sharing.share(call.caller, call.body.asset_ids, call.body.is_shared))


@area.post(
    "/actions/projects/{project_id}/assets/share",
    access=rules.project_manager(),
    body=SharingOfSome,
    answer=Shown(ENTITY, many=True),
)
def share_assets_of_production(call: Call) -> list[Any]:
    """Shares all or some assets of a production, or shares them no longer."""
    return lists.rows(sharing.share_in(call.subject, call.body.is_shared, call.body.asset_ids))


@area.post(
    "/actions/projects/{project_id}/asset-types/{asset_type_id}/assets/share",
    access=rules.project_manager(),
    body=Sharing,
    answer=Shown(ENTITY, many=True),
)
def share_assets_of_type(call: Call) -> list[Any]:
    """Shares the assets of a type in a production, or shares them no longer."""
    asset_type = entity_types.asset_type(call.params["asset_type_id"])
    return lists.rows(sharing.share_in(call.subject, call.body.is_shared, asset_type=asset_type))


@area.get("/data/projects/{project_id}/assets/shared-used", access=member, answer=Shown(ENTITY, many=True))
def list_shared_used(call: Call) -> list[Any]:
    """Lists the shared assets of other productions that shots of this one cast."""
    return lists.rows(sharing.used_in(call.subject))


@area.get(
    "/data/projects/{project_id}/episodes/{episode_id}/assets/shared-used",
    access=Rule(member.name, _check_episode),
    answer=Shown(ENTITY, many=True),
)
def list_shared_used_in_episode(call: Call) -> list[Any]:
    """Lists those that shots of an episode cast; `all` and `main` mean every shot."""
    episode_id = call.params["episode_id"]
    return lists.rows(sharing.used_in(call.subject, None if episode_id in (ALL, MAIN) else episode_id))
