"""Queue, stream and schedule functions of a Chalice app, started by the events they get on AWS."""

import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chalice import Chalice, Rate

from infra.local.cloud import Cloud
from infra.local.database import DatabaseClient
from infra.local.folder import Progress
from infra.local.functions import AppFunctions, FunctionRunner, StillToDo
from infra.local.queues import ATTEMPTS
from infra.local.schedules import next_run
from infra.local.stack import REGION
from infra.local.stream import StreamReader
from tests.stack.conftest import Seen, aws

OpenCloud = Callable[[], Cloud]


def app_with_queue(take: Callable[[str], Any], batch: int = 1) -> Chalice:
    app = Chalice("tests")

    @app.on_sqs_message(queue="media", batch_size=batch)
    def make_previews(event: Any) -> Any:
        told = [take(record.body) for record in event]
        return {"batchItemFailures": [{"itemIdentifier": name} for name in told if name]} if any(told) else None

    return app


def runner_of(app: Chalice, cloud: Cloud, folder: Path) -> tuple[FunctionRunner, AppFunctions]:
    functions = AppFunctions(app)
    return FunctionRunner(functions, cloud.queues, Progress(folder / "progress.json"), REGION), functions


def test_a_message_runs_the_function_of_its_queue_once(open_cloud: OpenCloud, tmp_path: Path) -> None:
    cloud, seen = open_cloud(), Seen()
    runner, _ = runner_of(app_with_queue(seen.add), cloud, tmp_path)
    runner.start()
    sqs = aws("sqs", cloud.url)
    address = sqs.get_queue_url(QueueName="media")["QueueUrl"]
    sqs.send_message(QueueUrl=address, MessageBody="one")
    sqs.send_message_batch(QueueUrl=address, Entries=[{"Id": name, "MessageBody": name} for name in ("two", "three")])
    assert sorted(seen.wait_for(3)) == ["one", "three", "two"]
    runner.stop()
    assert (cloud.queues.waiting("media"), len(seen.items)) == (0, 3)


def test_a_message_that_keeps_failing_ends_in_the_dead_letter_queue(
    open_cloud: OpenCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.local.functions._RETRY_SECONDS", 0)
    cloud, seen = open_cloud(), Seen()

    def fail(body: str) -> None:
        seen.add(body)
        raise ValueError("no such film")

    runner, functions = runner_of(app_with_queue(fail), cloud, tmp_path)
    cloud.queues.send("media", "film")
    for _ in range(ATTEMPTS):
        assert runner.take(functions.queues[0]) == 1
    assert runner.take(functions.queues[0]) == 0
    assert seen.items == ["film"] * ATTEMPTS
    assert (cloud.queues.waiting("media"), cloud.queues.waiting("media-dead")) == (0, 1)


def test_of_a_batch_only_what_failed_comes_again(open_cloud: OpenCloud, tmp_path: Path) -> None:
    cloud = open_cloud()
    app = Chalice("tests")
    seen: list[str] = []

    @app.on_sqs_message(queue="media", batch_size=10)
    def make_previews(event: Any) -> Any:
        records = event.to_dict()["Records"]
        seen.extend(record["body"] for record in records)
        bad = [record["messageId"] for record in records if record["body"] == "bad"]
        return {"batchItemFailures": [{"itemIdentifier": name} for name in bad]}

    for body in ("good", "bad", "fine"):
        cloud.queues.send("media", body)
    runner, functions = runner_of(app, cloud, tmp_path)
    assert runner.take(functions.queues[0]) == 3
    assert (seen, cloud.queues.waiting("media")) == (["good", "bad", "fine"], 1)


def test_what_waits_in_a_queue_survives_a_restart(open_cloud: OpenCloud) -> None:
    cloud = open_cloud()
    for body in ("first", "second", "third"):
        cloud.queues.send("media", body)
    [taken] = cloud.queues.receive("media", 1)
    cloud.queues.delete("media", taken.receipt)
    cloud.queues.receive("media", 1)  # under way when the crash comes
    again = open_cloud()
    assert [message.body for message in again.queues.receive("media", 10)] == ["second", "third"]
    assert open_cloud().queues.waiting("media") == 2


def test_mail_lands_in_the_folder(open_cloud: OpenCloud) -> None:
    cloud = open_cloud()
    sender, to = "no-reply@example.com", {"ToAddresses": ["ana@example.com"]}
    simple = {"Subject": {"Data": "Füchse"}, "Body": {"Text": {"Data": "Hi"}, "Html": {"Data": "<b>Hi</b>"}}}
    aws("sesv2", cloud.url).send_email(FromEmailAddress=sender, Destination=to, Content={"Simple": simple})
    raw = {"Data": b"From: no-reply@example.com\r\nTo: ana@example.com\r\nSubject: Raw\r\n\r\nHi"}
    aws("ses", cloud.url).send_raw_email(Source=sender, Destinations=to["ToAddresses"], RawMessage=raw)
    texts = sorted(file.read_text() for file in cloud.mail.folder.glob("*.eml"))
    assert len(texts) == 2
    assert all("To: ana@example.com" in text for text in texts)
    assert any("<b>Hi</b>" in text for text in texts)


def test_the_log_names_a_letter_and_its_link(open_cloud: OpenCloud, caplog: pytest.LogCaptureFixture) -> None:
    cloud, link = open_cloud(), "http://127.0.0.1:8080/reset-change-password?email=ana%40example.com&token=ABC"
    body = {"Text": {"Data": f"Choose one here:\n\n{link}\n\nThis works once."}, "Html": {"Data": "<b>Hi</b>"}}
    message = {"Subject": {"Data": "A new password"}, "Body": body}
    with caplog.at_level(logging.INFO, "infra.local"):
        to = {"ToAddresses": ["ana@example.com"]}
        aws("ses", cloud.url).send_email(Source="no-reply@example.com", Destination=to, Message=message)
    assert "Mail to ana@example.com: A new password" in caplog.text
    assert link in caplog.text.split()


def test_what_a_stream_function_did_not_take_is_given_to_it_again(open_cloud: OpenCloud, tmp_path: Path) -> None:
    app, told = Chalice("tests"), [[{"itemIdentifier": "2"}], []]

    @app.on_dynamodb_record(stream_arn="vulpes-stream")
    def carry(event: Any) -> Any:
        return {"batchItemFailures": told.pop(0)}

    runner, _ = runner_of(app, open_cloud(), tmp_path)
    records = [{"dynamodb": {"SequenceNumber": number}} for number in ("1", "2")]
    with pytest.raises(StillToDo):
        runner.deliver(records)
    runner.deliver(records)
    assert told == []


class FakeStream(DatabaseClient):
    """A stream with records in memory."""

    def __init__(self, count: int) -> None:
        numbers = range(1, count + 1)
        self._records = [{"dynamodb": {"SequenceNumber": str(n), "Keys": {"sk": {"S": str(n)}}}} for n in numbers]

    def shards(self, stream: str) -> list[str]:
        return ["shard"]

    def records(self, stream: str, shard: str, after: str | None) -> list[dict[str, Any]]:
        return self._records[int(after or 0) :][:4]


def test_changes_arrive_in_order_and_reading_goes_on_where_it_ended(tmp_path: Path) -> None:
    progress, got = Progress(tmp_path / "progress.json"), []

    def deliver(records: list[dict[str, Any]]) -> None:
        got.append([record["dynamodb"]["SequenceNumber"] for record in records])

    reader = StreamReader(FakeStream(6), "vulpes", progress, deliver, pytest.fail)
    assert [reader.step("arn"), reader.step("arn"), reader.step("arn")] == [True, True, False]
    assert got == [["1", "2", "3", "4"], ["5", "6"]]
    again = StreamReader(FakeStream(7), "vulpes", Progress(tmp_path / "progress.json"), deliver, pytest.fail)
    assert again.step("arn")
    assert got[-1] == ["7"]


def test_one_bad_change_does_not_hold_up_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.local.stream.ATTEMPTS", 1)
    got: list[str] = []
    lost: list[str] = []

    def deliver(records: list[dict[str, Any]]) -> None:
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        if "3" in numbers:
            raise ValueError("a bad change")
        got.extend(numbers)

    reader = StreamReader(
        FakeStream(4),
        "vulpes",
        Progress(tmp_path / "progress.json"),
        deliver,
        lambda records: lost.extend(record["dynamodb"]["SequenceNumber"] for record in records),
    )
    assert reader.step("arn")
    assert (got, lost) == (["1", "2", "4"], ["3"])


def test_a_schedule_runs_when_it_is_due_and_catches_up_once(open_cloud: OpenCloud, tmp_path: Path) -> None:
    cloud, seen = open_cloud(), Seen()
    app = Chalice("tests")

    @app.schedule(Rate(1, unit=Rate.HOURS))
    def tidy(event: Any) -> None:
        seen.add(event.detail_type)

    progress = Progress(tmp_path / "progress.json")
    progress.note("schedule tidy", 0)  # it was off for half a century
    runner, _ = runner_of(app, cloud, tmp_path)
    runner.start()
    assert seen.wait_for(1) == ["Scheduled Event"]
    runner.stop()
    assert len(seen.items) == 1
    assert json.loads((tmp_path / "progress.json").read_text())["schedule tidy"] > 1_600_000_000


def test_services_may_end_while_they_start(open_cloud: OpenCloud, caplog: pytest.LogCaptureFixture) -> None:
    open_cloud()
    open_cloud()  # the former ends at once
    for thread in threading.enumerate():
        if thread.name == "moto":
            thread.join()
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


MONDAY = 1_700_438_400.0  # 2023-11-20 00:00 UTC


@pytest.mark.parametrize(
    ("expression", "hours"),
    [
        (Rate(90, unit=Rate.MINUTES), 1.5),
        ("rate(1 day)", 24),
        ("cron(30 3 * * ? *)", 3.5),
        ("cron(0 0/6 * * ? *)", 6),
        ("cron(15 10 ? * FRI *)", 4 * 24 + 10.25),
        ("cron(0 12 1 JAN-MAR ? *)", (10 + 31 + 1) * 24 + 12),
    ],
)
def test_schedules_come_at_their_times(expression: Any, hours: float) -> None:
    assert next_run(expression, MONDAY) == MONDAY + hours * 3600


@pytest.mark.parametrize("expression", ["tomorrow", "cron(61 * * * ? *)", "cron(0 0 31 2 ? *)"])
def test_what_is_no_schedule_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match=r"schedule|out of bounds"):
        next_run(expression, MONDAY)
