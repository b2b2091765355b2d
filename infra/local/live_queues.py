"""The queues of the event stream: SQS as far as sessions need it, in memory and quick.

Hundreds of them are told of each event. moto copies every message deeply, never lets one go that nobody deletes, and
wakes all who wait; what waits here is not worth keeping over a restart, which ends all sessions anyway.
"""

import hashlib
import itertools
import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Final

from chalicelib.store.transport import Reply as Answered
from infra.local.queues import ACCOUNT
from infra.local.wire import Reply

TARGET: Final = "AmazonSQS."
_JSON: Final = [("Content-Type", "application/x-amz-json-1.0")]
_MOST_BYTES: Final = 1_048_576
# What SQS takes in no message; Engine.IO's separator (0x1e) is among it.
_REFUSED: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Missing(Exception):
    """There is no such queue."""


class _Refused(Exception):
    """What SQS would not take: its code and a text."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class _Queue:
    def __init__(self, seconds: float) -> None:
        self.messages: deque[tuple[float, str]] = deque()
        self.seconds = seconds
        self.changed = threading.Condition()
        self.gone = False


class LiveQueues:
    """The queues whose names begin with a prefix. What is taken out of one is gone, as it would be hidden for longer
    than it is kept."""

    def __init__(self, prefix: str, region: str) -> None:
        self.prefix = prefix
        self._region = region
        self._queues: dict[str, _Queue] = {}
        self._numbers = itertools.count(1)
        self._operations: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "CreateQueue": self._create,
            "DeleteQueue": self._delete,
            "GetQueueUrl": self._address,
            "SendMessage": self._send,
        }

    def __len__(self) -> int:
        return len(self._queues)

    def receive(self, name: str, count: int, seconds: float) -> list[str]:
        """Takes up to `count` messages, of which it waits so long for the first; Missing where there is no queue."""
        queue, end = self._queue(name), time.monotonic() + seconds
        with queue.changed:
            while not queue.gone:
                taken = list(_take(queue, count))
                left = end - time.monotonic()
                if taken or left <= 0:
                    return taken
                queue.changed.wait(left)
        raise Missing(name)

    def close(self) -> None:
        """Lets those go who wait."""
        for queue in list(self._queues.values()):
            _let_go(queue)

    def answer_within(self, target: str, body: bytes) -> Answered | None:
        """The same for the app in this process, which needs no connection (chalicelib/store/json_services.py)."""
        reply = self.answer(target, body)
        return Answered(reply.status, reply.body, b"") if reply and isinstance(reply.body, bytes) else None

    def answer(self, target: str, body: bytes) -> Reply | None:
        """The reply of SQS to a request in its JSON protocol that is about one of these queues; None for any other."""
        operation = self._operations.get(target.removeprefix(TARGET))
        if operation is None or self.prefix.encode() not in body:
            return None
        asked = json.loads(body)
        if not _name(asked).startswith(self.prefix):
            return None
        try:
            return Reply(200, _JSON, json.dumps(operation(asked)).encode())
        except Missing:
            return _refusal("QueueDoesNotExist", "The specified queue does not exist.")
        except _Refused as refused:
            return _refusal(refused.code, str(refused))

    def _queue(self, name: str) -> _Queue:
        queue = self._queues.get(name)
        if queue is None:
            raise Missing(name)
        return queue

    def _create(self, asked: dict[str, Any]) -> dict[str, Any]:
        kept = float(asked.get("Attributes", {}).get("MessageRetentionPeriod", 345_600))
        self._queues.setdefault(_name(asked), _Queue(kept))
        return self._told(asked)

    def _address(self, asked: dict[str, Any]) -> dict[str, Any]:
        self._queue(_name(asked))
        return self._told(asked)

    def _told(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"QueueUrl": f"https://sqs.{self._region}.amazonaws.com/{ACCOUNT}/{_name(asked)}"}

    def _delete(self, asked: dict[str, Any]) -> dict[str, Any]:
        queue = self._queues.pop(_name(asked), None)
        if queue is None:
            raise Missing
        _let_go(queue)
        return {}

    def _send(self, asked: dict[str, Any]) -> dict[str, Any]:
        body, queue = asked["MessageBody"], self._queue(_name(asked))
        if not 0 < len(body.encode()) <= _MOST_BYTES:
            raise _Refused("InvalidParameterValue", "One or more parameters are invalid.")
        if _REFUSED.search(body):
            raise _Refused("InvalidMessageContents", "Invalid characters found.")
        with queue.changed:
            queue.messages.append((time.monotonic() + queue.seconds, body))
            queue.changed.notify()
        digest = hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()
        return {"MessageId": f"local-{next(self._numbers)}", "MD5OfMessageBody": digest}


def _take(queue: _Queue, count: int) -> Iterator[str]:
    now = time.monotonic()
    while queue.messages and count > 0:
        until, body = queue.messages.popleft()
        if until > now:
            count -= 1
            yield body


def _let_go(queue: _Queue) -> None:
    with queue.changed:
        queue.gone = True
        queue.changed.notify_all()


def _name(asked: dict[str, Any]) -> str:
    name: str = asked.get("QueueName") or asked.get("QueueUrl", "").rpartition("/")[2]
    return name


def _refusal(code: str, message: str) -> Reply:
    return Reply(400, _JSON, json.dumps({"__type": f"com.amazonaws.sqs#{code}", "message": message}).encode())
