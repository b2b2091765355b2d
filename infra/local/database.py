"""The DynamoDB and DynamoDB Streams protocols, spoken directly: answers stay as they are on the wire."""

import http.client
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

STREAM_BATCH = 100
OLD_AND_NEW = "NEW_AND_OLD_IMAGES"


class DatabaseClient:
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

    def carry_old_images(self, table: str) -> None:
        """Has the stream of a table tell what was there before, too; one that does not ends, and another begins."""
        stream = self.describe(table).get("StreamSpecification", {})
        if stream.get("StreamViewType") not in (None, OLD_AND_NEW):
            asked = {"StreamEnabled": True, "StreamViewType": OLD_AND_NEW}
            self.call("DynamoDB_20120810.UpdateTable", TableName=table, StreamSpecification={"StreamEnabled": False})
            self.call("DynamoDB_20120810.UpdateTable", TableName=table, StreamSpecification=asked)

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
        told = self.call("DynamoDBStreams_20120810.GetRecords", ShardIterator=iterator, Limit=STREAM_BATCH)
        found: list[dict[str, Any]] = told["Records"]
        return found

    def items(self, table: str, **filtered: Any) -> Iterator[dict[str, Any]]:
        """All items of a table, as far as they are read; filtered: what else the engine is asked for with each page."""
        start: dict[str, Any] = {}
        while True:
            page = self.call("DynamoDB_20120810.Scan", TableName=table, **filtered, **start)
            yield from page["Items"]
            if not page.get("LastEvaluatedKey"):
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def remove_expired(self, table: str, attribute: str = "ttl") -> int:
        """Deletes the items whose time to live is over, as DynamoDB does by itself and local engines do not."""
        now = {":now": {"N": str(int(time.time()))}}
        names = {"#ttl": attribute}
        expired = self.items(
            table,
            FilterExpression="#ttl < :now",
            ProjectionExpression="pk, sk",
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=now,
        )
        return sum(self._remove_if_expired(table, key, names, now) for key in expired)

    def _remove_if_expired(self, table: str, key: Any, names: dict[str, str], now: dict[str, Any]) -> int:
        try:
            self.call(
                "DynamoDB_20120810.DeleteItem",
                TableName=table,
                Key=key,
                ConditionExpression="#ttl < :now",
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=now,
            )
        except LookupError:
            return 0  # somebody gave it more time meanwhile
        return 1
