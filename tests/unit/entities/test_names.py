"""Full names (docs/contract/tasks.md section 7), and the length of shots (docs/contract/entities.md section 10)."""

import pytest

from chalicelib.domain.entities import names
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.record import Record
from chalicelib.store import session
from tests.unit.entities.stage import Studio, stored
from tests.unit.tasks.stage import UNKNOWN, Stage, change, create, now


def test_what_an_entity_is_called(stage: Stage) -> None:
    episode = stage.entity("E01", "Episode")
    assert names.full_name(stage.lama) == "Character / Lama"
    assert names.full_name(stage.shot) == "SQ01 / SH010"
    assert names.full_name(stage.sequence) == "SQ01"
    change(stage.sequence, parent_id=episode.id)
    assert names.full_name(stage.shot) == "E01 / SQ01 / SH010"
    assert names.full_name(now(stage.sequence)) == "E01 / SQ01"
    assert names.full_name(episode) == "E01"
    assert names.full_name(stage.entity("Cut", "Edit", parent_id=episode.id)) == "Edit / Cut"


def test_the_episode_of_an_entity(stage: Stage) -> None:
    episode = stage.entity("E01", "Episode")
    assert [names.episode_id_of(entity) for entity in (stage.lama, stage.shot, stage.sequence)] == [None] * 3
    sequence = change(stage.sequence, parent_id=episode.id)
    asset = change(stage.lama, source_id=episode.id)
    assert [names.episode_id_of(entity) for entity in (asset, stage.shot, sequence)] == [episode.id] * 3


def test_names_of_many_take_two_reads(stage: Stage) -> None:
    episode = stage.entity("E01", "Episode")
    change(stage.sequence, parent_id=episode.id)
    shots = [stage.shot, *(stage.entity(f"SH{n}", "Shot", parent_id=stage.sequence.id) for n in range(3))]
    with session.opened() as here:
        known = names.ancestors_of(shots)
    assert here.calls == {"BatchGetItem": 2}
    told = {entity.id: entity for entity in stored(stage)}
    assert [names.full_name(shot, known) for shot in shots] == [names.full_name(shot, told) for shot in shots]


def frames(api: Studio, user: str = "manager", task_type: str = "", **query: str) -> tuple[int, object]:
    stage = api.stage
    wanted = task_type or stage.types["Animation"].id
    path = f"/actions/projects/{stage.project.id}/task-types/{wanted}/set-shot-nb-frames"
    reply = api.call("POST", path, params=query, user=user)
    return reply.status, reply.json if reply.status == 200 else None


@pytest.fixture
def shot_with_previews(stage: Stage) -> Record:
    task = stage.task_on(stage.shot, "Animation")
    for revision, duration in ((1, 4.0), (2, 5.5)):
        create(PREVIEW_FILE, name=f"v{revision}", revision=revision, duration=duration, task_id=task.id)
    return stage.shot


def test_shots_get_the_length_of_their_newest_preview(api: Studio, stage: Stage, shot_with_previews: Record) -> None:
    stage.set(fps="24")
    assert frames(api) == (200, [{"id": shot_with_previews.id, "nb_frames": 132}])
    assert now(shot_with_previews)["nb_frames"] == 132
    assert frames(api, task_type=stage.types["Lighting"].id) == (200, [])
    assert frames(api, user="user")[0] == 403


def test_shots_of_an_episode_alone(api: Studio, stage: Stage, shot_with_previews: Record) -> None:
    episode = stage.entity("E01", "Episode")
    assert frames(api, episode_id=episode.id) == (200, [])
    change(stage.sequence, parent_id=episode.id)
    assert frames(api, episode_id=episode.id) == (200, [{"id": shot_with_previews.id, "nb_frames": 138}])
    assert frames(api, episode_id="nope")[0] == 400
    assert frames(api, task_type="nope")[0] == 400
    assert frames(api, task_type=UNKNOWN) == (200, [])
