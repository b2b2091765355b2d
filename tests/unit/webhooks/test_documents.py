"""The example of docs/webhooks.md verifies what is sent."""

import re
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.outbox.rounds import PAUSES
from chalicelib.records import clock
from tests.receiver import Received
from tests.unit.webhooks.conftest import Studio

PAGE = Path(__file__).resolve().parents[3] / "docs" / "webhooks.md"


@pytest.fixture
def verify() -> Any:
    (example,) = re.findall(r"```python\n(.+?)```", PAGE.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(example, names)
    return names["verify"]


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
