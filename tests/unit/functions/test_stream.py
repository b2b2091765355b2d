"""Of a batch, each change fails alone; of a sweep, each part."""

import json
from typing import Any

import pytest

from chalicelib.errors import Unavailable
from chalicelib.events.carrying import Event, carry
from chalicelib.functions import stream, sweep
from chalicelib.records.production import API_EVENT
from chalicelib.store import objects


def change(number: int, home: str = "one", doc: str | None = None, **more: Any) -> dict[str, Any]:
    """A change of the stream that adds an event to the journal."""
    text = doc if doc is not None else json.dumps({"id": str(number), "name": "task:new", "data": {}})
    image = {"pk": {"S": f"{home}#{API_EVENT.table}"}, "sk": {"S": str(number)}, "doc": {"S": text}, **more}
    return {"eventName": "INSERT", "dynamodb": {"SequenceNumber": str(number), "NewImage": image}}


def carried(*changes: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The numbers of the events that were heard, and of the changes that are to come again."""
    heard: list[str] = []

    def listen(event: Event) -> None:
        heard.append(event["id"])

    told = carry({"Records": list(changes)}, {"task:new": listen})
    return heard, [one["itemIdentifier"] for one in told["batchItemFailures"]]


@pytest.mark.parametrize("broken", ["{", "[]", "null", "{}", '{"name": []}', '{"id": "2", "name": {}}'])
def test_what_cannot_be_read_comes_again_and_keeps_nobody_else_waiting(broken: str) -> None:
    changes = (change(1), change(2, doc=broken), change(3, "other"), change(4), change(5, "other"))
    assert carried(*changes) == (["1", "3", "5"], ["2", "4"])


def test_an_event_whose_large_part_is_out_of_reach_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(key: str) -> bytes:
        raise Unavailable("The bucket does not answer.")

    monkeypatch.setattr(objects, "get", away)
    spilled = change(2, "other", big={"S": "spilled/2"})
    assert carried(change(1), spilled, change(3)) == (["1", "3"], ["2"])


def test_the_order_within_a_home_stays() -> None:
    def fail(event: Event) -> None:
        raise ValueError(event["id"])

    told = carry({"Records": [change(1), change(2), change(3, "other")]}, {"task:new": fail})
    assert [one["itemIdentifier"] for one in told["batchItemFailures"]] == ["1", "2", "3"]


def test_jobs_that_cannot_be_taken_up_fail_no_batch(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(seconds: float) -> int:
        raise Unavailable("The database does not answer.")

    monkeypatch.setattr("chalicelib.functions.jobs.take_up", fail)
    assert stream.handle({"Records": [change(1), change(2, doc="{")]}) == {
        "batchItemFailures": [{"itemIdentifier": "2"}]
    }


def test_a_part_of_the_sweep_that_fails_keeps_no_other_from_being_done(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def fail(*_: Any) -> None:
        raise KeyError("a fault of ours")

    monkeypatch.setattr("chalicelib.functions.jobs.take_up", fail)
    monkeypatch.setattr(sweep, "resume_deletions", lambda: done.append("deletions"))
    monkeypatch.setattr(sweep, "retry_stuck", fail)
    monkeypatch.setattr(sweep.outbox, "wake_left", lambda: done.append("messages"))
    monkeypatch.setattr(sweep, "give_up_stuck", lambda: done.append("builds"))
    monkeypatch.setattr(sweep.missing_uploads, "give_up", lambda: done.append("previews"))
    monkeypatch.setattr(sweep.orphans, "collect", lambda _: done.append("objects"))
    with pytest.raises(ExceptionGroup) as failed:
        sweep.sweep()
    assert done == ["deletions", "messages", "builds", "previews", "objects"]
    assert len(failed.value.exceptions) == 2
