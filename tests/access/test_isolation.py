"""To who is not in the team of a production nothing of it is shown, changed or named.

Source: docs/contract/people.md section 1.
"""

from typing import Any

import pytest

from chalicelib.domain.registry import ALL
from chalicelib.http.call import Route
from chalicelib.store import reads
from tests.access.requests import ENTITY_WORDS, all_routes, parameters, path_of, record_of, table_of
from tests.access.studio import MEMBERS, AccessStudio
from tests.client import Api

# Of the studio, not of a production: what a path names below a production is allowed to be any of these.
OPEN = ("/auth/logout", "/auth/refresh-token")


def reading() -> list[Route]:
    return [
        route for route in all_routes() if route.method == "GET" and not route.access.open and route.path not in OPEN
    ]


def secrets_of(world: AccessStudio) -> set[bytes]:
    """What tells of the other production: its ids, its name."""
    found = {world.theirs.id, *(record.id for record in world.theirs.records.values())}
    return {each.encode() for each in (*found, *(one.id for one in world.theirs.entities.values()), "Theirs ")}


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize("name", MEMBERS)
def test_nothing_of_another_production_is_told(api: Api, world: AccessStudio, name: str) -> None:
    hidden, told = secrets_of(world), []
    queries: list[dict[str, Any]] = [
        {},
        {"project_id": world.theirs.id},
        {"relations": "true"},
        {"page": "1", "limit": "1000"},
    ]
    for route in reading():
        for query in queries if "{" not in route.path else queries[:1]:
            answered = api.get(path_of(route, world.mine), query, user=name)
            assert answered.status < 500, (route.path, answered.content)
            sent = {value.encode() for value in query.values()}
            if answered.status == 200 and any(word in answered.content for word in hidden - sent):
                told.append((route.path, query))
    assert told == []


@pytest.mark.usefixtures("bucket")
def test_ids_of_another_production_below_a_path_are_not_found(api: Api, world: AccessStudio) -> None:
    """`mine` above, `theirs` below: the administrator, who may see both, is told that it is not there."""
    found = []
    for route in all_routes():
        names = [name for name in parameters(route.path) if name.endswith("_id") and name != "instance_id"]
        if len(names) < 2 or names[-1] in ("reply_id", "person_id"):
            continue
        table = table_of(route, names[-1])
        if table not in world.theirs.records and table not in ENTITY_WORDS:
            continue
        path = path_of(route, world.mine).replace(record_of(world.mine, table).id, record_of(world.theirs, table).id)
        body = {"name": "other", "data_type": "string"} if route.method in ("POST", "PUT") else None
        answered = api.call(route.method, path, body)
        # A cut for an episode that is not there is a wrong request, as the golden record has it.
        if answered.status != (400 if route.path.startswith("/import/otio/") else 404):
            found.append(f"{route.method} {route.path}: {answered.status} {answered.content[:80]!r}")
    assert not found, "\n".join(found)


def test_bodies_cannot_name_another_production(api: Api, world: AccessStudio) -> None:
    """A manager of `mine` sends ids of `theirs` to it."""
    mine, theirs = world.mine, world.theirs
    asset, task = theirs.entities["asset"].id, theirs.records["task"].id
    shot = {"name": "SH99", "sequence_id": theirs.entities["sequence"].id}
    work = f"/actions/projects/{mine.id}/task-types/{world.task_type.id}"
    assert api.post(f"/data/projects/{mine.id}/shots", shot, user="manager").status in (400, 403, 404)
    assert api.put(f"/data/tasks/{mine.records['task'].id}", {"entity_id": asset}, user="manager").status in (200, 400)
    assert reads.get(ALL["task"].kind, mine.records["task"].id)["entity_id"] == mine.entities["asset"].id
    for path in (f"{work}/assets/create-tasks", f"/actions/projects/{mine.id}/delete-tasks"):
        answered = api.post(path, [asset if "create" in path else task], user="manager")
        assert answered.status in (400, 404) or answered.json == [], (path, answered.content)
    parents = {"parent_id": theirs.entities["sequence"].id}
    assert api.put(f"/data/entities/{mine.entities['shot'].id}", parents, user="manager").status in (200, 400, 404)
    kept = reads.get(ALL["entity"].kind, mine.entities["shot"].id)
    assert kept["parent_id"] == mine.entities["sequence"].id
    assert reads.find(ALL["task"].kind, task) is not None


def test_bodies_without_a_path_reach_own_productions_alone(api: Api, world: AccessStudio) -> None:
    """Routes that take ids of any production in their body leave out, or refuse, what is not for the caller."""
    task, mate = world.theirs.records["task"], world.people["mate"]
    before = reads.get(ALL["task"].kind, task.id)
    status = {
        "task_status_id": world.status.id,
        "text": "Boo",
        "comment": "Boo",
        "task_id": task.id,
        "object_id": task.id,
    }
    sent: list[tuple[str, str, Any]] = [
        ("PUT", f"/actions/persons/{mate.id}/assign", {"task_ids": [task.id]}),
        ("PUT", "/actions/tasks/clear-assignation", {"task_ids": [task.id]}),
        ("PUT", "/actions/tasks/clear-assignation", {"task_ids": [task.id], "person_id": mate.id}),
        ("POST", "/actions/tasks/batch-comment", {"comments": [status]}),
        ("POST", f"/actions/projects/{world.mine.id}/tasks/comment-many", [status]),
        ("POST", f"/actions/projects/{world.theirs.id}/tasks/comment-many", [status]),
        ("POST", "/data/tasks", {"project_id": world.theirs.id, "task_type_id": world.task_type.id}),
        ("POST", "/data/entities", {"project_id": world.theirs.id, "name": "Intruder"}),
        ("POST", "/data/playlists/", {"project_id": world.theirs.id, "name": "Intruder"}),
        ("POST", "/data/task-type-links", {"project_id": world.theirs.id, "task_type_id": world.task_type.id}),
        ("POST", "/data/task-status-links", {"project_id": world.theirs.id, "task_status_id": world.status.id}),
    ]
    for name in MEMBERS:
        for method, path, body in sent:
            answered = api.call(method, path, body, user=name)
            empty = answered.status in (200, 201) and answered.json == []
            assert empty or answered.status in (400, 403, 404), (name, method, path, answered.content)
    assert reads.get(ALL["task"].kind, task.id) == before
    assert b"Boo" not in api.get(f"/data/tasks/{task.id}/comments").content
    assert b"Intruder" not in api.get("/data/entities").content + api.get("/data/playlists/").content
