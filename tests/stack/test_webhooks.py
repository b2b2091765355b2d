"""Webhooks on the whole local stack: written, carried on, sent; killed in between, and started again."""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.client import ADMIN, PASSWORD
from tests.receiver import Receiver, answering
from tests.stack.test_quickstart import Server, running

pytestmark = pytest.mark.slow
ALLOWED = {"OUTGOING_LOOPBACK": "allowed"}


class Client:
    """The administrator at a server."""

    def __init__(self, server: Server) -> None:
        self._url, self._session = f"{server.url}/api", requests.Session()
        token = self.post("/auth/login", {"email": ADMIN, "password": PASSWORD})["access_token"]
        self._session.headers["Authorization"] = f"Bearer {token}"

    def post(self, path: str, body: Any) -> Any:
        told = self._session.post(f"{self._url}{path}", json=body, timeout=60)
        assert told.status_code in (200, 201), told.text
        return told.json()

    def get(self, path: str) -> Any:
        return self._session.get(f"{self._url}{path}", timeout=60).json()


@pytest.fixture
def receivers() -> Iterator[list[Receiver]]:
    made = [Receiver(), Receiver()]
    yield made
    for one in made:
        one.close()


def test_a_write_is_told_within_a_moment_whoever_else_is_slow(receivers: list[Receiver]) -> None:
    good, slow = receivers
    slow.behave = lambda _: slow.wait_over()
    with running("--memory", "--empty", **ALLOWED) as server:
        client = Client(server)
        for one in (slow, good):
            client.post("/data/webhooks", {"url": one.url, "events": ["project:new"]})
        took = []
        for number in range(10):
            client.post("/data/projects", {"name": f"P{number}"})
            answered = time.monotonic()
            good.wait_for(number + 1)
            took.append(time.monotonic() - answered)
        told = [one["data"]["project_id"] for one in client.get("/data/events/last?name=project:new")]
    print(f"told after {statistics.median(took) * 1000:.0f} ms, at worst {max(took) * 1000:.0f} ms")
    assert statistics.median(took) < 1
    assert [one.json["data"]["project_id"] for one in good.requests] == told[::-1]


def test_what_was_written_before_a_kill_is_told_after_it(tmp_path: Path, receivers: list[Receiver]) -> None:
    """Whatever of the way from the table to the receiver it had gone."""
    receiver = receivers[0]
    receiver.behave = answering(503)
    with running("--data", str(tmp_path), "--empty", **ALLOWED) as first:
        client = Client(first)
        webhook = client.post("/data/webhooks", {"url": receiver.url, "events": ["project:new"]})
        made = {client.post("/data/projects", {"name": f"P{number}"})["id"] for number in range(6)}
        first.end(kill=True)
    receiver.behave = answering(204)
    with running("--data", str(tmp_path), "--empty", **ALLOWED) as second:
        client, end = Client(second), time.monotonic() + 90
        path = f"/data/webhooks/{webhook['id']}/deliveries"
        listed: list[dict[str, Any]] = []
        while [one["status"] for one in listed] != ["delivered"] * len(made):
            assert time.monotonic() < end, listed
            time.sleep(0.2)
            listed = client.get(path)
    assert {one.json["data"]["project_id"] for one in receiver.requests} == made
    assert {one.headers["webhook-id"] for one in receiver.requests} == {one["id"] for one in listed}
