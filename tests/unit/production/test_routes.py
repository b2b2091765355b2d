"""The routes of productions: who gets through, which bodies they take, what they answer."""

from urllib.parse import urlencode

import pytest

from chalicelib.access import tokens
from chalicelib.records.production import TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record
from tests.client import Api
from tests.unit.production.conftest import ROLES, UNKNOWN, Sessions, Studio, create, statuses


def test_who_reads_a_team(api: Api, project: Record) -> None:
    answered = statuses(api, "GET", f"/data/projects/{project.id}/team")
    assert answered == {"admin": 200, **dict.fromkeys(ROLES, 200), "stranger": 403, "None": 401}


@pytest.mark.parametrize("path", ["team", "settings/task-types", "settings/task-status", "settings/asset-types"])
def test_who_sets_something(api: Api, project: Record, path: str) -> None:
    answered = statuses(api, "POST", f"/data/projects/{project.id}/{path}", {})
    others = dict.fromkeys(("supervisor", "user", "client", "vendor", "stranger"), 403)
    assert answered == {"admin": 400, "manager": 400, **others, "None": 401}


def test_an_unknown_production_is_not_found(api: Api) -> None:
    for path in ("team", "task-types", "settings/task-status", "metadata-descriptors"):
        assert api.get(f"/data/projects/{UNKNOWN}/{path}").status == 404
    assert api.post(f"/data/projects/{UNKNOWN}/team", {"person_id": UNKNOWN}, user="manager").status == 404


def test_settings_come_as_json_as_a_form_and_in_the_query(api: Api, project: Record, studio: Studio) -> None:
    path = f"/data/projects/{project.id}/settings/asset-types"
    assert api.post(path, {"asset_type_id": studio.prop.id}).status == 201
    assert api.delete(f"{path}/{studio.prop.id}").status == 204
    form = urlencode({"asset_type_id": studio.prop.id}).encode()
    assert api.post(path, raw=form, headers={"Content-Type": "application/x-www-form-urlencoded"}).status == 201
    assert api.call("POST", path, params={"asset_type_id": studio.prop.id}).status == 201
    assert api.post(path, {"asset_type_id": UNKNOWN}).status == 404


def test_the_task_types_of_a_production(api: Api, project: Record) -> None:
    modeling = create(TASK_TYPE, name="Modeling")
    path = f"/data/projects/{project.id}"
    shown = api.post(f"{path}/settings/task-types", {"task_type_id": modeling.id, "priority": 2}).json
    assert "task_types" not in shown
    (listed,) = api.get(f"{path}/task-types", user="vendor").json
    assert listed["name"] == "Modeling"
    assert api.delete(f"{path}/settings/task-types/{modeling.id}", user="manager").content == b""
    assert api.get(f"{path}/task-types").json == []


def test_linking_a_task_type(api: Api, project: Record) -> None:
    modeling = create(TASK_TYPE, name="Modeling")
    body = {"project_id": project.id, "task_type_id": modeling.id}
    link = api.post("/data/task-type-links", {**body, "priority": 7}, user="manager")
    assert (link.status, link["type"], link["priority"]) == (201, "ProjectTaskTypeLink", 7)
    assert api.post("/data/task-type-links", body)["priority"] == 1
    assert api.post("/data/task-type-links", {**body, "priority": "high"}).status == 400
    assert api.post("/data/task-type-links", {"project_id": project.id}).status == 400
    assert api.post("/data/task-type-links", {"task_type_id": modeling.id}).status == 400
    assert api.post("/data/task-type-links", body, user="stranger").status == 403
    assert api.post("/data/task-type-links", [], user="manager").status == 400


def test_linking_a_task_status(api: Api, project: Record) -> None:
    done = create(TASK_STATUS, name="Done", short_name="done", color="#000000")
    body = {"project_id": project.id, "task_status_id": done.id}
    assert api.post("/data/task-status-links", {**body, "roles_for_board": ["admin", "manager"]})["priority"] == 1
    assert api.post("/data/task-status-links", {**body, "roles_for_board": "admin"})["roles_for_board"] == ["admin"]
    assert api.post("/data/task-status-links", body)["roles_for_board"] == []
    assert api.post("/data/task-status-links", {**body, "task_status_id": UNKNOWN}).status == 404


def test_a_column_from_its_making_to_its_end(api: Api, project: Record) -> None:
    path = f"/data/projects/{project.id}/metadata-descriptors"
    made = api.post(path, {"name": "Mood", "data_type": "list", "choices": ["a"], "for_client": "true"}, user="manager")
    assert (made.status, made["for_client"], made["entity_type"]) == (201, True, "Asset")
    assert "departments" not in made.json
    one = f"{path}/{made['id']}"
    assert api.get(one, user="user")["departments"] == []
    reset = api.put(one, {"name": "Mood", "data_type": "list"}).json
    assert (reset["choices"], reset["for_client"]) == ([], False)
    assert api.put(one, {"name": "Mood"}).status == 400
    assert api.delete(one).status == 204
    assert api.delete(one).status == 404


def test_who_makes_columns(api: Api, project: Record) -> None:
    answered = statuses(api, "POST", f"/data/projects/{project.id}/metadata-descriptors", {"name": "Size"})
    others = dict.fromkeys(("user", "client", "vendor", "stranger"), 403)
    assert answered == {"admin": 400, "manager": 400, "supervisor": 400, **others, "None": 401}


def test_who_reads_the_journal(api: Api) -> None:
    answered = statuses(api, "GET", "/data/events/last")
    others = dict.fromkeys(("supervisor", "user", "client", "vendor"), 403)
    assert answered == {"admin": 200, "manager": 200, "stranger": 200, **others, "None": 401}


def test_the_context_is_for_persons(api: Api, studio: Studio) -> None:
    assert statuses(api, "GET", "/data/user/context") == {**dict.fromkeys(api.tokens, 200), "None": 401}
    bot = studio.person("admin", is_bot=True, jti="a-token")
    api.tokens["bot"] = tokens.issue_script_token(bot, "a-token", None)
    assert api.get("/data/user/context", user="bot").status == 403
    assert api.get("/data/projects/open", user="bot").status == 200


def test_asset_types_are_read_by_all(api: Api, studio: Studio) -> None:
    assert api.get("/data/asset-types", user="vendor")[0]["type"] == "AssetType"
    assert api.get(f"/data/asset-types/{studio.prop.id}/", user="user")["name"] == "Prop"
    assert api.get("/data/asset-types/nope").status == 404


def test_open_and_all_productions(api: Api, project: Record) -> None:
    for path in ("/data/projects/open", "/data/projects/all", "/data/user/projects/open"):
        assert [one["name"] for one in api.get(path, user="client").json] == ["Caminandes"]
        assert api.get(path, user="stranger").json == []
        assert api.get(path, user=None).status == 401
    assert api.get("/data/projects/all", {"name": "nothing"}).status == 404


def test_a_warm_context_reads_the_caller_the_unread_and_an_episode_a_show(
    api: Api, studio: Studio, sessions: Sessions
) -> None:
    studio.project("Lamas", production_type="tvshow")
    for _ in range(3):
        assert api.get("/data/user/context").status == 200
    assert sessions[-1].calls == {"BatchGetItem": 1, "Query": 2}


def test_the_team_is_read_with_the_caller_alone(api: Api, project: Record, sessions: Sessions) -> None:
    for _ in range(2):
        assert api.get(f"/data/projects/{project.id}/team").status == 200
    assert sessions[-1].calls == {"BatchGetItem": 1}


def test_a_setting_takes_one_transaction(api: Api, project: Record, studio: Studio, sessions: Sessions) -> None:
    path = f"/data/projects/{project.id}/settings/asset-types"
    api.post(path, {"asset_type_id": studio.prop.id})
    api.post(path, {"asset_type_id": studio.prop.id})
    assert sessions[-1].calls["TransactWriteItems"] == 1
    # The caller, the three kinds that may have changed with the first request, the production, the transaction.
    assert sessions[-1].call_count <= 6
