"""The functions of the app that AWS would start by an event, started here by the same events.

Queue functions get messages of their queue, stream functions the changes of the table, schedule functions their
times. They are found in the Chalice app itself, so there is no second list of them to keep.
"""

import datetime
import itertools
import json
import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from infra.local.folder import Progress
from infra.local.gateway import Context
from infra.local.queues import ACCOUNT, ATTEMPTS, DEAD, Message
from infra.local.schedules import next_run

log = logging.getLogger("infra.local")
_WORKERS = 2
_RETRY_SECONDS = 2
STREAM_QUEUE = "vulpes-stream"
Function = Callable[[dict[str, Any], Any], Any]


class QueueService(Protocol):
    """What the queue functions need of SQS."""

    def ensure(self, names: set[str]) -> None:
        """Makes the queues that are missing."""

    def receive(self, name: str, count: int) -> list[Message]:
        """Takes up to `count` messages."""

    def delete(self, name: str, receipt: str) -> None:
        """Removes a message that is done."""

    def give_back(self, name: str, receipt: str, seconds: int) -> None:
        """Makes a message available again after some seconds."""

    def send(self, name: str, body: str) -> None:
        """Puts a message into a queue."""

    def wait(self, seconds: float) -> None:
        """Returns when something changed, or after some seconds."""


@dataclass(frozen=True)
class QueueFunction:
    """A function of the app and the queue that feeds it."""

    name: str
    queue: str
    batch: int
    call: Function


class StillToDo(Exception):
    """A stream function names changes that it did not take."""


class AppFunctions:
    """The functions of a Chalice app by what starts them; an app without any is fine."""

    def __init__(self, app: Any) -> None:
        self.queues: list[QueueFunction] = []
        self.streams: list[tuple[str, Function]] = []
        self.schedules: list[tuple[str, Any, Function]] = []
        handlers = getattr(app, "handler_map", {})
        for source in getattr(app, "event_sources", []):
            call = handlers[source.name]
            match type(source).__name__:
                case "SQSEventConfig":
                    queue = source.queue or source.queue_arn.rpartition(":")[2]
                    self.queues.append(QueueFunction(source.name, queue, source.batch_size, call))
                case "DynamoDBEventConfig":
                    self.streams.append((source.name, call))
                case "ScheduledEventConfig":
                    self.schedules.append((source.name, source.schedule_expression, call))
                case "SNSEventConfig":
                    # Of SES alone: letters that stay on this machine do not come back.
                    continue
                case kind:
                    log.warning("The function %s does not run here: %s is not known locally.", source.name, kind)


class FunctionRunner:
    """Runs the functions from `start()` to `stop()`; `wrote` is called after each, as it may have written."""

    def __init__(
        self,
        functions: AppFunctions,
        queues: QueueService,
        progress: Progress,
        region: str,
        wrote: Callable[[], None] = lambda: None,
    ) -> None:
        self._functions = functions
        self._queues = queues
        self._progress = progress
        self._region = region
        self._wrote = wrote
        self._stopping = threading.Event()
        self._numbers = itertools.count(1)
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begins to take messages and to watch the clock."""
        for function in self._functions.queues:
            for number in range(_WORKERS):
                self._run(f"{function.name}-{number + 1}", self._serve_queue, function)
        if self._functions.schedules:
            self._run("schedules", self._watch_clock)

    def stop(self, patience: float = 5.0) -> None:
        """Takes nothing new and waits a while for what is under way; what is cut off comes again at the next start."""
        self._stopping.set()
        end = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _run(self, name: str, target: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    # Queues

    def _serve_queue(self, function: QueueFunction) -> None:
        self._queues.ensure({function.queue})
        while not self._stopping.is_set():
            try:
                if not self.take(function):
                    self._queues.wait(1.0)
            except Exception:
                log.exception("The queue %s could not be read.", function.queue)
                self._stopping.wait(1.0)

    def take(self, function: QueueFunction) -> int:
        """Takes a batch from the queue through the function; how many messages it held."""
        messages = self._queues.receive(function.queue, function.batch)
        if not messages:
            return 0
        failed = self._call_with(function, messages)
        for message in messages:
            if message.id not in failed:
                self._queues.delete(function.queue, message.receipt)
                continue
            if message.attempts >= ATTEMPTS:
                log.error("%s failed %d times; its message goes to %s.", function.name, ATTEMPTS, function.queue + DEAD)
            self._queues.give_back(
                function.queue, message.receipt, _RETRY_SECONDS if message.attempts < ATTEMPTS else 0
            )
        return len(messages)

    def _call_with(self, function: QueueFunction, messages: list[Message]) -> set[str]:
        """The ids of the messages that failed: all where the function raised, else those it names itself."""
        arn = f"arn:aws:sqs:{self._region}:{ACCOUNT}:{function.queue}"
        event = {"Records": [queue_record(message, arn, self._region) for message in messages]}
        try:
            told = self.call(function.name, function.call, event)
        except Exception:
            log.exception("%s failed.", function.name)
            return {message.id for message in messages}
        failures = told.get("batchItemFailures", []) if isinstance(told, dict) else []
        return {failure["itemIdentifier"] for failure in failures}

    # The stream

    def deliver(self, records: list[dict[str, Any]]) -> None:
        """Gives a batch of changes to each stream function; StillToDo where one did not take all of it."""
        for name, call in self._functions.streams:
            told = self.call(name, call, {"Records": records})
            if isinstance(told, dict) and told.get("batchItemFailures"):
                raise StillToDo(f"{name} has to be given these changes again.")

    def lose(self, records: list[dict[str, Any]]) -> None:
        """Puts changes that no function could take into the dead-letter queue of the stream."""
        for record in records:
            log.error("A change failed too often and goes to %s: %s", STREAM_QUEUE + DEAD, record["dynamodb"]["Keys"])
            self._queues.send(STREAM_QUEUE + DEAD, json.dumps(record))

    # Schedules

    def _watch_clock(self) -> None:
        while not self._stopping.is_set():
            now = time.time()
            soonest = min(self._run_if_due(*schedule, now) for schedule in self._functions.schedules)
            self._stopping.wait(min(30.0, max(0.1, soonest - now)))

    def _run_if_due(self, name: str, expression: Any, call: Function, now: float) -> float:
        """Runs a schedule whose time has come, also while nobody was here; the time of its next run."""
        fact = f"schedule {name}"
        last = self._progress.get(fact)
        if last is None:
            last = now
            self._progress.note(fact, now)
        due = next_run(expression, last)
        if due > now:
            return due
        self._progress.note(fact, now)
        try:
            self.call(name, call, schedule_event(name, self._region))
        except Exception:
            log.exception("%s failed.", name)
        return next_run(expression, now)

    def call(self, name: str, function: Function, event: dict[str, Any]) -> Any:
        """One call of a function, as Lambda makes it."""
        try:
            return function(event, Context(f"{name}-{next(self._numbers)}", seconds=900))
        finally:
            self._wrote()


def queue_record(message: Message, arn: str, region: str) -> dict[str, Any]:
    """A message as Lambda gets it from SQS."""
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt,
        "body": message.body,
        "attributes": {
            "ApproximateReceiveCount": str(message.attempts),
            "SentTimestamp": str(int(time.time() * 1000)),
            "SenderId": "local",
            "ApproximateFirstReceiveTimestamp": str(int(time.time() * 1000)),
        },
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": region,
    }


def schedule_event(name: str, region: str) -> dict[str, Any]:
    """What EventBridge tells a function whose time has come."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": [f"arn:aws:events:{region}:{ACCOUNT}:rule/{name}"],
        "detail": {},
    }
