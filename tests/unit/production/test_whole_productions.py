"""What is read of whole productions: notifications, time, the figures.

Source: docs/contract/production.md sections 5 and 11.
"""

from typing import Any

import pytest

from chalicelib.domain.notifications import creation
from chalicelib.domain.notifications.creation import Notice
from chalicelib.domain.production import statistics
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.people import NOTIFICATION, PERSON
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TASK, TIME_SPENT
from chalicelib.store import reference, session
from chalicelib.store.changes import write
from tests.client import Api
from tests.unit.production.conftest import ROLES, UNKNOWN, Sessions, Studio, create, statuses

IMPORTED = "6f1d1d3e-0f5c-4c6e-9f55-1f2d3c4b5a69"


def tell(task: Record, *persons: Record) -> None:
    notices = [Notice("assignation", person.id, persons[0].id, task) for person in persons]
    write(lambda changes: creation.notify(changes, notices))


def path_of(project: Record, tail: str) -> str:
    return f"/data/projects/{project.id}/{tail}"


@pytest.fixture
def task(studio: Studio, project: Record) -> Record:
    return studio.task(studio.asset(project))


# -- notifications ---------------------------------------------------------------------------------------------------
def test_notifications_come_from_the_homes_of_all_who_were_told(
    api: Api, studio: Studio, project: Record, task: Record
) -> None:
    ada, bob = studio.person(), studio.person()
    second = studio.task(studio.asset(project, "Hero"))
    tell(task, ada, bob)
    tell(second, bob)
    elsewhere = studio.task(studio.asset(studio.project("Other")))
    tell(elsewhere, ada)
    listed = api.get(path_of(project, "notifications")).json
    assert (listed[0]["task_id"], listed[0]["person_id"]) == (second.id, bob.id)
    assert {(one["task_id"], one["person_id"]) for one in listed[1:]} == {(task.id, ada.id), (task.id, bob.id)}
    assert (listed[0]["type"], listed[0]["notification_type"], listed[0]["read"]) == (
        "Notification",
        "assignation",
        False,
    )


def test_what_changed_last_comes_first(api: Api, studio: Studio, project: Record, task: Record) -> None:
    ada = studio.person()
    for name in ("one", "two", "three"):
        tell(studio.task(studio.asset(project, name)), ada)
    oldest = api.get(path_of(project, "notifications"))[-1]["id"]
    write(lambda changes: changes.update(changes.read(NOTIFICATION, oldest), read=True, unread_since=None))
    assert api.get(path_of(project, "notifications"))[0]["id"] == oldest


def test_notifications_have_pages_of_a_hundred(api: Api, studio: Studio, project: Record, task: Record) -> None:
    people = [studio.person() for _ in range(103)]
    tell(task, *people)
    assert len(api.get(path_of(project, "notifications")).json) == 103
    pages = [api.get(path_of(project, "notifications"), params={"page": page}).json for page in (1, 2, 3)]
    assert [len(page["data"]) for page in pages] == [100, 3, 0]
    assert (pages[0]["total"], pages[0]["nb_pages"], pages[0]["limit"], pages[1]["offset"]) == (103, 2, 100, 100)
    assert len({one["id"] for page in pages for one in page["data"]}) == 103
    assert api.get(path_of(project, "notifications"), params={"page": "x"}).status == 400


def test_tasks_that_kept_a_foreign_id_are_looked_for_one_by_one(
    api: Api, studio: Studio, project: Record, task: Record
) -> None:
    ada = studio.person()
    values = {"name": "main", "project_id": project.id, "entity_id": studio.asset(project, "Old").id}
    imported = write(lambda changes: changes.create(TASK, values, IMPORTED))
    tell(imported, ada)
    tell(task, ada)
    listed = api.get(path_of(project, "notifications")).json
    assert [one["task_id"] for one in listed] == [task.id, IMPORTED]


def test_notifications_of_a_production_are_the_admins(api: Api, project: Record) -> None:
    others = dict.fromkeys((*ROLES, "stranger"), 403)
    assert statuses(api, "GET", path_of(project, "notifications")) == {"admin": 200, **others, "None": 401}
    assert api.get(f"/data/projects/{UNKNOWN}/notifications").status == 404


def test_notifications_cost_a_query_a_person_and_one_for_the_tasks(
    api: Api, studio: Studio, project: Record, task: Record, sessions: Sessions
) -> None:
    people = [studio.person() for _ in range(5)]
    for number in range(20):
        tell(studio.task(studio.asset(project, f"A{number}")), *people)
    api.get(path_of(project, "notifications"))
    assert len(api.get(path_of(project, "notifications")).json) == 100
    assert sessions[-1].calls["Query"] == len(reference.every(PERSON)) + 1


# -- time ------------------------------------------------------------------------------------------------------------
def test_the_time_of_a_production(api: Api, studio: Studio, project: Record, task: Record, sessions: Sessions) -> None:
    ada = studio.person()
    elsewhere = studio.task(studio.asset(studio.project("Other")))
    for one in (task, elsewhere):
        create(TIME_SPENT, task_id=one.id, person_id=ada.id, date="2031-03-07", duration=120)
    path = path_of(project, "time-spents")
    api.get(path)
    (listed,) = api.get(path, user="user").json
    assert (listed["type"], listed["task_id"], listed["duration"]) == ("TimeSpent", task.id, 120)
    assert sessions[-1].calls["Query"] == 1
    assert statuses(api, "GET", path) == {"admin": 200, **dict.fromkeys(ROLES, 200), "stranger": 403, "None": 401}
    assert api.get(f"/data/projects/{UNKNOWN}/time-spents").status == 404


# -- figures ---------------------------------------------------------------------------------------------------------
def test_the_figures_count_what_there_is_in_all_productions(studio: Studio, api: Api) -> None:
    for name, extensions in (("A", ("mp4", "png", "png")), ("B", ("mp4", "obj", "pdf", None))):
        task = studio.task(studio.asset(studio.project(name)))
        for revision, extension in enumerate(extensions):
            create(PREVIEW_FILE, task_id=task.id, extension=extension, revision=revision)
        create(COMMENT, object_id=task.id, object_type="Task", person_id=studio.admin.id, text=name)
    gone = create(COMMENT, object_id=task.id, object_type="Task", person_id=studio.admin.id, text="gone")
    write(lambda changes: changes.delete(changes.read(COMMENT, gone.id)))
    assert api.get("/stats").json == {
        "number_of_video_previews": 2,
        "number_of_picture_previews": 2,
        "number_of_model_previews": 1,
        "number_of_comments": 2,
    }


def test_the_figures_are_the_admins(api: Api) -> None:
    assert statuses(api, "GET", "/stats") == {"admin": 200, **dict.fromkeys((*ROLES, "stranger"), 403), "None": 401}


def test_the_figures_cost_four_counts_a_production_and_read_no_record(studio: Studio) -> None:
    tasks = [studio.task(studio.asset(studio.project(name))) for name in ("A", "B", "C")]
    for task in tasks:
        for _ in range(10):
            create(COMMENT, object_id=task.id, object_type="Task", person_id=studio.admin.id, text="x" * 500)
    statistics.figures()
    with session.opened() as here:
        told: Any = statistics.figures()
    assert told["number_of_comments"] == 30
    assert here.calls == {"GetItem": 1, "Query": 4 * (len(tasks) + 1)}
