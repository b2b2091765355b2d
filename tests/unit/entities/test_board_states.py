"""Who has the latest version of a board is told so by a container that holds nothing of the production."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.access.caller import Caller
from chalicelib.domain.entities import boards
from chalicelib.domain.entities.kinds import ASSET, SHOT, EntityKind
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY, ENTITY_LINK
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, partition_states, partitions, reads, session
from chalicelib.store.changes import write
from chalicelib.store.record_items import entry_of
from tests.unit.tasks.stage import Stage, Studio, change


def grow_cold(stage: Stage) -> None:
    """As a container that holds the reference data and nothing of the production."""
    boards.forget()
    for kind in (ENTITY, TASK, ENTITY_LINK):
        partitions._held.pop((keys.home_of_owner(stage.project.id), kind.table), None)


def cold(stage: Stage, kind: EntityKind = SHOT, user: str = "manager") -> str:
    """The version that a container which holds nothing tells."""
    grow_cold(stage)
    session.current().stamp = None
    version = boards.version_unless_held(Caller(stage.people[user]), kind, {}, stage.project)
    assert version is not None
    return version


def warm(stage: Stage, kind: EntityKind = SHOT, user: str = "manager") -> str:
    """The version of the answer that a container makes which holds the production."""
    session.current().stamp = None
    return boards.with_tasks(Caller(stage.people[user]), kind, {}, stage.project).version


@pytest.fixture
def animation(stage: Stage) -> Record:
    return stage.task_on(stage.shot, "Animation", "user")


def test_a_cold_container_answers_what_did_not_change_by_three_queries(
    api: Studio, stage: Stage, animation: Record
) -> None:
    for number in range(60):
        stage.task_on(stage.entity(f"SH1{number:03}", "Shot", parent_id=stage.sequence.id), "Animation")
    path, asked = "/data/shots/with-tasks", {"project_id": stage.project.id}
    known = api.get(path, asked, user="manager").headers["etag"]
    grow_cold(stage)
    told = api.get(path, asked, user="manager", headers={"If-None-Match": known})
    assert (told.status, told.headers["etag"]) == (304, known)
    # The stamp with who asks; the newest changes of entities and of tasks (two pages each: all of them are new), what
    # the caller follows.
    assert api.calls["BatchGetItem"] == 1
    assert api.calls["Query"] <= 5
    assert not partitions.is_held(TASK, keys.home_of_owner(stage.project.id))
    change(animation, priority=2)
    grow_cold(stage)
    told = api.get(path, asked, user="manager", headers={"If-None-Match": known})
    assert told.status == 200
    assert told.headers["etag"] != known


def delete(record: Record) -> None:
    write(lambda changes: changes.delete(changes.read(record.kind, record.id)))


CHANGES: dict[str, Callable[[Stage, Record], Any]] = {
    "a task changes": lambda stage, task: change(task, priority=2),
    "a task comes": lambda stage, task: stage.task_on(stage.shot, "Lighting"),
    "a task goes": lambda stage, task: delete(task),
    "a shot changes": lambda stage, task: change(stage.shot, description="words"),
    "a shot comes": lambda stage, task: stage.entity("SH999", "Shot", parent_id=stage.sequence.id),
    "the production is renamed": lambda stage, task: change(stage.project, name="Another"),
    "a type is renamed": lambda stage, task: change(stage.kinds["Character"], name="Thing"),
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("kind", [SHOT, ASSET], ids=lambda kind: kind.name)
def test_a_change_is_another_version_in_every_container(
    api: Studio, stage: Stage, animation: Record, what: str, kind: EntityKind
) -> None:
    before = warm(stage, kind)
    assert cold(stage, kind) == before
    warm(stage, kind)
    CHANGES[what](stage, animation)
    stage.project = reads.get(stage.project.kind, stage.project.id)
    # One that held it learns of what changed, another reads all of it, a third nothing.
    after = warm(stage, kind)
    assert after != before
    assert cold(stage, kind) == after
    assert warm(stage, kind) == after


def test_links_count_where_there_are_episodes(api: Studio, stage: Stage) -> None:
    stage.entity("E01", "Episode")
    before = warm(stage, ASSET)
    assert cold(stage, ASSET) == before
    values = {"entity_in_id": stage.shot.id, "entity_out_id": stage.lama.id}
    write(lambda changes: changes.create(ENTITY_LINK, values))
    assert cold(stage, ASSET) != before
    assert warm(stage, ASSET) == cold(stage, ASSET)


def test_who_follows_what_is_seen_apart(api: Studio, stage: Stage, animation: Record) -> None:
    assert cold(stage) == cold(stage, user="user") == warm(stage)
    assert cold(stage, user="vendor") == warm(stage, user="vendor") != warm(stage)


def put(record: Record, moment: str, **values: Any) -> None:
    """A write of another container that stamped it with this moment."""
    new = Record(TASK, {**record, **values}, home=record.home)
    entry = entry_of(new, keys.partition(str(record.home), TASK), record.version + 1, moment)
    # The write path stamps what the change index holds anew.
    write(lambda changes: changes.put(entry))
    from chalicelib.store.table import Item

    Item(**{**entry.attributes(), "w": moment}).save()


def test_what_lands_late_is_another_version(api: Studio, stage: Stage, animation: Record) -> None:
    late = stage.task_on(stage.shot, "Lighting")
    change(animation, priority=2)
    before = cold(stage)
    put(late, clock.shift(clock.now(), seconds=-600), priority=3)
    assert cold(stage) != before
    assert warm(stage) == cold(stage)


def test_a_clock_that_is_ahead_hides_no_change(api: Studio, stage: Stage, animation: Record) -> None:
    ahead = stage.task_on(stage.shot, "Lighting")
    put(ahead, clock.shift(clock.now(), hours=1))
    seen = {cold(stage)}
    for priority in range(3):
        change(animation, priority=priority)
        seen.add(cold(stage))
    assert len(seen) == 4


def test_a_state_reads_the_newest_changes_alone(api: Studio, stage: Stage, animation: Record) -> None:
    with session.opened() as here:
        first = partition_states.of(TASK, str(animation.home))
    assert here.calls == {"Query": 1}
    assert partition_states.of(TASK, str(animation.home)) == first
    assert partition_states.of(TASK, "0" * 12) == partition_states.told_by({})
