"""Dry runs of imports from ShotGrid and from another Kitsu: they tell what comes true, and write nothing."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.records.entities import ENTITY
from chalicelib.records.production import PROJECT
from chalicelib.routes import shotgun
from chalicelib.store import queue, reads, reference, rehearsal
from chalicelib.store.changes import write
from tests.client import Api
from tests.prepared import items_of_table
from tests.unit.interchange import test_kitsu as kitsu
from tests.unit.interchange.shotgun.conftest import stage
from tests.unit.interchange.shotgun.entries import ASSET_51, EVERYTHING, PERSON_11, SEQUENCE_71, SHOT_91, send, stored
from tests.unit.interchange.test_kitsu_comments import comment
from tests.unit.tasks.stage import Stage, Studio, change, create

__all__ = ["stage"]
DRY = "?dry_run=true"


@pytest.fixture
def studio(stage: Stage) -> Studio:
    return Studio(stage, shotgun.area)


@pytest.fixture
def api(stage: Stage) -> Api:
    return kitsu.client_of(stage)


def rows(api: Any, path: str, sent: Any, user: str = "admin") -> list[dict[str, Any]]:
    """What a dry run tells, which leaves the table as it is."""
    before = items_of_table()
    reply = api.post(path + DRY, sent, user=user)
    assert reply.status == 200, reply.content
    assert items_of_table() == before
    return list(reply.json)


def told(found: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(row["line_number"], row["action"], row["type"], row["name"]) for row in found]


# -- ShotGrid ----------------------------------------------------------------------------------------------------------
def test_everything_of_shotgrid_is_told_before_and_after(studio: Studio, stage: Stage) -> None:
    first, again = {}, {}
    for kind, entry in EVERYTHING.items():
        path = f"/import/shotgun/{kind}"
        first[kind] = rows(studio, path, [entry])[0]["action"]
        send(studio, kind, entry)
        again[kind] = rows(studio, path, [entry])[0]["action"]
    assert set(again.values()) == {"unchanged"}
    # The production is there, and gets somebody; so are a status and a step of these names.
    assert {kind for kind, action in first.items() if action == "update"} == {"projectconnections", "status", "steps"}
    assert set(first.values()) == {"create", "update"}


def test_what_is_wrong_or_left_out_is_told_with_its_reason_and_the_rest_goes_on(studio: Studio, stage: Stage) -> None:
    send(studio, "sequences", SEQUENCE_71)
    short = {key: value for key, value in SHOT_91.items() if key != "sg_cut_duration"}
    elsewhere = {**SHOT_91, "id": 94, "project": {"name": "Nowhere"}}
    sent = [{**SHOT_91, "sg_cut_in": "a"}, "nothing", short, elsewhere, {**SHOT_91, "id": 95, "code": "SH095"}]
    found = rows(studio, "/import/shotgun/shots", sent)
    assert told(found) == [
        (1, "refuse", "Shot", "SH091"),
        (2, "refuse", "Shot", ""),
        (3, "skip", "Shot", "SH091"),
        (4, "skip", "Shot", "SH091"),
        (5, "create", "Shot", "SH095"),
    ]
    assert [(row["column"], row["message"]) for row in found[:4]] == [
        ("sg_cut_in", "sg_cut_in is not a number."),
        (None, "The entry is not an object."),
        (None, "It lacks sg_cut_duration."),
        (None, "It lacks something that is needed, or names what is not here."),
    ]
    assert studio.post(f"/import/shotgun/shots{DRY}", {"id": 1}).status == 400
    assert studio.post("/import/shotgun/shots?dry_run=perhaps", []).status == 400


def test_a_taken_name_is_told_of_its_entry_and_names_move_on(studio: Studio, stage: Stage) -> None:
    codes = {"bg_color": None}
    send(studio, "status", {**codes, "id": 31, "name": "Paused", "code": "hld"})
    sent = [
        {**codes, "id": 32, "name": "Left out", "code": "omt"},
        {**codes, "id": 31, "name": "Paused", "code": "omt"},
        {**codes, "id": 34, "name": "Omitted", "code": "omt"},
    ]
    assert [(row["action"], row["column"]) for row in rows(studio, "/import/shotgun/status", sent)] == [
        ("create", None),
        ("refuse", "short_name"),
        ("update", None),
    ]
    send(studio, "sequences", SEQUENCE_71)
    shots = [{**SHOT_91, "id": number, "code": f"SH{number}", "assets": []} for number in (91, 92)]
    send(studio, "shots", *shots)
    moved = [{**shot, "code": f"SH{shot['id'] + 1}"} for shot in shots]
    assert [row["action"] for row in rows(studio, "/import/shotgun/shots", moved)] == ["update", "update"]


def test_a_casting_that_changes_is_a_change_of_the_shot(studio: Studio, stage: Stage) -> None:
    for kind, entry in (("assets", ASSET_51), ("sequences", SEQUENCE_71), ("shots", SHOT_91)):
        send(studio, kind, entry)
    (row,) = rows(studio, "/import/shotgun/shots", [{**SHOT_91, "assets": []}])
    assert (row["action"], row["message"]) == ("update", "What it casts changes.")


def test_large_imports_are_rehearsed_on_held_partitions(studio: Studio, stage: Stage) -> None:
    send(studio, "sequences", SEQUENCE_71)
    shots = [{**SHOT_91, "id": number, "code": f"SH{number}", "assets": []} for number in range(60)]
    send(studio, "shots", *shots[:20])
    twice = [*shots, {**shots[50], "sg_cut_in": 7}]
    found = rows(studio, "/import/shotgun/shots", twice)
    assert Counter(row["action"] for row in found) == {"unchanged": 20, "create": 40, "update": 1}
    # What was rehearsed is known to nobody.
    assert len(stored(stage, ENTITY)) == 21
    assert studio.post("/import/shotgun/shots", twice).status == 200
    assert len(stored(stage, ENTITY)) == 61


_ENTRY = st.builds(
    lambda number, code, mood, project: {
        **ASSET_51, "id": number, "code": code, "sg_mood": mood, "project": project,
    },
    st.integers(50, 54) | st.none() | st.just("x"),
    st.sampled_from(["Fox", "Owl", "", "Lama"]),
    st.sampled_from(["sad", None]),
    st.sampled_from([ASSET_51["project"], {"id": 999}, None]),
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(st.lists(_ENTRY, max_size=6))
def test_what_a_dry_run_tells_comes_true(studio: Studio, stage: Stage, sent: list[dict[str, Any]]) -> None:
    before = {one["id"]: one for one in reads_of(stage)}
    found = rows(studio, "/import/shotgun/assets", sent)
    taken = studio.post("/import/shotgun/assets", sent)
    wrong = [row["line_number"] for row in found if row["action"] == "refuse"]
    assert taken.status == (400 if wrong else 200), (found, taken.content)
    if wrong:
        assert taken.json["data"]["field"].startswith(f"[{wrong[0] - 1}]")
        return
    after = {one["id"]: one for one in reads_of(stage)}
    count = Counter(row["action"] for row in found)
    assert count["create"] == len(after.keys() - before.keys())
    assert bool(count["create"] or count["update"]) == (after != before)


def reads_of(stage: Stage) -> list[dict[str, Any]]:
    return [dict(one) for one in reads.query(ENTITY, stage.lama.home or "")]


# -- another Kitsu -----------------------------------------------------------------------------------------------------
def test_records_of_another_kitsu_are_told_with_the_reason(api: Api, stage: Stage) -> None:
    far = stage.production("Elsewhere", ("stranger",))
    sent = [
        kitsu.asset(stage),
        kitsu.shot(stage, entities_out=[kitsu.ASSET]),
        kitsu.asset(stage, name="Red fox"),
        kitsu.asset(stage, id=kitsu.TASK_ID, name=None),
        kitsu.asset(stage, id=kitsu.TASK_ID, project_id=far.id),
        kitsu.asset(stage, id=kitsu.TASK_ID, name="Fox", project_id=kitsu.FOREIGN_TASK),
        "x",
    ]
    assert api.post(f"/import/kitsu/entities{DRY}", sent, user="manager").status == 400
    found = rows(api, "/import/kitsu/entities", sent[:-1], user="manager")
    assert [(row["action"], row["name"]) for row in found] == [
        ("create", "Fox"),
        ("create", "SH900"),
        ("update", "Red fox"),
        ("refuse", kitsu.TASK_ID),
        ("skip", "Fox"),
        ("skip", "Fox"),
    ]
    assert found[3]["column"] == "name"
    assert all(row["message"] for row in found[3:])
    assert reads.find(ENTITY, kitsu.ASSET) is None


def test_a_second_dry_run_of_what_is_there_changes_nothing(api: Api, stage: Stage) -> None:
    fox, task = kitsu.asset(stage), kitsu.task(stage)
    link = {"entity_in_id": stage.shot.id, "entity_out_id": stage.lama.id, "nb_occurences": 2}
    for what, entry in (("entities", fox), ("tasks", task), ("entity-links", link), ("comments", comment(stage))):
        path = f"/import/kitsu/{what}"
        assert [row["action"] for row in rows(api, path, [entry], user="manager")] == ["create"], what
        kitsu.send(api, what, entry)
        assert [row["action"] for row in rows(api, path, [entry], user="manager")] == ["unchanged"], what
        assert [row["action"] for row in rows(api, path, [entry], user="user")] == ["skip"], what
    production = {"id": kitsu.SHOT, "name": "Spring", "team": []}
    assert [row["action"] for row in rows(api, "/import/kitsu/projects", [production, production])] == [
        "create",
        "unchanged",
    ]
    assert reference.find(PROJECT, kitsu.SHOT) is None
    assert [row["action"] for row in rows(api, "/import/kitsu/projects", [production], user="manager")] == ["skip"]


def test_a_move_to_another_production_is_told_and_not_begun(api: Api, stage: Stage) -> None:
    far = stage.production("Elsewhere", ("manager",))
    sent = [{**dict(stage.lama), "project_id": far.id}]
    assert [row["action"] for row in rows(api, "/import/kitsu/entities", sent, user="manager")] == ["update"]
    assert reads.get(ENTITY, stage.lama.id)["project_id"] == stage.project.id


# -- the rehearsal itself ----------------------------------------------------------------------------------------------
def test_a_command_finds_what_those_before_it_would_have_made(stage: Stage) -> None:
    with rehearsal.opened():
        made = create(ENTITY, name="Owl", project_id=stage.project.id, entity_type_id=stage.kinds["Character"].id)
        change(made, name="Grey owl")
        assert reads.get(ENTITY, made.id)["name"] == "Grey owl"
        write(lambda changes: changes.delete(changes.read(ENTITY, stage.lama.id)))
        assert reads.find(ENTITY, stage.lama.id) is None
        with pytest.raises(AssertionError, match="writes nothing"):
            queue.send("{}")
    assert reads.find(ENTITY, made.id) is None
    assert reads.get(ENTITY, stage.lama.id)["name"] == "Lama"


def test_persons_that_are_rehearsed_are_known_to_nobody_after(studio: Studio, stage: Stage) -> None:
    found = rows(studio, "/import/shotgun/persons", [PERSON_11, {**PERSON_11, "id": 12}])
    # The second one is found by the address.
    assert [row["action"] for row in found] == ["create", "unchanged"]
    (person,) = send(studio, "persons", PERSON_11)
    assert person["shotgun_id"] == 11
