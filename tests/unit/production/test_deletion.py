"""The end of a production: nothing of it stays, nothing of others goes, and it may be cut off."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.domain.dependents import places
from chalicelib.domain.jobs.deletions import DELETION
from chalicelib.domain.production import deletion, descriptors, settings
from chalicelib.domain.production.crud.projects import Projects
from chalicelib.errors import Forbidden, Invalid, NotFound, StillReferenced
from chalicelib.functions.sweep import resume_deletions
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY, ENTITY_LINK
from chalicelib.records.fields import STUDIO
from chalicelib.records.people import NOTIFICATION, SEARCH_FILTER, SEARCH_FILTER_GROUP
from chalicelib.records.production import API_EVENT, METADATA_DESCRIPTOR, MILESTONE, PROJECT_TASK_TYPE_LINK, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import bulk_deletion, keys, reads, reference
from chalicelib.store.changes import write
from tests.unit.production.conftest import Studio, create, event

FOREIGN = "0b5e0a00-0000-4000-8000-000000000001"


def close(studio: Studio, project: Record) -> Record:
    return Projects().change(studio.admin, project, {"project_status_id": studio.closed.id})


def told(person_id: str, task: Record, author: str) -> Record:
    values = {"person_id": person_id, "author_id": author, "task_id": task.id, "notification_type": "comment"}
    return create(NOTIFICATION, **values, comment_id=create(COMMENT, object_id=task.id, object_type="Task").id)


def left_at_home(project: Record) -> dict[str, int]:
    home = keys.home_of_owner(project.id)
    kept = {kind.table: len(reads.query(kind, home)) for kind in places.kinds_of_a_production()}
    kept["guard"] = sum(len(page) for page in reads.pages(keys.guards_of(home)))
    return {name: count for name, count in kept.items() if count}


@pytest.fixture
def full(studio: Studio) -> Record:
    """A closed production that holds something of many kinds, and another that has to stay."""
    artist = studio.person()
    project, modeling = studio.project("Sintel"), create(TASK_TYPE, name="Modeling")
    settings.add(project, settings.TASK_TYPES, modeling.id, priority=1)
    values = {"data_type": "string", "entity_type": "Asset", "choices": [], "for_client": False, "departments": []}
    descriptors.create(studio.admin, project, {"name": "Mood", **values})
    group = create(SEARCH_FILTER_GROUP, list_type="asset", name="g", color="#1", project_id=project.id)
    create(SEARCH_FILTER, list_type="asset", name="inside", search_filter_group_id=group.id)
    create(MILESTONE, name="Alpha", project_id=project.id)
    for number in range(5):
        task = studio.task(studio.asset(project, f"Dragon {number}"), assignees=[artist.id])
        told(artist.id, task, studio.admin.id)
    return close(studio, project)


@pytest.fixture
def kept(studio: Studio) -> Iterator[Record]:
    """Another production, of which all is still there afterwards."""
    project, artist = studio.project("Kept"), studio.person()
    task = studio.task(studio.asset(project), assignees=[artist.id])
    notification = told(artist.id, task, studio.admin.id)
    before = left_at_home(project)
    yield project
    assert left_at_home(project) == before
    assert reads.get(NOTIFICATION, notification.id)
    assert len(reads.edges(TASK, "assignees", artist.id)) == 1


def test_an_open_production_stays(studio: Studio) -> None:
    manager, stranger = studio.caller("manager"), studio.caller("manager")
    project = studio.project(team=(manager,))
    for caller in (studio.admin, manager, stranger):
        with pytest.raises(Invalid):
            Projects().delete(caller, project, {"force": "true"})
    closed = close(studio, project)
    for caller in (manager, stranger):
        with pytest.raises(Forbidden):
            Projects().delete(caller, closed, {"force": "true"})


def test_an_empty_production_goes_without_force(studio: Studio) -> None:
    project = studio.project(team=(studio.admin,), task_types=[create(TASK_TYPE, name="Modeling").id])
    Projects().delete(studio.admin, close(studio, project), {})
    assert Projects().find(project.id) is None
    assert studio.project(project["name"]), "its name is free"


def test_one_that_holds_something_does_not(studio: Studio) -> None:
    project = studio.project()
    event("shot:new", project.id)
    with pytest.raises(StillReferenced):
        Projects().delete(studio.admin, close(studio, project), {})


def test_with_force_nothing_of_it_stays(studio: Studio, full: Record, kept: Record) -> None:
    Projects().delete(studio.admin, full, {"force": "true"})
    assert left_at_home(full) == {}
    for kind in (METADATA_DESCRIPTOR, PROJECT_TASK_TYPE_LINK, SEARCH_FILTER, SEARCH_FILTER_GROUP):
        assert not reference.every(kind)
    assert not [one for one in reads.query(DELETION, STUDIO) if not one["ended_at"]]


def test_what_persons_had_of_it_goes(studio: Studio, full: Record, kept: Record) -> None:
    (artist,) = {one for task in reads.query(TASK, keys.home_of_owner(full.id)) for one in task["assignees"]}
    Projects().delete(studio.admin, full, {"force": "true"})
    home = keys.home_of_owner(artist)
    assert reads.query(NOTIFICATION, home) == []
    assert [row for page in reads.pages(keys.guards_of(home)) for row in page] == []
    assert reads.edges(TASK, "assignees", artist) == []


def test_its_event_outlives_it(studio: Studio, full: Record) -> None:
    Projects().delete(studio.admin, full, {"force": "true"})
    (gone,) = [one for one in reads.query(API_EVENT, STUDIO) if one["name"] == "project:delete"]
    assert gone["data"] == {"project_id": full.id}


def test_imported_tasks_go_with_their_pointers_and_notifications(studio: Studio) -> None:
    artist, project = studio.person(), studio.project()
    asset = studio.asset(project)
    values = {"name": "main", "project_id": project.id, "entity_id": asset.id}
    task = write(lambda changes: changes.create(TASK, values, FOREIGN))
    notification = told(artist.id, task, studio.admin.id)
    Projects().delete(studio.admin, close(studio, project), {"force": "true"})
    assert reads.find(TASK, FOREIGN) is None
    assert reads.item(*keys.pointer(FOREIGN)) is None
    assert reads.find(NOTIFICATION, notification.id) is None


def test_shared_assets_leave_the_castings_of_others(studio: Studio) -> None:
    project, other = studio.project("Library"), studio.project("Show")
    lama, own = studio.asset(project, is_shared=True), studio.asset(other, "Fence")
    shot = studio.asset(other, "SH01", entity_type_id=studio.shot.id, nb_entities_out=2)
    for cast in (lama, own):
        create(ENTITY_LINK, entity_in_id=shot.id, entity_out_id=cast.id)
    Projects().delete(studio.admin, close(studio, project), {"force": "true"})
    assert [one["entity_out_id"] for one in reads.query(ENTITY_LINK, keys.home_of_owner(other.id))] == [own.id]
    assert reads.get(ENTITY, shot.id)["nb_entities_out"] == 1


class _CutOff(Exception):
    """The function's time was up."""


def test_a_deletion_that_is_cut_off_is_taken_up(
    studio: Studio, full: Record, kept: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: Any) -> None:
        raise _CutOff

    monkeypatch.setattr(bulk_deletion, "write_tombstones", cut)
    with pytest.raises(_CutOff):
        Projects().delete(studio.admin, full, {"force": "true"})
    monkeypatch.undo()

    assert reference.find(full.kind, full.id) is None
    assert left_at_home(full)
    studio.project(full["name"])
    resume_deletions()
    assert left_at_home(full), "a request may still be at it"

    (mark,) = reads.query(DELETION, STUDIO)
    earlier = clock.shift(mark["created_at"], hours=-1)
    write(lambda changes: changes.update(changes.read(DELETION, mark.id), created_at=earlier))
    resume_deletions()
    assert left_at_home(full) == {}
    assert not [one for one in reads.query(DELETION, STUDIO) if not one["ended_at"]]


def test_a_production_that_came_back_is_left_alone(studio: Studio, full: Record) -> None:
    mark = create(DELETION, table="project", record_id=full.id)
    earlier = clock.shift(mark["created_at"], hours=-1)
    write(lambda changes: changes.update(changes.read(DELETION, mark.id), created_at=earlier))
    before = left_at_home(full)
    resume_deletions()
    assert left_at_home(full) == before
    assert not [one for one in reads.query(DELETION, STUDIO) if not one["ended_at"]]


def test_deleting_it_twice_is_not_found(studio: Studio, full: Record) -> None:
    Projects().delete(studio.admin, full, {"force": "true"})
    with pytest.raises(NotFound):
        deletion.delete_project(full, force=True)
