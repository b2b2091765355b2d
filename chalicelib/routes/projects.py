"""Productions, their teams and their columns, besides the generic routes.

Source: docs/contract/production.md sections 4 to 6.
"""

from typing import Any

import msgspec

from chalicelib.access import rules
from chalicelib.domain.production import descriptors, full_projects, projects, settings
from chalicelib.http.answers import Answer, no_content
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.people import PERSON
from chalicelib.records.production import METADATA_DESCRIPTOR, PROJECT
from chalicelib.records.record import plain, related
from chalicelib.routes.answer_schemas import Shown


class TeamMember(msgspec.Struct):
    """Who joins a team."""

    person_id: str


class Descriptor(msgspec.Struct):
    """A column as it is changed: what is left out is reset."""

    name: str
    data_type: str
    choices: list[str] | None = None
    for_client: bool | None = None
    departments: list[str] | None = None

    def values(self) -> dict[str, Any]:
        """Its values; what was left out or null has its default."""
        given = msgspec.structs.asdict(self)
        rest: dict[str, Any] = {"choices": [], "for_client": False, "departments": [], "entity_type": "Asset"}
        return {name: rest.get(name) if value is None else value for name, value in given.items()}


class NewDescriptor(Descriptor):
    """A new column, of assets unless told otherwise."""

    entity_type: str | None = None


area = Area("projects", "Productions and who works on them.")
# What a production shows in full besides its fields.
FULL = Shown(
    PROJECT,
    many=True,
    more={
        "descriptors": Shown(METADATA_DESCRIPTOR, many=True).schema(),
        "task_types_priority": {"type": "object", "additionalProperties": {"type": ["integer", "null"]}},
        "task_statuses_link": {"type": "object", "additionalProperties": {"type": "object"}},
        "first_episode_id": {"type": "string", "format": "uuid"},
    },
)
_OPEN_QUERY = {"name": "Only the one of that very name."}
_ALL_QUERY = {"name": "Only the one of that name, in any case."}
_DESCRIPTORS = "/data/projects/{project_id}/metadata-descriptors"
_DESCRIPTOR = f"{_DESCRIPTORS}/{{descriptor_id}}"


@area.get("/data/projects/open", access=rules.signed_in, query=_OPEN_QUERY, answer=FULL)
def list_open_projects(call: Call) -> list[dict[str, Any]]:
    """Lists the open productions in full: an admin's are all, others' those whose team they are in."""
    return full_projects.open_projects(call.caller, call.query.get("name"))


@area.get("/data/projects/all", access=rules.signed_in, query=_ALL_QUERY, answer=Shown(PROJECT, many=True))
def list_all_projects(call: Call) -> list[Any]:
    """Lists productions, open or not: an admin's are all, others' those whose team they are in."""
    return projects.all_projects(call.caller, call.query.get("name"))


@area.get("/data/projects/{project_id}/team", access=rules.project_member(), answer=Shown(PERSON, many=True))
def list_team(call: Call) -> list[Any]:
    """Lists the persons of a team: in full for managers, cards for others."""
    return settings.team(call.caller, call.subject)


@area.post(
    "/data/projects/{project_id}/team",
    access=rules.project_manager(),
    body=TeamMember,
    answer=Shown(PROJECT),
    form=True,
    status=201,
)
def add_to_team(call: Call) -> Any:
    """Takes a person into a team."""
    return plain(settings.add(call.subject, settings.TEAM, call.body.person_id))


@area.delete("/data/projects/{project_id}/team/{person_id}", access=rules.project_manager(), status=204)
def remove_from_team(call: Call) -> Answer:
    """Takes a person out of a team; assignments stay."""
    settings.remove(call.subject, settings.TEAM, call.params["person_id"])
    return no_content()


@area.get(_DESCRIPTORS, access=rules.project_member(), answer=Shown(METADATA_DESCRIPTOR, many=True))
def list_descriptors(call: Call) -> list[Any]:
    """Lists the columns of a production by name; clients get those for clients."""
    return [related(one) for one in descriptors.listed(call.caller, call.subject)]


@area.post(
    _DESCRIPTORS,
    access=rules.project_supervisor(),
    body=NewDescriptor,
    answer=Shown(METADATA_DESCRIPTOR),
    form=True,
    status=201,
)
def create_descriptor(call: Call) -> Any:
    """Adds a column to a production."""
    return plain(descriptors.create(call.caller, call.subject, call.body.values()))


@area.get(_DESCRIPTOR, access=rules.project_member(), answer=Shown(METADATA_DESCRIPTOR))
def read_descriptor(call: Call) -> Any:
    """Reads a column of a production."""
    return related(descriptors.one(call.subject, call.params["descriptor_id"]))


@area.put(
    _DESCRIPTOR,
    access=rules.project_supervisor(),
    body=Descriptor,
    answer=Shown(METADATA_DESCRIPTOR),
    form=True,
)
def change_descriptor(call: Call) -> Any:
    """Changes a column; values follow a new name."""
    descriptor = descriptors.one(call.subject, call.params["descriptor_id"])
    return plain(descriptors.change(call.caller, call.subject, descriptor, call.body.values()))


@area.delete(
    _DESCRIPTOR,
    access=rules.project_supervisor(),
    status=204,
)
def delete_descriptor(call: Call) -> Answer:
    """Takes a column away, with its values."""
    descriptors.delete(call.caller, call.subject, descriptors.one(call.subject, call.params["descriptor_id"]))
    return no_content()
