"""The change stream of the table, read over the DynamoDB Streams protocol and delivered in order, at least once."""

import contextlib
import http.client
import json
import logging
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from infra.local.folder import Progress

log = logging.getLogger("infra.local")
BATCH = 100
ATTEMPTS = 3
_IDLE_SECONDS = 0.25
Deliver = Callable[[list[dict[str, Any]]], None]


class StreamClient:
    """A DynamoDB endpoint, asked directly: the answers are the very records that Lambda gets, with no types changed."""

    def __init__(self, endpoint: str, region: str, key: str) -> None:
        address = urlsplit(endpoint)
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(address.netloc, timeout=10)
        # Local engines want to see a signature and do not verify it.
        scope = f"{key}/20200101/{region}/dynamodb/aws4_request"
        self._signature = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"

    def close(self) -> None:
        """Ends the connection; another request would open one again."""
        self._connection.close()

    def call(self, target: str, **payload: Any) -> dict[str, Any]:
        """One request; OSError where nobody answers, LookupError where the engine refuses."""
        headers = {
            "X-Amz-Target": target,
            "X-Amz-Date": "20200101T000000Z",
            "Authorization": self._signature,
            "Content-Type": "application/x-amz-json-1.0",
        }
        try:
            self._connection.request("POST", "/", json.dumps(payload), headers)
            answer = self._connection.getresponse()
            told: dict[str, Any] = json.loads(answer.read())
        except (http.client.HTTPException, ValueError) as error:
            self._connection.close()
            raise OSError("the engine broke off") from error
        except OSError:
            self._connection.close()
            raise
        if answer.status != 200:
            raise LookupError(told.get("message") or told.get("Message") or told.get("__type"))
        return told

    def describe(self, table: str) -> dict[str, Any]:
        """What the engine tells of a table, its id and the ARN of its stream among it."""
        described: dict[str, Any] = self.call("DynamoDB_20120810.DescribeTable", TableName=table)["Table"]
        return described

    def shards(self, stream: str) -> list[str]:
        """The shards of a stream, oldest first."""
        told = self.call("DynamoDBStreams_20120810.DescribeStream", StreamArn=stream)
        return [shard["ShardId"] for shard in told["StreamDescription"]["Shards"]]

    def records(self, stream: str, shard: str, after: str | None) -> list[dict[str, Any]]:
        """The next records of a shard after a sequence number, from its beginning without one."""
        where = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": after}
        if after is None:
            where = {"ShardIteratorType": "TRIM_HORIZON"}
        begin = "DynamoDBStreams_20120810.GetShardIterator"
        try:
            iterator = self.call(begin, StreamArn=stream, ShardId=shard, **where)["ShardIterator"]
        except LookupError:
            # The position was trimmed away: go on with the oldest that is left.
            iterator = self.call(begin, StreamArn=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")[
                "ShardIterator"
            ]
        told = self.call("DynamoDBStreams_20120810.GetRecords", ShardIterator=iterator, Limit=BATCH)
        found: list[dict[str, Any]] = told["Records"]
        return found


class StreamReader:
    """Reads the stream of a table and hands each batch to `deliver`; a batch that fails is tried again, then record by
    record, and what still fails is given to `lost`: one bad record must not hold up all that follow.
    """

    def __init__(
        self,
        client: StreamClient,
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
