"""Imports from ShotGrid that a request has no time for go on in the queue function."""

import itertools
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.interchange.shotgun import time_limit
from chalicelib.records.entities import ENTITY, ENTITY_LINK
from chalicelib.records.fields import STUDIO
from chalicelib.records.production import API_EVENT
from chalicelib.store import keys, queue, reads
from tests.unit.interchange.csv_imports.test_continuation import work
from tests.unit.interchange.shotgun.entries import ASSET_51, SEQUENCE_71, SHOT_91, send, stored
from tests.unit.tasks.stage import Stage, Studio

SHOTS = [{**SHOT_91, "id": 1000 + number, "code": f"SH{number}"} for number in range(120)]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    messages: list[str] = []
    monkeypatch.setattr(queue, "send", messages.append)
    return messages


def told(verb: str) -> list[dict[str, Any]]:
    found = reads.query(API_EVENT, STUDIO)
    found.sort(key=lambda one: str(one["created_at"]))
    return [one["data"] for one in found if one["name"] == f"shotgun-import:{verb}"]


def test_the_rest_of_the_entries_and_of_their_castings_is_taken_in(
    api: Studio, stage: Stage, bucket: str, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    send(api, "assets", ASSET_51)
    send(api, "sequences", SEQUENCE_71)
    # Each look at the clock is eight seconds after the one before.
    ticks = itertools.count(0, 8.0)
    monkeypatch.setattr(time_limit, "time", SimpleNamespace(monotonic=lambda: next(ticks)))
    reply = api.post("/import/shotgun/shots", SHOTS)
    done = len(reply.json)
    assert (reply.status, 0 < done < 120, len(sent)) == (202, True, 1)
    assert told("new") == [{"what": "shots", "rows": 120, "done": done}]
    # What is there costs time as well: it is passed over the quicker the less there is to be written.
    ticks = itertools.count(0, 1.0)
    work(sent)
    assert {f"SH{number}" for number in range(120)} <= {one["name"] for one in stored(stage, ENTITY).values()}
    assert len(reads.query(ENTITY_LINK, keys.home_of_owner(stage.project.id))) == 120
    assert told("end") == [{"what": "shots", "rows": 120, "done": 120}]
    work(sent)
    assert len(told("end")) == 1


def test_a_wrong_entry_is_refused_at_once(api: Studio, stage: Stage, sent: list[str]) -> None:
    assert api.post("/import/shotgun/shots", [*SHOTS, {"id": "x"}]).status == 400
    assert (sent, len(stored(stage, ENTITY))) == ([], 0)
