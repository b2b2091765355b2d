"""The example of docs/webhooks.md verifies what is sent."""

import re
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.outbox.rounds import PAUSES
from chalicelib.records import clock
from tests.receiver import Received
from tests.unit.outbox.conftest import Later
from tests.unit.webhooks.conftest import Studio

PAGE = Path(__file__).resolve().parents[3] / "docs" / "webhooks.md"


def example(name: str) -> Any:
    """What one of the examples of the page defines."""
    names: dict[str, Any] = {}
    for code in re.findall(r"```python\n(.+?)```", PAGE.read_text(), re.DOTALL):
        exec(code, names)
    return names[name]


@pytest.fixture
def verify() -> Any:
    return example("verify")


def got_by(studio: Studio, webhook: dict[str, Any]) -> Received:
    studio.api.post(f"/actions/webhooks/{webhook['id']}/test")
    studio.send()
    return studio.receiver.requests[-1]


def test_it_tells_true_from_false(studio: Studio, verify: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    webhook = studio.register()
    got = got_by(studio, webhook)
    assert verify(webhook["secret"], got.headers, got.body)
    assert not verify(webhook["secret"], got.headers, got.body + b" ")
    assert not verify(webhook["secret"], {**got.headers, "webhook-id": "other"}, got.body)
    rotated = studio.api.post(f"/actions/webhooks/{webhook['id']}/rotate-secret").json
    assert not verify(rotated["secret"], got.headers, got.body)
    both = got_by(studio, webhook)
    assert verify(webhook["secret"], both.headers, both.body)
    assert verify(rotated["secret"], both.headers, both.body)
    with monkeypatch.context() as patch:
        patch.setattr(clock, "seconds", lambda: 1_700_000_000.0)
        old = got_by(studio, webhook)
    assert not verify(rotated["secret"], old.headers, old.body)


def test_the_pauses_are_those_of_the_page() -> None:
    told = "5 s, 30 s, 2 min, 10 min, 30 min, 1, 2, 4, 6 and\n10 hours"
    assert told in PAGE.read_text()
    hours = [3600 * hour for hour in (1, 2, 4, 6, 10)]
    assert [5, 30, 120, 600, 1800, *hours] == list(PAUSES)


def test_who_was_away_gets_everything_once_and_in_order(studio: Studio, later: Later) -> None:
    def get(query: dict[str, str]) -> list[dict[str, Any]]:
        answered = studio.api.get("/data/events/last", {**query, "limit": "3"})
        assert answered.status == 200, answered.content
        told: list[dict[str, Any]] = answered.json
        return told

    journal = example("Journal")(get, clock.shown(clock.now()))
    heard: list[str] = []
    made: list[str] = []
    for pause in (0, 5, 7 * 86_400, 0):
        later(pause)
        for number in range(5):
            made.append(studio.production(f"P{pause} {len(made)} {number}"))
        events = journal.new_events()
        heard += [event["data"]["project_id"] for event in events if event["name"] == "project:new"]
        assert heard == made
    assert journal.new_events() == []
    assert len(journal.seen) < len(made)


def test_an_event_that_lands_late_is_heard(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    def get(query: dict[str, str]) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = studio.api.get("/data/events/last", query).json
        return told

    journal = example("Journal")(get, clock.shown(clock.now()))
    studio.production("First")
    assert journal.new_events() != []
    now = clock.now
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: clock.shift(now(), seconds=-20))
        late = studio.production("Stamped before, landed after")
    assert [event["data"].get("project_id") for event in journal.new_events()] == [late]
