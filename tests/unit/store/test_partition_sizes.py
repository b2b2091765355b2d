"""Partitions that are half full are told of, once an hour; the database is asked with each transaction."""

from typing import Any

import pytest

from chalicelib.store import partition_sizes
from chalicelib.store.changes import write
from chalicelib.store.connection import ShortConnection
from chalicelib.store.entry import Entry


def answer(partition: str, low: float, high: float) -> dict[str, Any]:
    """What the database answers to a write."""
    told = {"ItemCollectionKey": {"pk": {"S": partition}}, "SizeEstimateRangeGB": [low, high]}
    return {"ItemCollectionMetrics": {"vulpes": [told]}}


@pytest.fixture(autouse=True)
def nothing_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partition_sizes, "_told", {})


def test_half_is_told_of_once_an_hour(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 10_000.0
    monkeypatch.setattr(partition_sizes.time, "monotonic", lambda: moment)
    for _ in range(3):
        partition_sizes.note(answer("a1#comment", 5, 6))
        partition_sizes.note(answer("a1#task", 0, 1))
    assert caplog.messages == ["A partition is half full: a1#comment holds 5 to 6 GB of 10."]

    moment += 3600
    partition_sizes.note(answer("a1#comment", 6, 7))
    assert caplog.messages[1:] == ["A partition is half full: a1#comment holds 6 to 7 GB of 10."]


@pytest.mark.parametrize("told", [{}, {"ItemCollectionMetrics": None}, {"ItemCollectionMetrics": {"vulpes": []}}])
def test_an_answer_without_sizes_says_nothing(told: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    partition_sizes.note(told)
    assert caplog.messages == []


def test_every_transaction_asks(table: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    send, asked = ShortConnection._make_api_call, []

    def listened(self: ShortConnection, operation: str, wanted: dict[str, Any]) -> dict[str, Any]:
        told = send(self, operation, wanted)
        if operation == "TransactWriteItems":
            asked.append(wanted["ReturnItemCollectionMetrics"])
            told |= answer("studio#person", 7, 8)
        return told

    monkeypatch.setattr(ShortConnection, "_make_api_call", listened)
    write(lambda changes: changes.put(Entry("studio#person", "a")))

    assert asked == ["SIZE"]
    assert caplog.messages == ["A partition is half full: studio#person holds 7 to 8 GB of 10."]
