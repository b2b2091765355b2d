"""Imports from ShotGrid (docs/contract/interchange.md section 5)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.interchange.shotgun import removals
from chalicelib.records.entities import ENTITY, ENTITY_LINK
from chalicelib.records.people import DEPARTMENT, PERSON
from chalicelib.records.production import PROJECT
from chalicelib.records.tasks import TASK
from chalicelib.settings import current
from chalicelib.store import keys, reads, reference
from tests.unit.interchange.shotgun.entries import (
    ASSET_51,
    EVERYTHING,
    KINDS,
    NOTE_301,
    PERSON_11,
    SEQUENCE_71,
    SHOT_91,
    TASK_201,
    VERSION_401,
    send,
    send_everything,
    stored,
)
from tests.unit.tasks.stage import Stage, Studio, change, now


def test_what_is_imported_twice_is_written_once(api: Studio, stage: Stage) -> None:
    first = send_everything(api)
    before = {kind.table: stored(stage, kind) for kind in KINDS}
    assert send_everything(api) == first
    assert {kind.table: stored(stage, kind) for kind in KINDS} == before
    assert api.calls.get("TransactWriteItems") is None


def test_no_event_tells_of_an_import_and_no_task_changes_by_a_note(api: Studio, stage: Stage) -> None:
    send_everything(api)
    task = stored(stage, TASK)[201]
    assert (task["last_comment_date"], task["task_status_id"]) == (None, stage.statuses["wip"].id)
    assert [stage.events(name) for name in ("task:new", "comment:new", "shot:new", "asset:new")] == [[], [], [], []]


def test_what_is_there_by_name_is_taken_for_what_is_imported(api: Studio, stage: Stage) -> None:
    ann = stage.person("ann", role="user", first_name="Anna", desktop_login="", last_name="Lee")
    change(ann, email="ann.lee@example.com")
    fox = stage.entity("Fox", "Character")
    reference.look_again()
    (person,) = send(api, "persons", PERSON_11)
    assert (person["id"], person["first_name"], person["shotgun_id"]) == (ann.id, "Anna", 11)
    assert now(ann)["departments"] == [stage.departments["Modeling"].id]
    assert [one["id"] for one in send(api, "assets", ASSET_51)] == [fox.id]
    send(api, "steps", EVERYTHING["steps"])
    on_fox = {"step": {"id": 43}, "entity": {"id": 51, "type": "Asset"}}
    known = stage.task_on(fox, "Animation", name="Animation main")
    assert [one["id"] for one in send(api, "tasks", {**TASK_201, **on_fox})] == [known.id]


def test_the_answer_tells_no_secrets(api: Studio) -> None:
    (person,) = send(api, "persons", PERSON_11)
    assert not {"password", "totp_secret", "jti", "fido_credentials"} & set(person)


@pytest.mark.parametrize(
    ("kind", "change_", "field"),
    [
        ("persons", {"id": "eleven"}, "[1].id"),
        ("persons", {"department": "Modeling"}, "[1].department"),
        ("persons", {"email": "nobody"}, "[1].email"),
        ("projects", {"name": ["Spring"]}, "[1].name"),
        ("projectconnections", {"user": {"id": {}}}, "[1].user.id"),
        ("status", {"bg_color": "300,0,0"}, "[1].bg_color"),
        ("status", {"code": "longer than ten"}, "[1].code"),
        ("steps", {"color": 7}, "[1].color"),
        ("assets", {"sg_asset_type": "Shot"}, "[1].sg_asset_type"),
        ("assets", {"parents": [3]}, "[1].parents"),
        ("assets", {"project": 101}, "[1].project"),
        ("shots", {"sg_cut_in": "a"}, "[1].sg_cut_in"),
        ("shots", {"assets": {"id": 51}}, "[1].assets"),
        ("tasks", {"duration": "long"}, "[1].duration"),
        ("tasks", {"start_date": "tomorrow"}, "[1].start_date"),
        ("notes", {"created_at": 7}, "[1].created_at"),
        ("versions", {"sg_uploaded_movie": {"url": ["a"]}}, "[1].sg_uploaded_movie.url"),
    ],
)
def test_a_wrong_value_is_named_by_its_entry_and_key_and_nothing_is_written(
    api: Studio, stage: Stage, kind: str, change_: dict[str, Any], field: str
) -> None:
    reply = api.post(f"/import/shotgun/{kind}", [EVERYTHING[kind], {**EVERYTHING[kind], **change_}])
    assert (reply.status, reply.json["data"]["field"]) == (400, field)
    known = {kind.table: set(stored(stage, kind)) for kind in KINDS}
    assert known == {kind.table: {101} if kind is PROJECT else set() for kind in KINDS}


def test_a_name_that_is_taken_refuses_that_entry_alone(api: Studio, stage: Stage) -> None:
    codes = {"name": "Paused", "bg_color": None}
    send(api, "status", {**codes, "id": 31, "code": "hld"})
    reply = api.post("/import/shotgun/status", [{**codes, "id": 32, "code": "omt"}, {**codes, "id": 31, "code": "omt"}])
    assert (reply.status, reply.json["data"]["field"]) == (400, "[1].short_name")
    reference.look_again()


def test_names_move_on_from_one_entry_to_the_next(api: Studio, stage: Stage) -> None:
    send(api, "sequences", SEQUENCE_71)
    shots = [{**SHOT_91, "id": number, "code": f"SH{number}", "assets": []} for number in (91, 92, 93)]
    send(api, "shots", *shots)
    send(api, "shots", *({**shot, "code": f"SH{shot['id'] + 1}"} for shot in shots))
    assert {number: one["name"] for number, one in stored(stage, ENTITY).items() if number > 90} == {
        91: "SH92",
        92: "SH93",
        93: "SH94",
    }


def test_what_two_send_at_once_is_made_once(api: Studio, stage: Stage) -> None:
    assets = [{**ASSET_51, "id": number, "code": f"Asset {number}"} for number in range(30)]
    together = threading.Barrier(3)

    def import_all(_: int) -> int:
        together.wait()
        return int(api.post("/import/shotgun/assets", assets).status)

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(import_all, range(3))) == [200, 200, 200]
    numbers = [one["shotgun_id"] for one in reads.query(ENTITY, keys.home_of_owner(stage.project.id))]
    assert sorted(one for one in numbers if one is not None) == list(range(30))


def test_a_shot_casts_what_it_names_and_nothing_else(api: Studio, stage: Stage) -> None:
    send(api, "assets", ASSET_51, {**ASSET_51, "id": 52, "code": "Hare"})
    send(api, "sequences", SEQUENCE_71)
    send(api, "shots", {**SHOT_91, "assets": [{"id": 51}, {"id": 999}]})
    entities = stored(stage, ENTITY)

    def cast() -> list[str]:
        links = reads.query(ENTITY_LINK, keys.home_of_owner(stage.project.id))
        assert {link["entity_in_id"] for link in links} <= {entities[91].id}
        return [link["entity_out_id"] for link in links]

    assert cast() == [entities[51].id]
    send(api, "shots", {**SHOT_91, "assets": [{"id": 52}]})
    assert cast() == [entities[52].id]
    without = {name: value for name, value in SHOT_91.items() if name != "assets"}
    send(api, "shots", {**without, "sg_mood": None, "sg_light": "low"})
    assert cast() == [entities[52].id]
    assert stored(stage, ENTITY)[91]["data"] == {
        "frame_in": 1001,
        "frame_out": 1048,
        "sg_cut_duration": 47,
        "sg_light": "low",
    }


def test_parents_cast_the_assets_that_name_them(api: Studio, stage: Stage) -> None:
    child = {**ASSET_51, "id": 52, "code": "Tail", "parents": [{"id": 51}]}
    send(api, "assets", child, ASSET_51, {**child, "id": 53, "code": "Ear"})
    links = reads.query(ENTITY_LINK, keys.home_of_owner(stage.project.id))
    known = stored(stage, ENTITY)
    # The parent came after the first of them: what is written in one request is found in it.
    assert {(link["entity_in_id"], link["entity_out_id"]) for link in links} == {
        (known[51].id, known[52].id),
        (known[51].id, known[53].id),
    }


def test_another_sequence_of_the_same_name_keeps_it(api: Studio, stage: Stage) -> None:
    stage.entity("SQ72", "Sequence")
    send(api, "sequences", SEQUENCE_71)
    assert send(api, "sequences", {**SEQUENCE_71, "id": 72, "code": "SQ72"}) == []
    (known,) = send(api, "sequences", {**SEQUENCE_71, "code": "SQ72", "description": "Taken"})
    assert (known["name"], known["description"]) == ("SQ71", "Taken")


def test_what_names_nobody_that_is_known_is_left_out(api: Studio, stage: Stage) -> None:
    send_everything(api)
    assert send(api, "tasks", {**TASK_201, "id": 202, "entity": {"id": 999, "type": "Shot"}}) == []
    assert send(api, "tasks", {**TASK_201, "id": 202, "step": None}, {"id": 203}) == []
    assert send(api, "notes", {**NOTE_301, "id": 302, "user": {"id": 999}}, {**NOTE_301, "id": 303, "tasks": []}) == []
    assert send(api, "versions", {**VERSION_401, "id": 402, "sg_task": None}) == []
    assert send(api, "projectconnections", {"id": 901, "project": {"id": 999}, "user": {"id": 11}}) == []
    assert send(api, "shots", {**SHOT_91, "project": {"name": "Nowhere"}}, {**SHOT_91, "project": None}) == []


def test_people_come_several_at_a_time_and_no_more_than_the_studio_may_have(
    api: Studio, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [{**PERSON_11, "id": number, "email": f"p{number}@example.com", "login": ""} for number in range(30)]
    assert len(send(api, "persons", *people)) == 30
    assert api.calls["TransactWriteItems"] <= 2
    there = len(reference.every(PERSON))
    monkeypatch.setenv("VULPES_PERSON_LIMIT", str(there + 1))
    current.cache_clear()
    more = [{**one, "id": one["id"] + 100, "email": f"more-{one['email']}"} for one in people[:2]]
    assert api.post("/import/shotgun/persons", more).status == 400
    assert len(send(api, "persons", {**more[0], "sg_status_list": "dis"}, more[1])) == 2
    current.cache_clear()


# -- anything may be sent ----------------------------------------------------------------------------------------------
_LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9)
)
_JSON: st.SearchStrategy[Any] = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("id", "name", "type")), inner)
)

_SENT = _JSON.filter(lambda sent: sent is not None)


def _broken(kind: str) -> st.SearchStrategy[Any]:
    """Entries as ShotGrid has them, with anything in the place of some values."""
    entry = EVERYTHING[kind]
    changed = st.dictionaries(st.sampled_from(sorted(entry)), _JSON, max_size=2)
    broken = changed.map(lambda values: {**entry, **values})
    return _SENT | st.lists(broken | _JSON, max_size=3)


@pytest.mark.slow
@pytest.mark.parametrize("kind", EVERYTHING)
def test_nothing_that_is_sent_breaks_an_import(api: Studio, kind: str) -> None:
    for before, entry in EVERYTHING.items():
        if before == kind:
            break
        send(api, before, entry)

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(_broken(kind))
    def refused_or_taken(sent: Any) -> None:
        reply = api.post(f"/import/shotgun/{kind}", sent)
        assert reply.status in (200, 400), (sent, reply.content)

    refused_or_taken()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(st.sampled_from(removals.WORDS), _SENT | st.fixed_dictionaries({"id": _JSON}))
def test_nothing_that_is_sent_breaks_a_removal(api: Studio, word: str, sent: Any) -> None:
    assert api.post(f"/import/shotgun/remove/{word}", sent).status in (200, 400)


@pytest.mark.slow
# -- how many calls it takes -------------------------------------------------------------------------------------------
def test_a_thousand_shots_and_tasks_take_a_transaction_for_twenty_and_no_read_each(api: Studio, stage: Stage) -> None:
    for kind in ("persons", "steps", "assets", "sequences"):
        send(api, kind, EVERYTHING[kind])
    shots = [{**SHOT_91, "id": number, "code": f"SH{number}"} for number in range(1000)]
    assert len(send(api, "shots", *shots)) == 1000
    # 40 transactions of shots, 42 of castings; the partitions, the types, whose turn it is.
    assert api.calls["TransactWriteItems"] <= 40 + 42
    assert api.cost - api.calls["TransactWriteItems"] <= 12, api.calls
    tasks = [
        {
            **TASK_201,
            "id": number,
            "entity": {"id": number, "type": "Shot"},
            "due_date": f"2024-03-{number % 28 + 1:02}",
        }
        for number in range(1000)
    ]
    assert len(send(api, "tasks", *tasks)) == 1000
    assert api.calls["TransactWriteItems"] <= 50
    assert api.cost - api.calls["TransactWriteItems"] <= 10, api.calls
    for kind, entries in (("shots", shots), ("tasks", tasks)):
        assert len(send(api, kind, *entries)) == 1000
        assert api.calls.get("TransactWriteItems") is None
        assert api.cost <= 10, api.calls


def test_one_shot_is_looked_for_by_its_id_and_not_among_all(api: Studio, stage: Stage) -> None:
    send(api, "sequences", SEQUENCE_71)
    send(api, "shots", {**SHOT_91, "assets": []})
    # The shot, its sequence, its links; the stamp, whose turn it is.
    assert api.cost <= 9, api.calls
    assert DEPARTMENT.reference
