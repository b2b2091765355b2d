"""Every job there is, with a request that dies between its commit and what follows: nothing of it is lost.

A case says how the job comes about and what is seen once it is done.
"""

import datetime
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from moto.sqs.models import sqs_backends

from chalicelib.access.caller import Caller
from chalicelib.domain.counters import readiness
from chalicelib.domain.dependents import moving
from chalicelib.domain.jobs import job
from chalicelib.domain.people.deletion import remove_person
from chalicelib.domain.playlists import build_jobs
from chalicelib.domain.production import budgets
from chalicelib.functions import jobs
from chalicelib.interchange import csv_reading
from chalicelib.interchange.csv_imports import continuation
from chalicelib.interchange.kitsu import continuation as kitsu_continuation
from chalicelib.interchange.kitsu import entries as kitsu_entries
from chalicelib.interchange.rows import production_import
from chalicelib.interchange.shotgun import continuation as shotgun_continuation
from chalicelib.interchange.shotgun import time_limit
from chalicelib.media import keys as media_keys
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY, ENTITY_LINK
from chalicelib.records.files import ATTACHMENT_FILE, BUILD_JOB, PLAYLIST, PREVIEW_FILE
from chalicelib.records.people import NOTIFICATION
from chalicelib.records.production import BUDGET_ENTRY, PROJECT_TASK_TYPE_LINK, TASK_STATUS
from chalicelib.records.tasks import COMMENT, NEWS, TASK, TIME_SPENT
from chalicelib.settings import current
from chalicelib.store import keys, objects, reads, session
from chalicelib.store.changes import write
from chalicelib.store.wire import Row
from infra.local.queues import ACCOUNT
from tests.unit.audit.conftest import Audited
from tests.unit.comments.test_automations import automate
from tests.unit.interchange.shotgun.entries import FILM
from tests.unit.jobs.conftest import Later
from tests.unit.tasks.stage import Stage, Studio, change, create, now


@dataclass(frozen=True)
class Case:
    """How a job comes about, and what there is to see once it is done."""

    act: Callable[[Stage, Studio], None]
    seen: Callable[[Stage], Any]
    done: Any


def rank(stage: Stage) -> None:
    ranks = {"Modeling": 1, "Shading": 2, "Animation": 1, "Lighting": 3}
    stage.set(task_types=[stage.types[name].id for name in ranks])
    for name, priority in ranks.items():
        values = {"task_type_id": stage.types[name].id, "priority": priority}
        create(PROJECT_TASK_TYPE_LINK, project_id=stage.project.id, **values)
    session.current().stamp = None


def long_chain(stage: Stage, api: Studio) -> None:
    rank(stage)
    names = [f"step{number}" for number in range(30)]
    for name in names:
        stage.statuses[name] = create(TASK_STATUS, name=name, short_name=name, color="#000000")
    for before, after in pairwise(names):
        automate(stage, "Modeling", before, "Modeling", after)
    session.current().stamp = None
    api.comment("step0", user="manager")


def asset_made_ready(stage: Stage, api: Studio) -> None:
    rank(stage)
    stage.task_on(stage.shot, "Animation")
    create(ENTITY_LINK, entity_in_id=stage.shot.id, entity_out_id=stage.lama.id)
    automate(stage, "Modeling", "done", "Animation")
    api.comment("done", user="manager")


def ready_assets(stage: Stage) -> list[int]:
    found = reads.query(stage.task.kind, keys.home_of_owner(stage.project.id), "entity_id", ("^", f"{stage.shot.id}#"))
    return [task["nb_assets_ready"] for task in found]


def previews_brought(stage: Stage, api: Studio) -> None:
    rank(stage)
    stage.task_on(stage.lama, "Shading")
    automate(stage, "Modeling", "wfa", "Shading", "wip", import_last_revision=True)
    create(PREVIEW_FILE, task_id=stage.task.id, name="v1", revision=1, status="ready", extension="pdf")
    api.comment("wfa", user="manager")


def brought(stage: Stage) -> int:
    found = reads.query(PREVIEW_FILE, keys.home_of_owner(stage.project.id))
    return len([one for one in found if one["task_id"] != stage.task.id])


def crowd_told(stage: Stage, api: Studio) -> None:
    for number in range(60):
        stage.join(f"artist{number}")
    everybody = [stage.people[f"artist{number}"].id for number in range(60)]
    write(lambda changes: changes.update(changes.read(stage.task.kind, stage.task.id), assignees=everybody))
    api.comment("wip", user="manager")


def told(stage: Stage) -> int:
    homes = [keys.home_of_owner(person.id) for person in stage.people.values()]
    return sum(len(reads.query(NOTIFICATION, home)) for home in homes)


def reply_removed(stage: Stage, api: Studio) -> None:
    comment = api.comment("wip", user="user")
    path = f"/data/tasks/{stage.task.id}/comments/{comment['id']}/reply"
    reply = api.post(path, {"text": "Good"}, user="manager").json
    api.delete(f"{path}/{reply['id']}", user="manager")


def replies_told(stage: Stage) -> int:
    homes = [keys.home_of_owner(person.id) for person in stage.people.values()]
    found = [one for home in homes for one in reads.query(NOTIFICATION, home)]
    return len([one for one in found if one["notification_type"] == "reply"])


def day_off_taken(stage: Stage, api: Studio) -> None:
    day = datetime.date(2026, 3, 2).isoformat()
    artist = stage.people["user"].id
    create(TIME_SPENT, task_id=stage.task.id, project_id=stage.project.id, person_id=artist, date=day, duration=480)
    body = {"person_id": artist, "date": day, "end_date": day}
    assert api.post("/data/day-offs", body, user="admin").status == 201


def hours(stage: Stage) -> int:
    return len(reads.query(TIME_SPENT, keys.home_of_owner(stage.project.id)))


def budget_deleted(stage: Stage, api: Studio) -> None:
    budget = budgets.create(stage.project, "First", "EUR")
    for _ in range(150):
        create(BUDGET_ENTRY, budget_id=budget.id, department_id=stage.departments["Modeling"].id)
    budgets.delete(now(budget))


def entries(stage: Stage) -> int:
    return len(reads.query(BUDGET_ENTRY, keys.home_of_owner(stage.project.id)))


def comment_deleted(stage: Stage, api: Studio) -> None:
    path = f"/actions/tasks/{stage.task.id}/comment"
    fields = {"task_status_id": stage.statuses["wip"].id, "comment": "Look"}
    comment = api.form(path, fields, {"file": ("note.txt", b"Note", "text/plain")}, "manager").json
    assert api.delete(f"/data/comments/{comment['id']}", user="manager").status == 204


def attached_and_told(stage: Stage) -> int:
    return told(stage) + len(reads.query(ATTACHMENT_FILE, keys.home_of_owner(stage.project.id)))


def link_removed(stage: Stage, api: Studio) -> None:
    rank(stage)
    stage.task_on(stage.shot, "Animation")
    write(lambda changes: changes.update(now(stage.lama), ready_for=stage.types["Animation"].id))
    link = create(ENTITY_LINK, entity_in_id=stage.shot.id, entity_out_id=stage.lama.id)
    readiness.recount([stage.shot.id])
    assert ready_assets(stage) == [1]
    assert api.delete(f"/data/entity-links/{link.id}").status == 204


def movie_built(stage: Stage, api: Studio) -> None:
    stored = {"at": "previews/x", "files": {media_keys.MOVIE: ["made", 1]}}
    preview = create(PREVIEW_FILE, task_id=stage.task.id, name="v1", extension="mp4", stored=stored)
    shots = [{"entity_id": stage.lama.id, "preview_file_id": preview.id}]
    playlist = create(PLAYLIST, name="Dailies", project_id=stage.project.id, shots=shots)
    build_jobs.begin(Caller(stage.people["manager"]), playlist, anew=False)


def asked_of_the_queue(stage: Stage) -> bool:
    """Whether the queue function is told of the build; that it may be told twice, it knows."""
    (build,) = reads.query(BUILD_JOB, keys.home_of_owner(stage.project.id))
    waiting = sqs_backends[ACCOUNT]["eu-west-1"].queues[current().media_queue]._messages
    return any(build.id in message.body for message in waiting)


def file_cut_off(stage: Stage, api: Studio) -> None:
    table, asked = csv_reading.read(b"Sequence,Name\nSQ01,SH900\n"), {"what": "shots", "update": False}
    with pytest.MonkeyPatch.context() as patch:
        # Each look at the clock is half a minute after the one before.
        patch.setattr(production_import, "time", SimpleNamespace(monotonic=itertools.count(0, 30.0).__next__))
        continuation.carry_out(continuation.made(stage.caller("manager"), stage.project, table, asked), asked)


def rest_is_handed_over(stage: Stage) -> bool:
    """Whether the queue function is told of the rest; taken in twice, it changes nothing."""
    del stage
    waiting = sqs_backends[ACCOUNT]["eu-west-1"].queues[current().media_queue]._messages
    (kept,) = objects.listed(media_keys.IMPORTS)
    words = [one.HANDOVER.word for one in (continuation, kitsu_continuation, shotgun_continuation)]
    return any(any(word in message.body for word in words) and kept.key in message.body for message in waiting)


def entries_cut_off(stage: Stage, api: Studio) -> None:
    entry = {"name": "Fox", "project_id": stage.project.id, "entity_type_id": stage.kinds["Character"].id}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kitsu_entries, "time", SimpleNamespace(monotonic=itertools.count(0, 30.0).__next__))
        kitsu_continuation.carry_out(stage.caller("manager"), "entities", [dict(entry) for _ in range(20)])


def shotgun_cut_off(stage: Stage, api: Studio) -> None:
    stage.set(shotgun_id=101)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time_limit, "time", SimpleNamespace(monotonic=itertools.count(0, 30.0).__next__))
        entries = [{"id": number, "code": f"E{number}", "description": "", "project": FILM} for number in range(60)]
        shotgun_continuation.carry_out(stage.caller("admin"), "episodes", entries)


def asset_moved(stage: Stage, api: Studio) -> None:
    api.comment("wip", user="user")
    far = stage.production("Elsewhere")
    write(lambda changes: moving.move(changes, changes.read(ENTITY, stage.lama.id), project_id=far.id))


def left_behind(stage: Stage) -> int:
    home = keys.home_of_owner(stage.project.id)
    return sum(len(reads.query(kind, home)) for kind in (COMMENT, NEWS, TASK))


def person_removed(stage: Stage, api: Studio) -> None:
    del api
    audited = Audited(stage)
    with session.opened(stage.join("mate").id):
        change(stage.task, priority=2)
    remove_person(now(stage.people["mate"]))
    audited.carry()
    audited.close()


def months_with_changes(stage: Stage) -> int:
    return sum(map(len, reads.pages(keys.audit_months(stage.people["mate"].id))))


CASES = {
    "forget a person in the audit": Case(person_removed, months_with_changes, 0),
    "take along what hangs on records that have moved": Case(asset_moved, left_behind, 0),
    "have the rest of a csv import taken in": Case(file_cut_off, rest_is_handed_over, True),
    "have the rest of a kitsu import taken in": Case(entries_cut_off, rest_is_handed_over, True),
    "have the rest of a shotgun import taken in": Case(shotgun_cut_off, rest_is_handed_over, True),
    "have a playlist built": Case(movie_built, asked_of_the_queue, True),
    "clear what hung on records": Case(comment_deleted, attached_and_told, 0),
    "count ready assets of entities": Case(link_removed, ready_assets, [0]),
    "continue postings of automations": Case(long_chain, lambda stage: len(stage.thread()), 30),
    "count ready assets where an asset is cast": Case(asset_made_ready, ready_assets, [1]),
    "copy the last revision": Case(previews_brought, brought, 1),
    "create notifications": Case(crowd_told, told, 60),
    "delete notifications": Case(reply_removed, replies_told, 0),
    "clear time on days off": Case(day_off_taken, hours, 0),
    "clear budget entries": Case(budget_deleted, entries, 0),
}


def left() -> list[Row]:
    """The jobs that wait to be done, without another look that is to be had later."""
    soon = clock.shift(clock.now(), minutes=15)
    return [row for row in reads.rows(keys.JOBS) if row.at is not None and soon > row.at.S]


def test_every_job_has_its_case() -> None:
    assert jobs.DECLARED_IN
    assert set(CASES) == set(job.JOBS)


@pytest.mark.parametrize("name", sorted(CASES))
def test_it_follows_at_once(stage: Stage, api: Studio, bucket: str, name: str) -> None:
    CASES[name].act(stage, api)
    assert CASES[name].seen(stage) == CASES[name].done
    assert left() == []


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_request_that_dies_loses_nothing(
    stage: Stage, api: Studio, bucket: str, name: str, killed: None, later: Later
) -> None:
    CASES[name].act(stage, api)
    assert CASES[name].seen(stage) != CASES[name].done
    while later():
        pass
    assert CASES[name].seen(stage) == CASES[name].done
    assert left() == []


@pytest.mark.parametrize("name", sorted(CASES))
def test_done_twice_is_done_once(
    stage: Stage, api: Studio, bucket: str, name: str, killed: None, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    CASES[name].act(stage, api)
    stored = [json.loads(row.doc.S) for row in left() if row.doc]
    while later():
        pass
    for one in stored:
        job.JOBS[one["job"]].run(**one["arguments"])
    assert CASES[name].seen(stage) == CASES[name].done
