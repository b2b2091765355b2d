"""SQS by moto, made durable: what waits in a queue is on disk too and is there again after a crash.

moto keeps messages in memory and changes its lists without a lock, so every change passes through here.
"""

import contextlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ACCOUNT = "123456789012"
DEAD = "-dead"
ATTEMPTS = 3
# Nobody else works on a message while a function has it; a crash frees it at the next start anyway.
VISIBILITY_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Message:
    """A message as a function gets it."""

    id: str
    receipt: str
    body: str
    attempts: int
    attributes: dict[str, Any]


class Queues:
    """The queues of the stack, each with a dead-letter queue beside it (`<name>-dead`)."""

    def __init__(self, file: Path, region: str) -> None:
        self._region = region
        self._lock = threading.RLock()
        self._changed = threading.Condition()
        self._ready = threading.Event()
        self._database = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS messages (id TEXT PRIMARY KEY, queue TEXT, body TEXT, attributes TEXT)"
        )
        self._kept: set[str] = set()

    def start(self, names: set[str]) -> None:
        """Loads moto (half a second), makes the queues and puts back what a former run left in them."""
        from moto.sqs.models import sqs_backends

        self._backend: Any = sqs_backends[ACCOUNT][self._region]
        self._backend.reset()
        for name in sorted(names):
            self._create(name)
        self._put_back()
        self._ready.set()

    def ensure(self, names: set[str]) -> None:
        """Makes the queues that are missing."""
        self._ready.wait()
        with self._lock:
            for name in sorted(names - self._backend.queues.keys()):
                self._create(name)

    def _create(self, name: str) -> None:
        dead = self._backend.create_queue(name + DEAD, {}, MessageRetentionPeriod="1209600")
        redrive = json.dumps({"deadLetterTargetArn": dead.queue_arn, "maxReceiveCount": ATTEMPTS})
        seconds = str(VISIBILITY_SECONDS)
        self._backend.create_queue(name, {}, RedrivePolicy=redrive, VisibilityTimeout=seconds)

    def _put_back(self) -> None:
        rows = self._database.execute("SELECT id, queue, body, attributes FROM messages ORDER BY rowid").fetchall()
        for old, name, body, attributes in rows:
            if name in self._backend.queues:
                made = self._backend.send_message(name, body, json.loads(attributes))
                self._database.execute("UPDATE messages SET id = ? WHERE id = ?", (made.id, old))
                self._kept.add(made.id)

    def close(self) -> None:
        """Closes the file; what waits stays in it."""
        with self._lock:
            self._database.close()

    def send(self, name: str, body: str) -> None:
        """Puts a message into a queue; it is on disk when this returns."""
        self._ready.wait()
        with self.changing():
            self._backend.send_message(name, body)

    def receive(self, name: str, count: int) -> list[Message]:
        """Takes up to `count` messages at once; those tried too often go to the dead-letter queue instead."""
        self._ready.wait()
        with self.changing():
            taken = self._backend.receive_message(name, min(count, 10), 0, VISIBILITY_SECONDS)
        return [
            Message(
                found.id, found.receipt_handle, found.body, found.approximate_receive_count, found.message_attributes
            )
            for found in taken
        ]

    def delete(self, name: str, receipt: str) -> None:
        """Removes a message that is done."""
        with self.changing():
            self._backend.delete_message(name, receipt)

    def give_back(self, name: str, receipt: str, seconds: int) -> None:
        """Makes a message that failed available again after some seconds."""
        with self.changing():
            self._backend.change_message_visibility(name, receipt, seconds)

    def waiting(self, name: str) -> int:
        """How many messages are in a queue, those being worked on included."""
        self._ready.wait()
        with self._lock:
            return len(self._backend.get_queue(name)._messages)

    def wait(self, seconds: float) -> None:
        """Returns when something changed in a queue, or after some seconds."""
        with self._changed:
            self._changed.wait(seconds)

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Around everything that changes a queue: one at a time, and the change is kept before anybody is told."""
        with self._lock:
            yield
            grew = self._keep()
        if grew:
            with self._changed:
                self._changed.notify_all()

    def _keep(self) -> bool:
        """Brings the file up to what the queues hold; whether a message is new."""
        held = {
            message.id: (name, message) for name, queue in self._backend.queues.items() for message in queue._messages
        }
        fresh, gone = held.keys() - self._kept, self._kept - held.keys()
        for found in fresh:
            name, message = held[found]
            row = (found, name, message.body, json.dumps(message.message_attributes))
            self._database.execute(
                "INSERT OR REPLACE INTO messages (id, queue, body, attributes) VALUES (?, ?, ?, ?)", row
            )
        for found in gone:
            self._database.execute("DELETE FROM messages WHERE id = ?", (found,))
        self._kept = set(held)
        return bool(fresh)
