"""Castings: which assets play in what, and how often (docs/contract/entities.md section 7)."""

from typing import Any

from chalicelib.access import rules
from chalicelib.access.entities import manage_project_of
from chalicelib.access.rules import Asked, Rule, load
from chalicelib.domain.entities import casting_links, casting_lists, casting_update, isolation
from chalicelib.domain.entities.kinds import ASSET, EPISODE, MAIN, SEQUENCE, SHOT, EntityKind
from chalicelib.domain.workflow import entity_types
from chalicelib.errors import NotFound
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.entities import ENTITY, ENTITY_LINK, ENTITY_TYPE
from chalicelib.records.record import Record, plain
from chalicelib.routes.answer_schemas import Shape, Shown
from chalicelib.routes.entity_kinds import one, reader
from chalicelib.store import homes, reads

area = Area("castings", "Which assets play in what, and how often.")
_PROJECT = "/data/projects/{project_id}"
_OF_ENTITY = f"{_PROJECT}/entities/{{entity_id}}/casting"
_OF_ASSET = "/data/assets/{asset_id}/casting"
_LINKS = f"{_PROJECT}/entity-links"
_ID = {"type": "string", "format": "uuid"}
_PART = Shape(asset_id=_ID, nb_occurences={"type": "integer"}, label={"type": "string"})
_LINK_QUERY = {
    "page": "A page of the list, from 1.",
    "limit": "How many links.",
    "cursor_created_at": "Those made after this moment.",
}


class Casting:
    """A list of what is cast."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "array", "items": _PART.schema()}


class Castings:
    """What each of several entities casts, by their ids."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "object", "additionalProperties": Casting().schema()}


def _below(project_rule: Rule, parameter: str, kind: EntityKind | None = None) -> Rule:
    """A rule on the production, and on an entity of it that the path names further on; the subject is the two."""

    def check(call: Asked) -> None:
        project_rule.check(call)
        project: Record = call.subject
        entity = load(ENTITY, call.params[parameter])
        isolation.refuse_elsewhere(project, entity)
        if kind is not None:
            kind.require(call.caller, entity)
        call.subject = project, entity

    return Rule(project_rule.name, check)


def _check_reading(call: Asked) -> None:
    """Project access, and an entity of it; an unknown one casts nothing."""
    member.check(call)
    entity = reads.find(ENTITY, call.params["entity_id"])
    if entity is not None:
        isolation.refuse_elsewhere(call.subject, entity)
    call.subject = entity


def _check_episode(call: Asked) -> None:
    """Project access, and an episode of it; the main pack is no episode."""
    if call.params["episode_id"] == MAIN:
        member.check(call)
        call.subject = call.subject, None
    else:
        _below(member, "episode_id", EPISODE).check(call)


def _check_link(call: Asked) -> None:
    """Manager of the project, and a link of it."""
    manager.check(call)
    link = load(ENTITY_LINK, call.params["entity_link_id"])
    if homes.of(ENTITY_LINK, link) != homes.of(ENTITY, {"project_id": call.subject.id}):
        raise NotFound(f"This production has no link {link.id!r}.", {"id": link.id})
    call.subject = link


member = rules.project_member()
manager = rules.project_manager()


# -- of one entity -----------------------------------------------------------------------------------------------------
@area.get(_OF_ENTITY, access=Rule(member.name, _check_reading), answer=Casting())
def read_casting(call: Call) -> list[dict[str, Any]]:
    """Reads what an entity of a production casts."""
    return casting_lists.of_entity(call.caller, call.subject) if call.subject is not None else []


@area.put(_OF_ENTITY, access=_below(manager, "entity_id"), body=Casting(), answer=Casting())
def put_casting(call: Call) -> Any:
    """Replaces what an entity of a production casts."""
    _, entity = call.subject
    casting_update.put(call.caller, entity, call.body)
    return call.body


@area.get(_OF_ASSET, access=reader(ASSET), answer=Casting())
def read_casting_of_asset(call: Call) -> list[dict[str, Any]]:
    """Reads what an asset casts."""
    return casting_lists.of_entity(call.caller, call.subject)


@area.put(
    _OF_ASSET,
    access=one(ASSET, manage_project_of, name="manager of the project"),
    body=Casting(),
    answer=Casting(),
)
def put_casting_of_asset(call: Call) -> Any:
    """Replaces what an asset casts."""
    casting_update.put(call.caller, call.subject, call.body)
    return call.body


def _declare_assets(kind: EntityKind) -> None:
    @area.get(
        f"/data/{kind.plural}/{{{kind.id_name}}}/assets",
        access=reader(kind),
        answer=Shown(ENTITY, many=True),
        summary=f"Lists the assets that are cast in: {kind.word}.",
    )
    def list_assets(call: Call) -> list[Any]:
        return [plain(asset) for asset in casting_lists.assets_of(call.caller, call.subject)]


_declare_assets(ASSET)
_declare_assets(SHOT)


@area.get("/data/shots/{shot_id}/asset-types", access=reader(SHOT), answer=Shown(ENTITY_TYPE, many=True))
def list_asset_types(call: Call) -> list[dict[str, Any]]:
    """Lists the types of the assets that are cast in a shot."""
    return casting_lists.asset_types_of(call.caller, call.subject)


@area.get("/data/assets/{asset_id}/cast-in", access=reader(ASSET))
def list_cast_in(call: Call) -> list[dict[str, Any]]:
    """Lists the shots and assets that an asset is cast in."""
    return casting_lists.cast_in(call.caller, call.subject)


# -- of many -----------------------------------------------------------------------------------------------------------
@area.get(
    f"{_PROJECT}/sequences/{{sequence_id}}/casting",
    access=_below(member, "sequence_id", SEQUENCE),
    answer=Castings(),
)
def read_castings_of_sequence(call: Call) -> dict[str, Any]:
    """Reads what each shot of a sequence casts."""
    return casting_lists.of_sequence(call.caller, *call.subject)


@area.get(f"{_PROJECT}/sequences/all/casting", access=member, answer=Castings())
def read_castings_of_shots(call: Call) -> dict[str, Any]:
    """Reads what each shot of a production casts."""
    return casting_lists.of_shots(call.caller, call.subject)


@area.get(
    f"{_PROJECT}/episodes/{{episode_id}}/sequences/all/casting",
    access=Rule(member.name, _check_episode),
    answer=Castings(),
)
def read_castings_of_episode(call: Call) -> dict[str, Any]:
    """Reads what each shot of an episode casts."""
    project, episode = call.subject
    return casting_lists.of_episode(call.caller, project, episode) if episode is not None else {}


@area.get(f"{_PROJECT}/episodes/casting", access=member, answer=Castings())
def read_castings_of_everything(call: Call) -> dict[str, Any]:
    """Reads what each entity of a production casts: episodes, shots, assets."""
    return casting_lists.of_everything(call.caller, call.subject)


@area.get(f"{_PROJECT}/asset-types/{{asset_type_id}}/casting", access=member, answer=Castings())
def read_castings_of_asset_type(call: Call) -> dict[str, Any]:
    """Reads what each asset of a type casts."""
    return casting_lists.of_asset_type(call.caller, call.subject, entity_types.asset_type(call.params["asset_type_id"]))


# -- links -------------------------------------------------------------------------------------------------------------
@area.get(_LINKS, access=manager, query=_LINK_QUERY, answer=Shown(ENTITY_LINK, many=True))
def list_links(call: Call) -> Any:
    """Lists the links of a production's castings, oldest first."""
    return casting_lists.links_of(call.subject, call.query)


@area.delete(f"{_LINKS}/{{entity_link_id}}", access=Rule(manager.name, _check_link), answer=Shown(ENTITY_LINK))
def remove_link(call: Call) -> Any:
    """Takes one link of a production away."""
    casting_links.remove_link(call.subject)
    return plain(call.subject)
