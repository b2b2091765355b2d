"""The queues of the event stream: as far as they go, what SQS does."""

import threading
import time
from typing import Any

import pytest

from chalicelib.settings import current
from chalicelib.store import json_services, live_queues
from infra.local.cloud import Cloud
from infra.local.live_queues import LiveQueues, Missing
from tests.stack.conftest import Seen, aws
from tests.stack.test_functions import OpenCloud

NAME = "vulpes-live-abc"


@pytest.fixture
def cloud(open_cloud: OpenCloud, monkeypatch: pytest.MonkeyPatch) -> Any:
    made = open_cloud()
    monkeypatch.setenv("VULPES_SQS_ENDPOINT", made.url)
    current.cache_clear()
    yield made
    json_services.disconnect()
    current.cache_clear()


def taken(queues: LiveQueues, seconds: float = 0.0) -> list[str]:
    return queues.receive(NAME, 10, seconds)


@pytest.mark.parametrize("within", [False, True])
def test_messages_of_the_app_wait_in_their_order(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, within: bool) -> None:
    """Over HTTP, as anybody asks, and within the process, as the app of the stack does."""
    if within:
        monkeypatch.setitem(json_services.within, ("sqs", cloud.url), cloud.live_queues.answer_within)
    live_queues.create("abc")
    assert live_queues.send("abc", ["1", "é\n\U0001f98a"])
    assert live_queues.send_all([("abc", ["3"]), ("gone", ["4"])]) == 1
    assert taken(cloud.live_queues) == ["1", "é\n\U0001f98a", "3"]
    assert taken(cloud.live_queues) == []
    live_queues.delete("abc")
    live_queues.delete("abc")
    assert not live_queues.send("abc", ["5"])


def test_boto3_finds_the_same_queues(cloud: Cloud) -> None:
    client = aws("sqs", cloud.url)
    address = client.create_queue(QueueName=NAME, Attributes=dict(live_queues.ATTRIBUTES))["QueueUrl"]
    assert client.get_queue_url(QueueName=NAME)["QueueUrl"] == address
    client.send_message(QueueUrl=address, MessageBody="hello")
    assert taken(cloud.live_queues) == ["hello"]
    client.delete_queue(QueueUrl=address)
    with pytest.raises(client.exceptions.QueueDoesNotExist):
        client.send_message(QueueUrl=address, MessageBody="hello")


@pytest.mark.parametrize("body", ["a\x1eb", "\x00", "\uffff", "\ud800", "", "x" * 1_048_577])
def test_what_sqs_refuses_is_refused(cloud: Cloud, body: str) -> None:
    live_queues.create("abc")
    with pytest.raises((json_services.Refused, UnicodeEncodeError)):
        live_queues.send("abc", [body])
    assert taken(cloud.live_queues) == []


def test_other_queues_are_left_to_the_others(cloud: Cloud) -> None:
    client = aws("sqs", cloud.url)
    address = client.get_queue_url(QueueName="media")["QueueUrl"]
    client.send_message(QueueUrl=address, MessageBody='{"about": "vulpes-live-abc"}')
    assert cloud.queues.waiting("media") == 1


def test_who_waits_is_woken_by_a_message_and_by_the_end() -> None:
    queues, seen = LiveQueues("vulpes-live-", "eu-west-1"), Seen()

    def wait() -> None:
        try:
            seen.add(taken(queues, 60))
        except Missing:
            seen.add("missing")

    ask(queues, "CreateQueue")
    for number, end in enumerate((lambda: ask(queues, "SendMessage", MessageBody="x"), queues.close)):
        threading.Thread(target=wait, daemon=True).start()
        end()
        assert len(seen.wait_for(number + 1)) == number + 1
    assert seen.items == [["x"], "missing"]


def test_what_nobody_took_in_time_is_gone() -> None:
    queues = LiveQueues("vulpes-live-", "eu-west-1")
    ask(queues, "CreateQueue", Attributes={"MessageRetentionPeriod": "0"})
    ask(queues, "SendMessage", MessageBody="x")
    assert taken(queues) == []


def test_nothing_comes_of_a_wait_for_nothing() -> None:
    queues, begun = LiveQueues("vulpes-live-", "eu-west-1"), time.monotonic()
    with pytest.raises(Missing):
        taken(queues, 60)
    ask(queues, "CreateQueue")
    assert taken(queues, 0.05) == []
    assert time.monotonic() - begun < 30


def ask(queues: LiveQueues, operation: str, **more: Any) -> None:
    body = json_services._encode({"QueueName": NAME, **more})
    answered = queues.answer(f"AmazonSQS.{operation}", body)
    assert answered is not None
    assert answered.status == 200
