"""What a person works on: lists below /data/user.

Source: docs/contract/people.md section 10, docs/contract/entities.md section 11.
"""

import pytest

from chalicelib.records.production import PROJECT_STATUS
from chalicelib.routes import user_scope
from tests.unit.tasks.stage import UNKNOWN, Stage, Studio, create


@pytest.fixture
def api(stage: Stage) -> Studio:
    stage.task_on(stage.shot, "Animation", "user")
    return Studio(stage, user_scope.area)


def paths(stage: Stage) -> dict[str, str]:
    """The lists of the artist, and the record that each begins with."""
    project, lama, shot = stage.project.id, stage.lama.id, stage.shot.id
    character = stage.kinds["Character"].id
    return {
        f"/data/user/projects/{project}/asset-types": character,
        f"/data/user/projects/{project}/asset-types/{character}/assets": lama,
        f"/data/user/projects/{project}/sequences": stage.sequence.id,
        f"/data/user/sequences/{stage.sequence.id}/shots": shot,
        f"/data/user/assets/{lama}/tasks": stage.task.id,
        f"/data/user/assets/{lama}/task-types": stage.types["Modeling"].id,
        f"/data/user/shots/{shot}/task-types": stage.types["Animation"].id,
    }


def test_a_person_sees_what_they_are_assigned_to(api: Studio, stage: Stage) -> None:
    for path, first in paths(stage).items():
        assert [one["id"] for one in api.get(path, user="user").json] == [first], path
        assert api.get(path, user="admin").json == [], path
        assert api.get(path, user=None).status == 401


@pytest.mark.parametrize("way", ["left", "closed"])
def test_nothing_is_shown_of_a_production_that_was_left_or_closed(api: Studio, stage: Stage, way: str) -> None:
    if way == "left":
        stage.set(team=[one for one in stage.team if one != stage.people["user"].id])
    else:
        stage.set(project_status_id=create(PROJECT_STATUS, name="Closed", color="#000000").id)
    for path in paths(stage):
        assert api.get(path, user="user").json == [], path


def test_what_is_unknown_is_not_found(api: Studio, stage: Stage) -> None:
    for unknown in (UNKNOWN, "no-id"):
        for path in ("projects/{}/sequences", "assets/{}/tasks", "shots/{}/task-types", "sequences/{}/shots"):
            assert api.get(f"/data/user/{path.format(unknown)}", user="user").status == 404
