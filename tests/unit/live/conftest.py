"""The studio of the tests of access (people of every role, two productions with a playlist each), and the queues."""

from collections.abc import Iterator

import pytest

from chalicelib.settings import current
from chalicelib.store import json_services
from chalicelib.store.transport import Reply
from infra.local.live_queues import TARGET, LiveQueues, Missing
from tests.access.conftest import api, populated, world

__all__ = ["Queues", "api", "populated", "queues", "world"]


class Queues:
    """SQS in this process, as the local stack has it; counts the requests by their operation."""

    def __init__(self) -> None:
        self._queues = LiveQueues(current().live_queues, "eu-west-1")
        self.asked: list[str] = []
        self.silent = False

    def send(self, service: str, operation: str, body: bytes, endpoint: str) -> Reply:
        assert service == "sqs"
        self.asked.append(operation.removeprefix(TARGET))
        if self.silent:
            raise OSError("no answer")
        reply = self._queues.answer(operation, body)
        assert reply is not None
        assert isinstance(reply.body, bytes)
        return Reply(reply.status, reply.body, b"")

    def heard(self, session_id: str) -> list[str]:
        """What a session is told, packet by packet; taken out of its queue."""
        found: list[str] = []
        while taken := self._queues.receive(self._queues.prefix + session_id, 1, 0):
            found += taken[0].split("\n")
        return found

    def has(self, session_id: str) -> bool:
        try:
            self._queues.receive(self._queues.prefix + session_id, 0, 0)
        except Missing:
            return False
        return True

    def drop(self) -> None:
        """Forgets all of them."""
        self._queues = LiveQueues(self._queues.prefix, "eu-west-1")

    def __len__(self) -> int:
        return len(self._queues)


@pytest.fixture
def queues(monkeypatch: pytest.MonkeyPatch) -> Iterator[Queues]:
    made = Queues()
    monkeypatch.setattr(json_services, "send", made.send)
    return made
