"""Entities and tasks that are pushed into another production of the same studio (docs/contract/interchange.md 4)."""

import re
from collections.abc import Iterable
from typing import Any

import pytest

from chalicelib import routes
from chalicelib.access import tokens
from chalicelib.http.application import VulpesApp
from chalicelib.records.entities import ENTITY_LINK
from chalicelib.records.files import PLAYLIST, PREVIEW_FILE
from chalicelib.records.people import SUBSCRIPTION
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, NEWS, TIME_SPENT
from chalicelib.store import keys
from tests.client import Api
from tests.prepared import prepared
from tests.unit.tasks.stage import Stage, create, now

_KNOWN = {"project_id", "task_id", "asset_id", "shot_id", "entity_id"}
_NAMES = re.compile(r"\{(\w+)\}")


class Studio(Api):
    """All routes, and a production to which the manager of the stage pushes what is in the first one."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(VulpesApp("moves", routes=routes.declarations()))
        self.tokens = {name: tokens.issue(person) for name, person in stage.people.items()}
        self.stage = stage
        self.far = stage.production("Elsewhere", ("manager", "user"))
        self.scene = stage.entity("SC01", "Scene", parent_id=stage.sequence.id)
        self.animation = stage.task_on(stage.shot, "Animation", "user")
        self.dressing = stage.task_on(self.scene, "Modeling")
        author = stage.people["user"].id
        self.comment = create(COMMENT, object_id=stage.task.id, object_type="Task", person_id=author, text="Go")
        self.preview = create(
            PREVIEW_FILE, name="v1", task_id=stage.task.id, status="ready", comments=[self.comment.id]
        )
        create(NEWS, task_id=stage.task.id, comment_id=self.comment.id, author_id=author)
        create(TIME_SPENT, task_id=stage.task.id, person_id=author, date="2024-03-04", duration=60)
        create(SUBSCRIPTION, task_id=stage.task.id, person_id=author)
        create(ENTITY_LINK, entity_in_id=stage.shot.id, entity_out_id=stage.lama.id, nb_occurences=2)
        shots = [{"entity_id": stage.lama.id, "preview_file_id": self.preview.id}]
        self.playlist = create(PLAYLIST, name="Dailies", project_id=stage.project.id, shots=shots, for_entity="asset")

    def push(self, what: str, *records: Record, user: str = "manager", **more: Any) -> Any:
        """Sends records as gazu does: as they are shown, with the other production."""
        relations = {"assignees": "assignees"}
        sent = [
            {name: value for name, value in now(one).items() if name not in ("entities_out", "told")}
            | {"project_id": self.far.id, **more, **{name: now(one)[name] for name in relations if name in one}}
            for one in records
        ]
        reply = self.post(f"/import/kitsu/{what}", sent, user=user)
        assert reply.status == 200, reply.content
        return reply.json

    def ids(self, project: Record, what: str) -> set[str]:
        return {one["id"] for one in self.get(f"/data/projects/{project.id}/{what}").json}


@pytest.fixture
def api(table: str, bucket: str) -> Studio:
    return Studio(prepared(Stage))


def lists() -> Iterable[str]:
    """The paths of all lists that a production, an entity or a task is named for."""
    for area in routes.areas():
        for route in area.routes:
            names = set(_NAMES.findall(route.path))
            if (
                route.method == "GET"
                and names
                and names <= {"project_id", "task_id", "asset_id", "shot_id", "entity_id"}
            ):
                yield route.path


def refuse_broken(api: Studio) -> None:
    """Asks for everything there is to read of both productions: nothing breaks."""
    stage = api.stage
    for project in (stage.project, api.far):
        known = {"project_id": project.id, "task_id": stage.task.id, "asset_id": stage.lama.id}
        known |= {"shot_id": stage.shot.id, "entity_id": stage.sequence.id}
        for path in lists():
            reply = api.get(_NAMES.sub(lambda found: known[found[1]], path))  # noqa: B023
            assert reply.status < 500, (path, reply.content)
        for path in ("/data/assets/with-tasks", "/data/shots/with-tasks", "/data/scenes/with-tasks", "/data/tasks"):
            assert api.get(path, {"project_id": project.id}).status == 200, path
    for path in ("/data/user/tasks", "/data/user/done-tasks", "/data/user/tasks-to-check", "/data/user/context"):
        assert api.get(path, user="user").status == 200, path
    assert api.get("/data/tasks/open-tasks").status == 200


@pytest.mark.slow
def test_what_is_pushed_takes_along_what_hangs_on_it_and_nothing_breaks_on_the_way(api: Studio) -> None:
    stage, far = api.stage, api.far
    for step in (stage.lama, stage.sequence, stage.shot):
        (taken,) = api.push("entities", step)
        assert (taken["id"], taken["project_id"]) == (step.id, far.id)
        refuse_broken(api)
    assert api.ids(far, "assets") == {stage.lama.id}
    assert api.ids(far, "shots") == {stage.shot.id}
    assert api.ids(far, "tasks") == {stage.task.id, api.animation.id}
    assert api.ids(stage.project, "tasks") == {api.dressing.id}
    home = keys.home_of_owner(far.id)
    assert [now(one).home for one in (stage.lama, stage.task, api.comment, api.preview)] == [home] * 4
    cast = api.get(f"/data/projects/{far.id}/entities/{stage.shot.id}/casting").json
    assert [(one["asset_id"], one["nb_occurences"]) for one in cast] == [(stage.lama.id, 2)]
    assert [one["text"] for one in api.get(f"/data/tasks/{stage.task.id}/comments").json] == ["Go"]
    assert now(api.playlist)["shots"] == []
    assert stage.events("asset:update", far) == [{"asset_id": stage.lama.id}]


def test_a_task_whose_entity_stays_is_left_out(api: Studio) -> None:
    stage = api.stage
    api.push("entities", stage.lama)
    taken = api.push("tasks", stage.task, api.dressing, task_status_id=stage.statuses["wip"].id)
    assert [one["id"] for one in taken] == [stage.task.id]
    assert (now(stage.task)["task_status_id"], now(api.dressing)["project_id"]) == (
        stage.statuses["wip"].id,
        stage.project.id,
    )


def test_who_leads_but_one_of_the_productions_moves_nothing(api: Studio) -> None:
    stage = api.stage
    alone = stage.production("Theirs", ("stranger",))
    sent = [{**now(stage.lama), "project_id": alone.id}]
    for name in ("stranger", "manager", "supervisor", "user"):
        assert api.post("/import/kitsu/entities", sent, user=name).json == []
    assert now(stage.lama)["project_id"] == stage.project.id


def test_an_entity_leaves_what_it_was_in(api: Studio) -> None:
    stage = api.stage
    api.push("entities", stage.shot, parent_id=None)
    assert now(stage.shot)["parent_id"] is None
    sent = [{**now(api.scene), "project_id": api.far.id}]
    assert api.post("/import/kitsu/entities", sent, user="manager").status == 400
    assert now(api.scene)["project_id"] == stage.project.id
