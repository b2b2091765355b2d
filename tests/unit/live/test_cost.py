"""What docs/cost.md counts with: the requests of a session to the database and the queues."""

import pytest

from chalicelib.domain.live import conversation
from chalicelib.store import session
from infra.aws import cost
from tests.client import Api
from tests.unit.live.client import joined
from tests.unit.live.conftest import Queues


def test_a_sign_of_life_takes_what_the_price_says(api: Api, queues: Queues, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some minutes after the last one: it is read who says so, and written that they did."""
    client = joined(api, queues, "artist")
    monkeypatch.setattr(conversation, "_FRESH_SECONDS", -1)
    queues.asked.clear()
    with session.opened() as seen:
        conversation.hear(client.id, b"3", None)

    assert seen.calls == {"BatchGetItem": 1, "TransactWriteItems": 1}
    # Two places are looked at, and an item of less than 1 KB is written in a transaction.
    assert (cost.PONG_READS, cost.PONG_WRITES) == (2, 2)
    assert queues.asked == []
