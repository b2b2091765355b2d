"""Whatever befalls the accesses to the store one by one, a day in a studio ends as it should, and nobody sees a 500."""

from typing import Any

import pytest

from tests.client import Api
from tests.conftest import default_studio, signed_in
from tests.faults.proxy import Proxy
from tests.unit.files.conftest import picture

OPERATIONS = {"GetItem", "BatchGetItem", "Query", "TransactWriteItems", "BatchWriteItem", "UpdateItem"}


@pytest.fixture
def api(table: str, bucket: str) -> Api:
    default_studio()
    return signed_in()


def made(api: Api, path: str, body: Any) -> Any:
    reply = api.post(path, body)
    assert reply.status < 300, reply.content
    return reply.json


def live_a_day(api: Api) -> dict[str, Any]:
    """What happens in a studio from morning to evening; gives what is left then."""
    for address in ("nobody@example.com", "somebody@example.com"):
        assert api.post("/auth/login", {"email": address, "password": "wrong"}, user=None).status == 400
    artist = api.person("user", "artist")
    project = made(api, "/data/projects", {"name": "Caminandes"})
    made(api, f"/data/projects/{project['id']}/team", {"person_id": artist["id"]})
    asset_type = made(api, "/data/entity-types", {"name": "Creatures"})
    task_type = made(api, "/data/task-types", {"name": "Modelling", "color": "#000000", "for_entity": "Asset"})
    kinds = f"/data/projects/{project['id']}/asset-types/{asset_type['id']}/assets/new"
    assets = [made(api, kinds, {"name": name}) for name in ("Lama", "Fox", "Bird")]
    tasks = made(api, f"/actions/projects/{project['id']}/task-types/{task_type['id']}/assets/create-tasks", [])
    status = next(one for one in api.get("/data/task-status").json if one["short_name"] == "wip")
    for task in tasks:
        path = f"/actions/tasks/{task['id']}/comment"
        comment = made(api, path, {"task_status_id": status["id"], "comment": "At it"})
    preview = made(api, f"/actions/tasks/{tasks[-1]['id']}/comments/{comment['id']}/add-preview", {})
    sent = api.upload(f"/pictures/preview-files/{preview['id']}", "turn.png", picture())
    assert sent.status == 201, sent.content
    assert api.put(f"/data/entities/{assets[0]['id']}", {"description": "Hungry"}).status == 200
    assert api.delete(f"/data/tasks/{tasks[0]['id']}", {"force": "true"}).status == 204
    board = api.get(f"/data/assets/with-tasks?project_id={project['id']}").json
    return {
        "tasks": sorted(len(row["tasks"]) for row in board),
        "comments": [len(api.get(f"/data/tasks/{task['id']}/comments").json) for task in tasks[1:]],
        "news": api.get(f"/data/projects/{project['id']}/news").json["total"],
        "description": api.get(f"/data/entities/{assets[0]['id']}").json["description"],
        "preview": api.get(f"/data/preview-files/{preview['id']}").json["status"],
        "people": len(api.get("/data/persons").json),
    }


@pytest.mark.parametrize("does", ["throttle", "fail", "drop", "lose", "lose and fail", "leave"])
def test_a_day_ends_as_it_should(api: Api, database: Proxy, does: str) -> None:
    befallen = {"BatchGetItem", "BatchWriteItem"} if does == "leave" else OPERATIONS
    faults = {name: database.befall(does, name, times=-1, every=2) for name in befallen}
    left = live_a_day(api)
    assert left == {
        "tasks": [0, 1, 1],
        "comments": [1, 1],
        "news": 2,
        "description": "Hungry",
        "preview": "ready",
        "people": 2,
    }
    assert [name for name, fault in faults.items() if not fault.met] == []
