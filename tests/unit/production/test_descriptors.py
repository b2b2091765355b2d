"""Columns of a production, and the values that follow them."""

from typing import Any

import pytest

from chalicelib.domain.journal import feed
from chalicelib.domain.production import descriptors
from chalicelib.domain.production.crud.project_kinds import MetadataDescriptors
from chalicelib.errors import Duplicate, Forbidden, Invalid, NotFound
from chalicelib.records.entities import ENTITY
from chalicelib.records.people import DEPARTMENT
from chalicelib.records.production import METADATA_DESCRIPTOR
from chalicelib.records.record import Record
from chalicelib.store import reads
from tests.client import Api
from tests.unit.production.conftest import Studio, create


def given(name: str = "Mood", **more: Any) -> dict[str, Any]:
    usual = {"data_type": "string", "entity_type": "Asset", "choices": [], "for_client": False, "departments": []}
    return {"name": name, **usual, **more}


def data(entity: Record) -> Any:
    return reads.get(ENTITY, entity.id)["data"]


def department(name: str) -> str:
    return create(DEPARTMENT, name=name, color="#000000").id


def test_a_name_stands_for_a_key(studio: Studio) -> None:
    made = descriptors.create(studio.admin, studio.project(), given(" Nb. of  légs! "))
    assert (made["name"], made["field_name"]) == ("Nb. of  légs!", "nb_of_legs")


def test_a_key_is_taken_once_a_kind(studio: Studio) -> None:
    project = studio.project()
    descriptors.create(studio.admin, project, given("Main Mood"))
    for name in ("Main Mood", "Main mood!"):
        with pytest.raises(Duplicate):
            descriptors.create(studio.admin, project, given(name))
    assert descriptors.create(studio.admin, project, given("Main Mood", entity_type="Shot"))


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "!?"}, {"data_type": "colour"}, {"entity_type": "Scene"}])
def test_what_is_wrong_is_refused(studio: Studio, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        descriptors.create(studio.admin, studio.project(), {**given(), **wrong})


def test_unknown_departments_are_not_found(studio: Studio) -> None:
    with pytest.raises(NotFound):
        descriptors.create(studio.admin, studio.project(), given(departments=["nope"]))


def test_supervisors_write_for_their_departments(studio: Studio) -> None:
    clay, wood = department("Clay"), department("Wood")
    sue, sam = studio.caller("supervisor", departments=[clay]), studio.caller("supervisor")
    project = studio.project(team=(sue, sam))
    made = descriptors.create(sue, project, given(departments=[clay]))
    descriptors.create(sam, project, given("Grain", departments=[wood]))
    for caller, departments in ((sue, [wood]), (sue, []), (sam, [])):
        with pytest.raises(Forbidden):
            descriptors.create(caller, project, given("Size", departments=departments))
    descriptors.change(sue, project, made, given("Temper"))
    with pytest.raises(Forbidden):
        descriptors.delete(sue, project, reads.get(METADATA_DESCRIPTOR, made.id))


@pytest.mark.parametrize("role", ["user", "client", "vendor"])
def test_others_do_not_write(studio: Studio, role: str) -> None:
    caller = studio.caller(role)
    with pytest.raises(Forbidden):
        descriptors.create(caller, studio.project(team=(caller,)), given())


def test_values_follow_a_new_name_in_entities_of_the_kind(studio: Studio) -> None:
    project = studio.project()
    mood = descriptors.create(studio.admin, project, given("Mood"))
    lama = studio.asset(project, data={"mood": "shiny", "legs": 4})
    bare = studio.asset(project, "Fence", data={"mood": None})
    shot = studio.asset(project, "SH01", entity_type_id=studio.shot.id, data={"mood": "dull"})
    changed = descriptors.change(studio.admin, project, mood, given("Temper", for_client=True))
    assert (changed["field_name"], changed["for_client"]) == ("temper", True)
    assert data(lama) == {"temper": "shiny", "legs": 4}
    assert data(bare) == {}
    assert data(shot) == {"mood": "dull"}


def test_values_go_with_the_column(studio: Studio) -> None:
    project, other = studio.project(), studio.project("Sintel")
    mood = descriptors.create(studio.admin, project, given("Mood"))
    lamas = [studio.asset(project, f"Lama {number}", data={"mood": "shiny", "legs": 4}) for number in range(3)]
    dragon = studio.asset(other, "Dragon", data={"mood": "grim"})
    descriptors.delete(studio.admin, project, mood)
    assert [data(lama) for lama in lamas] == [{"legs": 4}] * 3
    assert data(dragon) == {"mood": "grim"}
    assert reads.find(METADATA_DESCRIPTOR, mood.id) is None


def test_more_values_move_than_a_transaction_holds(studio: Studio) -> None:
    project = studio.project()
    mood = descriptors.create(studio.admin, project, given("Mood"))
    lamas = [studio.asset(project, f"Lama {number}", data={"mood": number}) for number in range(120)]
    descriptors.change(studio.admin, project, mood, given("Temper"))
    assert [data(lama) for lama in lamas] == [{"temper": number} for number in range(120)]


def test_a_name_that_is_taken_moves_nothing(studio: Studio) -> None:
    project = studio.project()
    mood = descriptors.create(studio.admin, project, given("Mood"))
    descriptors.create(studio.admin, project, given("Temper"))
    lama = studio.asset(project, data={"mood": "shiny"})
    with pytest.raises(Duplicate):
        descriptors.change(studio.admin, project, mood, given("Temper"))
    assert data(lama) == {"mood": "shiny"}


def test_a_column_is_known_below_its_own_production_alone(studio: Studio) -> None:
    project, other = studio.project(), studio.project("Sintel")
    mood = descriptors.create(studio.admin, project, given("Mood"))
    assert descriptors.one(project, mood.id).id == mood.id
    with pytest.raises(NotFound):
        descriptors.one(other, mood.id)


def test_clients_and_vendors_see_what_is_for_them(studio: Studio) -> None:
    clay = department("Clay")
    client, vendor = studio.caller("client"), studio.caller("vendor")
    project = studio.project(team=(client, vendor))
    descriptors.create(studio.admin, project, given("Shown", for_client=True))
    descriptors.create(studio.admin, project, given("Inside", departments=[clay]))
    found = descriptors.of_project(project)
    assert [one["name"] for one in descriptors.visible(client, found)] == ["Shown"]
    assert [one["name"] for one in descriptors.visible(vendor, found)] == ["Shown"]
    assert [one["name"] for one in descriptors.listed(client, project)] == ["Shown"]
    assert [one["name"] for one in descriptors.listed(studio.admin, project)] == ["Inside", "Shown"]


def test_the_plain_list_is_of_ones_own_productions(studio: Studio) -> None:
    artist = studio.caller()
    mine, other = studio.project(team=(artist,)), studio.project("Sintel")
    descriptors.create(studio.admin, mine, given("Mood"))
    descriptors.create(studio.admin, other, given("Temper"))
    assert len(MetadataDescriptors().list(artist, {})) == 1
    assert len(MetadataDescriptors().list(studio.admin, {})) == 2
    assert b'"departments":[]' in bytes(MetadataDescriptors().list(artist, {})[0])
    assert b"departments" not in bytes(MetadataDescriptors().list(artist, {"entity_type": "Asset"})[0])


def test_a_column_stays_in_its_production(studio: Studio) -> None:
    project, other = studio.project(), studio.project("Sintel")
    mood = descriptors.create(studio.admin, project, given("Mood"))
    with pytest.raises(Invalid):
        MetadataDescriptors().change(studio.admin, mood, {"project_id": other.id})


def test_whoever_hears_of_a_column_reads_it_by_what_the_event_tells(api: Api, project: Record) -> None:
    path = f"/data/projects/{project.id}/metadata-descriptors"
    made = api.post(path, given()).json
    api.put(f"{path}/{made['id']}", given("Tone"))
    told = [one for one in feed.last(api.people["admin"], {}) if one["name"].startswith("metadata-descriptor")]
    assert [one["name"] for one in told] == ["metadata-descriptor:update", "metadata-descriptor:new"]
    for one in told:
        read = "/data/projects/{project_id}/metadata-descriptors/{metadata_descriptor_id}".format(**one["data"])
        assert api.get(read, user="user")["name"] == "Tone"
