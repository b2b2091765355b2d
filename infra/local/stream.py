"""The change stream of the table, delivered in order and at least once."""

import contextlib
import logging
import threading
from collections.abc import Callable
from typing import Any

from infra.local.database import DatabaseClient
from infra.local.folder import Progress

log = logging.getLogger("infra.local")
ATTEMPTS = 3
_IDLE_SECONDS = 0.25
Deliver = Callable[[list[dict[str, Any]]], None]


class StreamReader:
    """Reads the stream of a table and hands each batch to `deliver`; a batch that fails is tried again, then record by
    record, and what still fails is given to `lost`: one bad record must not hold up all that follow.
    """

    def __init__(
        self,
        client: DatabaseClient,
        table: str,
        progress: Progress,
        deliver: Deliver,
        lost: Deliver,
        trim: Callable[[int], None] | None = None,
    ) -> None:
        self._client = client
        self._table = table
        self._progress = progress
        self._deliver = deliver
        self._lost = lost
        self._trim = trim
        self._delivered = 0
        self._wake = threading.Event()
        self._stopping = threading.Event()

    def nudge(self) -> None:
        """Somebody wrote: look now."""
        self._wake.set()

    def stop(self) -> None:
        """Ends `run` after the batch at hand."""
        self._stopping.set()
        self._wake.set()

    def run(self) -> None:
        """Reads until stopped, also over a restart of the engine."""
        stream: str | None = None
        while not self._stopping.is_set():
            self._wake.clear()
            more = False
            with contextlib.suppress(OSError, LookupError):
                stream = stream or self._client.describe(self._table).get("LatestStreamArn")
                if stream is None:
                    log.warning("The table has no stream: the stream functions of the app do not run.")
                    return
                more = self.step(stream)
            if not more:
                self._wake.wait(_IDLE_SECONDS)

    def step(self, stream: str) -> bool:
        """Delivers what is there, at most a batch a shard; whether there was something."""
        found = False
        for shard in self._client.shards(stream):
            place = f"stream {stream} {shard}"
            records = self._client.records(stream, shard, self._progress.get(place))
            if not records:
                continue
            found = True
            self._hand_over([{**record, "eventSourceARN": stream} for record in records])
            last = records[-1]["dynamodb"]["SequenceNumber"]
            self._progress.note(place, last)
            self._delivered += len(records)
            if self._trim and self._delivered >= 1000:
                self._delivered = 0
                self._trim(int(last))
        return found

    def _hand_over(self, records: list[dict[str, Any]]) -> None:
        for attempt in range(ATTEMPTS):
            try:
                return self._deliver(records)
            except Exception:
                log.exception("A stream function failed (attempt %d of %d).", attempt + 1, ATTEMPTS)
                if self._stopping.wait(0.2 * 2**attempt):
                    break
        if len(records) == 1:
            return self._lost(records)
        half = len(records) // 2
        self._hand_over(records[:half])
        return self._hand_over(records[half:])
