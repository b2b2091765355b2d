"""Cuts make shots and set their frames (docs/contract/interchange.md section 3)."""

from typing import Any

import pytest

from chalicelib.access import tokens
from chalicelib.http.application import VulpesApp
from chalicelib.routes import editorial
from chalicelib.store import session
from infra.local.inside import form_with_file
from tests.client import Api
from tests.prepared import prepared
from tests.unit.interchange.csv_files import actions
from tests.unit.interchange.cuts import edl, timeline, written
from tests.unit.interchange.importing import Importing
from tests.unit.tasks.stage import change, now

PLAIN = "${sequence_name}-${shot_name}"


@pytest.fixture
def stage(table: str) -> Importing:
    return prepared(Importing)


class Cutter(Api):
    """The routes of cuts."""

    def __init__(self, stage: Importing) -> None:
        super().__init__(VulpesApp("cuts", routes=editorial.area.routes))
        self.stage = stage
        self.tokens = {name: tokens.issue(person) for name, person in stage.people.items()}

    def send(self, name: str, data: bytes, below: str = "", user: str = "manager", **more: Any) -> Any:
        """Sends a cut; `more` are the fields of the form, `dry_run` of the query."""
        params = {"dry_run": more.pop("dry_run")} if "dry_run" in more else {}
        raw, headers = form_with_file(name, data, "application/octet-stream", **{"naming_convention": PLAIN, **more})
        path = f"/import/otio/projects/{self.stage.project.id}{below}"
        with session.opened():
            return self.call("POST", path, raw=raw, headers=headers, user=user, params=params)


@pytest.fixture
def api(stage: Importing) -> Cutter:
    return Cutter(stage)


def test_a_cut_makes_shots_and_sets_the_frames_of_others(api: Cutter, stage: Importing) -> None:
    change(stage.shot, data={"camera": "A"})
    reply = api.send("cut.otio", written(timeline(("SQ01-SH010", 0, 40), 10, ("SQ09-SH090", 5, 25))))
    assert reply.status == 201
    (made,), (updated,) = reply.json["created_shots"], reply.json["updated_shots"]
    assert (updated["id"], updated["type"], updated["nb_frames"]) == (stage.shot.id, "Entity", 40)
    assert updated["data"] == {"camera": "A", "frame_in": 0, "frame_out": 39}
    assert (made["type"], made["nb_frames"]) == ("Shot", 20)
    assert made["data"] == {"frame_in": 50, "frame_out": 69}
    assert made["parent_id"] == stage.entities("Sequence")["SQ09"].id
    assert set(stage.tasks_of(stage.entities("Shot")["SH090"])) == {"Animation", "Lighting"}
    assert stage.events("shot:new") == [{"shot_id": made["id"], "episode_id": None}]
    assert stage.events("shot:update") == [{"shot_id": stage.shot.id}]


def test_a_shot_comes_twice_in_a_cut(api: Cutter, stage: Importing) -> None:
    reply = api.send("cut.edl", edl([("SQ02-SH900", 0, 10), ("SQ02-SH900", 20, 50)]))
    assert len(reply.json["created_shots"]) == 1
    assert stage.entities("Shot")["SH900"]["nb_frames"] == 30


def test_case_does_not_count_where_it_is_not_to(api: Cutter, stage: Importing) -> None:
    cut = edl([("sq01-sh010", 0, 12)])
    assert api.send("cut.edl", cut, match_case="false").json["updated_shots"][0]["id"] == stage.shot.id
    assert api.send("cut.edl", cut).json["created_shots"][0]["name"] == "sh010"
    assert api.send("cut.edl", cut, match_case="perhaps").status == 400


def test_a_name_against_the_convention_is_refused_and_those_before_it_stay(api: Cutter, stage: Importing) -> None:
    reply = api.send("cut.edl", edl([("SQ01-SH777", 0, 12), ("nothing", 0, 12)]))
    assert (reply.status, reply.json["line_number"]) == (400, 2)
    assert "SH777" in stage.entities("Shot")
    for convention in ("${shot_name}", "${sequence_name}", "$sequence_name-$shot"):
        assert api.send("cut.edl", edl([("SQ01-SH888", 0, 12)]), naming_convention=convention).status == 400
    assert api.send("cut.edl", edl([("SQ01-SH888", 0, 12)]), naming_convention="x" * 500).status == 400
    assert "SH888" not in stage.entities("Shot")


def test_a_dry_run_tells_and_writes_nothing(api: Cutter, stage: Importing) -> None:
    cut = edl([("SQ01-SH010", 0, 12), ("SQ08-SH010", 0, 12), ("nothing", 0, 12)])
    before = stage.everything()
    assert actions(api.send("cut.edl", cut, dry_run="true")) == ["update", "create", "refuse"]
    assert stage.everything() == before
    assert stage.events("shot:new") == []


def test_an_episode_has_sequences_of_its_own(api: Cutter, stage: Importing) -> None:
    stage.show()
    one, two = (stage.entity(name, "Episode") for name in ("E01", "E02"))
    cut = edl([("SQ01-SH010", 0, 12)])
    first = api.send("cut.edl", cut, f"/episodes/{one.id}").json["created_shots"][0]
    second = api.send("cut.edl", cut, f"/episodes/{two.id}").json["created_shots"][0]
    assert first["parent_id"] != second["parent_id"]
    assert api.send("cut.edl", cut, f"/episodes/{two.id}").json["created_shots"] == []
    assert stage.events("shot:new")[0]["episode_id"] == one.id
    for wrong in (stage.shot.id, "nothing", "00000000-0000-4000-8000-000000000000"):
        assert api.send("cut.edl", cut, f"/episodes/{wrong}").status == 400


def test_only_managers_of_the_production_send_cuts(api: Cutter, stage: Importing) -> None:
    cut = edl([("SQ01-SH010", 0, 12)])
    for who in ("supervisor", "user", "client", "vendor", "stranger"):
        assert api.send("cut.edl", cut, user=who).status == 403
    assert api.post(f"/import/otio/projects/{stage.project.id}", user="manager").status == 400
    assert now(stage.shot)["nb_frames"] is None
