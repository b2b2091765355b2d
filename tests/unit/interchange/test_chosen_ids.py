"""Ids that the sender chooses break nothing that is here (docs/security.md)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.records.entities import ENTITY
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import chosen_ids, homes, keys, reads, reference
from chalicelib.store.changes import write
from tests.client import Api
from tests.prepared import prepared
from tests.unit.interchange.test_kitsu import ASSET, TASK_ID, asset, client_of, send, task
from tests.unit.tasks.stage import Stage, now


@pytest.fixture
def stage(table: str) -> Stage:
    return prepared(Stage)


@pytest.fixture
def api(stage: Stage) -> Api:
    return client_of(stage)


@pytest.fixture
def far(stage: Stage) -> Record:
    """A production that the manager is not in."""
    return stage.production("Elsewhere", ("stranger",))


def told_by(owner_id: str, rest: str = "8000-8000-00000000abcd") -> str:
    """An id that tells the home of a production, of a person, of the studio."""
    return f"{owner_id[:13]}-{rest}"


def refused(api: Api, what: str, *entries: Any, user: str = "manager") -> bool:
    reply = api.post(f"/import/kitsu/{what}", list(entries), user=user)
    return reply.status == 400 and reply.json["data"]["field"] == "id"


def test_an_id_that_tells_another_home_is_refused(api: Api, stage: Stage, far: Record) -> None:
    owners = (far.id, stage.people["user"].id, keys.STUDIO_PREFIX[:8] + "-0000")
    for owner in owners:
        assert refused(api, "entities", asset(stage, id=told_by(owner)))
        assert refused(api, "tasks", task(stage, id=told_by(owner)))
        link = {"id": told_by(owner), "entity_in_id": stage.shot.id, "entity_out_id": stage.lama.id}
        assert refused(api, "entity-links", link)
    assert send(api, "entities", asset(stage, id=told_by(stage.project.id)))[0]["id"] == told_by(stage.project.id)


def test_an_id_is_taken_by_a_record_of_any_kind_in_any_home(api: Api, stage: Stage, far: Record) -> None:
    crate = stage.entity("Crate", "Character", project_id=far.id)
    away = stage.task_on(crate, "Shading")
    # One that came from elsewhere, and is found by its pointer.
    send(api, "entities", asset(stage, project_id=far.id, name="Fox"), user="admin")
    here = stage.task_on(stage.lama, "Shading")
    taken = (away.id, here.id, far.id, stage.people["user"].id, stage.statuses["todo"].id, stage.kinds["Shot"].id)
    for record_id in taken:
        assert refused(api, "entities", asset(stage, id=record_id)), record_id
    assert refused(api, "tasks", task(stage, id=ASSET))
    assert refused(api, "entity-links", {"id": ASSET, "entity_in_id": stage.shot.id, "entity_out_id": stage.lama.id})
    assert (now(away), now(here)) == (away, here)
    assert homes.of_id(ASSET) == keys.home_of_owner(far.id)
    assert reads.get(ENTITY, ASSET)["project_id"] == far.id


def test_a_production_is_a_home_of_its_own(api: Api, stage: Stage, far: Record) -> None:
    foreign = "0b5e0a09-0000-8000-8000-000000000001"
    send(api, "tasks", task(stage, id=foreign))
    same = [
        told_by(far.id),
        told_by(far.id, "4000-8000-000000000001"),
        told_by(stage.people["user"].id),
        "00000000-0000-4000-8000-000000000001",
        told_by(foreign, "4000-8000-000000000002"),
        stage.lama.id,
        stage.people["user"].id,
    ]
    for record_id in same:
        assert refused(api, "projects", {"id": record_id, "name": f"By {record_id}"}, user="admin"), record_id
    assert send(api, "projects", {"id": TASK_ID, "name": "Free"}, user="admin")[0]["id"] == TASK_ID


def test_what_was_deleted_may_come_again(api: Api, stage: Stage) -> None:
    send(api, "entities", asset(stage))
    write(lambda changes: changes.delete(changes.read(ENTITY, ASSET)))
    assert homes.of_id(ASSET) is None
    far = stage.production("Elsewhere", ("manager",))
    assert send(api, "entities", asset(stage, project_id=far.id))[0]["project_id"] == far.id
    assert homes.of_id(ASSET) == keys.home_of_owner(far.id)


def test_of_many_who_choose_one_id_one_has_it(api: Api, stage: Stage) -> None:
    """Two productions, two kinds, at the same moment."""
    far = stage.production("Elsewhere", ("manager",))
    asked = [
        *[("entities", asset(stage, name=f"A{number}")) for number in range(4)],
        *[("entities", asset(stage, project_id=far.id, name=f"B{number}")) for number in range(4)],
        *[("tasks", task(stage, id=ASSET))] * 4,
    ]
    with ThreadPoolExecutor(len(asked)) as pool:
        replies = list(pool.map(lambda one: api.post(f"/import/kitsu/{one[0]}", [one[1]], user="manager"), asked))
    assert {reply.status for reply in replies} <= {200, 400}
    assert any(reply.status == 200 for reply in replies)
    reference.look_again()
    there = [
        (kind, home)
        for kind in (ENTITY, TASK)
        for home in map(keys.home_of_owner, (stage.project.id, far.id))
        if any(one.id == ASSET for one in reads.query(kind, home))
    ]
    assert len(there) == 1, there
    assert homes.of_id(ASSET) == there[0][1]


def test_the_check_is_two_reads(api: Api, stage: Stage) -> None:
    from chalicelib.store import session

    reference.homes()
    with session.opened() as here:
        write(lambda changes: chosen_ids.holder(changes, ENTITY, keys.home_of_owner(stage.project.id), ASSET))
    assert here.calls["GetItem"] <= 2
    assert here.calls["BatchGetItem"] <= 2
