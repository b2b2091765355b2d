"""A production with people of every role, whose changes go through the stream of the table into the audit."""

from collections.abc import Iterator
from typing import Any

import pytest

from app import app
from chalicelib.access import tokens
from chalicelib.functions import audit
from chalicelib.settings import current
from infra.local.database import DatabaseClient
from tests.client import Api
from tests.prepared import prepared
from tests.unit.tasks.stage import Stage


class Audited(Api):
    """Sends requests as somebody of the stage; what was written is told once `carry` ran."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(app)
        self.tokens = {name: tokens.issue(person) for name, person in stage.people.items()}
        self._client = DatabaseClient(current().dynamodb_endpoint, "eu-west-1", "test")
        self._stream: str = self._client.describe(current().table)["LatestStreamArn"]
        self._after: dict[str, str] = {}

    def carry(self, times: int = 1) -> list[dict[str, Any]]:
        """Gives the audit function what was written since; gives that."""
        found = []
        for shard in self._client.shards(self._stream):
            while records := self._client.records(self._stream, shard, self._after.get(shard)):
                self._after[shard] = records[-1]["dynamodb"]["SequenceNumber"]
                found += [{**record, "eventSourceARN": self._stream} for record in records]
        for _ in range(times):
            assert audit.handle({"Records": found}) == {"batchItemFailures": []}
        return found

    def told(self, user: str = "admin", **asked: Any) -> list[dict[str, Any]]:
        """The entries of a page of the audit."""
        answer = self.get("/data/audit", asked, user=user)
        assert answer.status == 200, answer.content
        entries: list[dict[str, Any]] = answer.json["data"]
        return entries

    def close(self) -> None:
        self._client.close()


@pytest.fixture
def stage(table: str) -> Stage:
    return prepared(Stage)


@pytest.fixture
def api(stage: Stage) -> Iterator[Audited]:
    made = Audited(stage)
    made.carry()
    yield made
    made.close()
