"""Imports from another Kitsu that a request has no time for go on in the queue function."""

import itertools
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.interchange.kitsu import entries
from chalicelib.media import keys as media_keys
from chalicelib.records.entities import ENTITY
from chalicelib.store import objects, queue, reads
from tests.client import Api
from tests.prepared import prepared
from tests.unit.interchange.csv_imports.test_continuation import work
from tests.unit.interchange.test_kitsu import TASK_ID, asset, client_of
from tests.unit.tasks.stage import Stage

pytestmark = pytest.mark.slow


@pytest.fixture
def stage(table: str, bucket: str) -> Stage:
    del bucket
    return prepared(Stage)


@pytest.fixture
def api(stage: Stage) -> Api:
    return client_of(stage)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    messages: list[str] = []
    monkeypatch.setattr(queue, "send", messages.append)
    return messages


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look at the clock is eight seconds after the one before: there is time for three transactions."""
    ticks = itertools.count(0, 8.0)
    monkeypatch.setattr(entries, "time", SimpleNamespace(monotonic=lambda: next(ticks)))


def assets(stage: Stage, count: int = 60) -> list[dict[str, Any]]:
    return [asset(stage, id=f"0b5e0a00-0000-4000-8000-{n:012d}", name=f"Fox {n}") for n in range(count)]


def told(stage: Stage, verb: str) -> list[dict[str, Any]]:
    return stage.events(f"kitsu-import:{verb}")


def foxes(stage: Stage) -> list[str]:
    found = reads.query(ENTITY, stage.lama.home or "")
    return sorted(one["name"] for one in found if one["name"].startswith("Fox"))


def test_the_rest_of_the_entries_is_taken_in(api: Api, stage: Stage, sent: list[str]) -> None:
    # Those without an id are made once, too.
    entries_ = [*assets(stage, 115), *(asset(stage, id=None, name=f"Fox without id {n}") for n in range(5))]
    reply = api.post("/import/kitsu/entities", entries_, user="manager")
    done = len(reply.json)
    assert (reply.status, 0 < done < 60, len(sent)) == (202, True, 1)
    assert told(stage, "new") == [{"what": "entities", "rows": 120, "done": done}]
    work(sent)
    wanted = sorted(one["name"] for one in entries_)
    assert foxes(stage) == wanted
    assert told(stage, "end") == [{"what": "entities", "rows": 120, "done": 120}]
    further = [one["done"] for one in told(stage, "update")]
    assert further == sorted(further) != []
    assert list(objects.listed(media_keys.IMPORTS)) == []
    work(sent)
    assert (foxes(stage), len(told(stage, "end"))) == (wanted, 1)


def test_a_message_that_comes_again_makes_nothing_twice(
    api: Api, stage: Stage, sent: list[str], monkeypatch: Any
) -> None:
    entries_ = [*assets(stage, 40), *(asset(stage, id=None, name=f"Fox without id {n}") for n in range(5))]
    assert api.post("/import/kitsu/entities", entries_, user="manager").status == 202
    monkeypatch.setattr(objects, "delete", lambda _: None)
    work(sent)
    work(sent)
    assert foxes(stage) == sorted(one["name"] for one in entries_)


def test_what_is_pushed_into_another_production_goes_on(api: Api, stage: Stage, sent: list[str]) -> None:
    far = stage.production("Elsewhere", ("manager",))
    many = [stage.entity(f"Fox {number}", "Character") for number in range(30)]
    pushed = [{name: one[name] for name in ("id", "name", "entity_type_id")} | {"project_id": far.id} for one in many]
    assert api.post("/import/kitsu/entities", pushed, user="manager").status == 202
    work(sent)
    assert {reads.get(ENTITY, one.id)["project_id"] for one in many} == {far.id}


def test_a_wrong_entry_of_the_rest_is_told_by_its_place(api: Api, stage: Stage, sent: list[str]) -> None:
    entries_ = [*assets(stage), asset(stage, id=TASK_ID, name=None)]
    assert api.post("/import/kitsu/entities", entries_, user="manager").status == 202
    work(sent)
    (refused,) = told(stage, "refused")
    assert (refused["line_number"], refused["column"]) == (61, "name")
    assert len(foxes(stage)) == 60


def test_who_may_not_write_any_more_is_left_out(api: Api, stage: Stage, sent: list[str]) -> None:
    done = len(api.post("/import/kitsu/entities", assets(stage), user="manager").json)
    stage.set(team=[])
    work(sent)
    assert len(foxes(stage)) == done
    assert len(told(stage, "end")) == 1
