"""What is done in the episodes of a show; what is linked to an entity."""

from typing import Any

import pytest

from chalicelib.records.record import Record
from tests.unit.entities.stage import Studio
from tests.unit.tasks.stage import UNKNOWN, Stage


@pytest.fixture
def episode(stage: Stage) -> Record:
    """An episode with a shot that is done after two retakes, and one that is to be done again."""
    episode = stage.entity("E01", "Episode")
    sequence = stage.entity("SQ10", "Sequence", parent_id=episode.id)
    for name, frames, status, takes, drawings in (("A", 100, "done", 2, 30), ("B", None, "retake", 1, None)):
        shot = stage.entity(name, "Shot", parent_id=sequence.id, nb_frames=frames)
        figures = {"retake_count": takes, "nb_drawings": drawings}
        stage.task_on(shot, "Animation", *_workers(name), task_status_id=stage.statuses[status].id, **figures)
    # Below no episode: it counts nowhere.
    stage.task_on(stage.shot, "Animation")
    return episode


def _workers(name: str) -> tuple[str, ...]:
    return ("vendor",) if name == "B" else ()


def figures(count: int = 0, frames: int = 0, drawings: int = 0) -> dict[str, int]:
    return {"count": count, "frames": frames, "drawings": drawings}


def read(api: Studio, stage: Stage, name: str, user: str = "manager") -> Any:
    return api.get(f"/data/projects/{stage.project.id}/episodes/{name}", user=user)


def test_tasks_are_counted_by_episode_type_and_status(api: Studio, stage: Stage, episode: Record) -> None:
    done, retake = stage.statuses["done"].id, stage.statuses["retake"].id
    by_status = {
        done: {"name": "done", "color": "#000000", **figures(1, 100, 30)},
        retake: {"name": "retake", "color": "#000000", **figures(1)},
    }
    by_type = {stage.types["Animation"].id: by_status, "all": by_status}
    assert read(api, stage, "stats").json == {episode.id: by_type, "all": by_type}


def test_takes_tell_how_the_outcomes_came_about(api: Studio, stage: Stage, episode: Record) -> None:
    answer = read(api, stage, "retake-stats").json
    found = answer[episode.id]["all"]
    assert found == answer[episode.id][stage.types["Animation"].id]
    assert found["max_retake_count"] == 2
    assert (found["done"], found["retake"], found["other"]) == (figures(1, 100, 30), figures(1), figures())
    assert found["evolution"] == {
        "1": {"done": figures(), "retake": figures(2, 100, 30), "other": figures()},
        "2": {"done": figures(), "retake": figures(1, 100, 30), "other": figures(1)},
    }
    assert answer["all"]["all"] == {**found, "evolution": {}}


def test_vendors_count_their_own_tasks(api: Studio, stage: Stage, episode: Record) -> None:
    counted = read(api, stage, "stats", user="vendor").json["all"]["all"]
    assert list(counted) == [stage.statuses["retake"].id]
    assert read(api, stage, "retake-stats", user="vendor").json["all"]["all"]["max_retake_count"] == 1


def test_a_production_without_episodes_has_empty_statistics(api: Studio, stage: Stage) -> None:
    assert read(api, stage, "stats").json == {}
    nothing = {"max_retake_count": 0, "evolution": {}, "done": figures(), "retake": figures(), "other": figures()}
    assert read(api, stage, "retake-stats").json == {"all": {"all": nothing}}
    assert read(api, stage, "stats", user="stranger").status == 403
    assert api.get(f"/data/projects/{UNKNOWN}/episodes/stats", user="manager").status == 404


def test_statistics_cost_what_changed(api: Studio, stage: Stage, episode: Record) -> None:
    for name in ("stats", "retake-stats"):
        read(api, stage, name)
        read(api, stage, name)
        assert api.calls == {"BatchGetItem": 1, "Query": 2}


def test_concepts_linked_to_an_entity_come_with_their_tasks(api: Studio, stage: Stage) -> None:
    mood = stage.entity("Mood", "Concept", entity_concept_links=[stage.lama.id], type="Concept")
    stage.entity("Light", "Concept")
    task = stage.task_on(mood, "Concept", "user")
    path = f"/data/entities/{stage.lama.id}/entities-linked/with-tasks"
    rows = api.get(path, user="user").json
    assert [(row["name"], row["type"], row["project_name"]) for row in rows] == [("Mood", "Concept", "Caminandes")]
    assert rows[0]["entity_concept_links"] == [stage.lama.id]
    assert [(one["id"], one["assigner_id"]) for one in rows[0]["tasks"]] == [(task.id, None)]
    assert "is_subscribed" not in rows[0]["tasks"][0]
    api.get(path, user="user")
    assert api.calls == {"BatchGetItem": 1, "GetItem": 1, "Query": 2}
    assert api.get(f"/data/entities/{stage.shot.id}/entities-linked/with-tasks", user="vendor").status == 403


def test_concepts_always_tell_what_they_are_linked_to(api: Studio, stage: Stage) -> None:
    path = f"/data/projects/{stage.project.id}/concepts"
    made = api.post(path, {"name": "Mood", "entity_concept_links": [stage.lama.id, UNKNOWN]}, user="user")
    assert (made.status, made.json["entity_concept_links"]) == (201, [stage.lama.id])
    assert [row["entity_concept_links"] for row in api.get(path, user="user").json] == [[stage.lama.id]]
