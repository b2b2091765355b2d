"""What AWS enforces and local engines let pass: refused as AWS would, and noted, so that the test fails.

Stands between the store and the engine in all tests (tests/conftest.py). An item counts together with all its index
entries: those of whole indexes hold it once more (docs/adr/0008-limits.md).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from chalicelib.store import transport
from chalicelib.store.indexes import INDEXES

ITEM: Final = 400 * 1024
PAGE: Final = 1024 * 1024
TRANSACTION: Final = 4 * 1024 * 1024
PARTITION_KEY: Final = 2048
SORT_KEY: Final = 1024
LAMBDA_ANSWER: Final = 6 * 1024 * 1024
_SORT_KEYS: Final = ("sk", *INDEXES)

Item = Mapping[str, Mapping[str, Any]]
broken: list[str] = []


def size_of(item: Item) -> int:
    """The bytes of an item as DynamoDB counts them: names and values."""
    return sum(len(name.encode()) + _size_of_value(value) for name, value in item.items())


def _size_of_value(value: Mapping[str, Any]) -> int:
    ((sort, held),) = value.items()
    if sort == "S":
        return len(held.encode())
    return (len(held.strip("-.")) + 1) // 2 + 1 if sort == "N" else len(json.dumps(held))


def with_indexes(item: Item) -> int:
    """The bytes of an item and of its entry in each index it is in."""
    entries = [
        item if index.is_whole else {name: item[name] for name in ("pk", "sk", attribute)}
        for attribute, index in INDEXES.items()
        if attribute in item
    ]
    return sum(map(size_of, (item, *entries)))


def wrong_with(operation: str, asked: Mapping[str, Any]) -> Iterator[str]:
    """What AWS would refuse of a request."""
    check = {
        "TransactWriteItems": _transaction,
        "BatchWriteItem": _batch_write,
        "BatchGetItem": _batch_get,
        "PutItem": lambda told: _item(told["Item"]),
        "UpdateItem": lambda told: _keys(told["Key"]),
        "GetItem": lambda told: _keys(told["Key"]),
        "Query": _query,
    }.get(operation)
    yield from check(asked) if check else ()


def _transaction(asked: Mapping[str, Any]) -> Iterator[str]:
    operations = [body for one in asked["TransactItems"] for body in one.values()]
    if len(operations) > 100:
        yield f"a transaction of {len(operations)} items"
    keys = [one.get("Key") or one["Item"] for one in operations]
    yield from _twice(keys)
    items = [one["Item"] for one in operations if "Item" in one]
    for one in operations:
        yield from _item(one["Item"]) if "Item" in one else _keys(one["Key"])
    if sum(map(size_of, items)) > TRANSACTION:
        yield "a transaction of more than 4 MB"


def _batch_write(asked: Mapping[str, Any]) -> Iterator[str]:
    for requests in asked["RequestItems"].values():
        if len(requests) > 25:
            yield f"a batch of {len(requests)} writes"
        put = [one["PutRequest"]["Item"] for one in requests if "PutRequest" in one]
        deleted = [one["DeleteRequest"]["Key"] for one in requests if "DeleteRequest" in one]
        yield from _twice([*put, *deleted])
        for item in put:
            yield from _item(item)
        for key in deleted:
            yield from _keys(key)


def _batch_get(asked: Mapping[str, Any]) -> Iterator[str]:
    for wanted in asked["RequestItems"].values():
        if len(wanted["Keys"]) > 100:
            yield f"a batch of {len(wanted['Keys'])} reads"
        yield from _twice(wanted["Keys"])
        for key in wanted["Keys"]:
            yield from _keys(key)


def _query(asked: Mapping[str, Any]) -> Iterator[str]:
    for name, value in asked["ExpressionAttributeValues"].items():
        yield from _key_size(name, value["S"], PARTITION_KEY if name == ":p" else SORT_KEY)


def _item(item: Item) -> Iterator[str]:
    yield from _keys(item)
    if (size := with_indexes(item)) > ITEM:
        yield f"an item of {size} bytes with its index entries: {item['pk']['S']}"


def _keys(item: Item) -> Iterator[str]:
    yield from _key_size("pk", item["pk"]["S"], PARTITION_KEY)
    for name in _SORT_KEYS:
        if name in item:
            yield from _key_size(name, item[name]["S"], SORT_KEY)


def _key_size(name: str, value: str, most: int) -> Iterator[str]:
    if not 0 < len(value.encode()) <= most:
        yield f"{name} of {len(value.encode())} bytes: {value[:80]!r}"


def _twice(keys: list[Item]) -> Iterator[str]:
    told = [(key["pk"]["S"], key["sk"]["S"]) for key in keys]
    if len(set(told)) < len(told):
        yield f"one item twice: {sorted(one for one in told if told.count(one) > 1)[0]}"


def wrong_with_answer(operation: str, answer: bytes) -> Iterator[str]:
    """What AWS would never send: a page of more than a megabyte."""
    if operation == "Query" and len(answer) > PAGE:
        size = sum(map(size_of, json.loads(answer).get("Items", ())))
        if size > PAGE + ITEM:
            yield f"a page of {size} bytes"


def enforce() -> None:
    """Puts itself between the store and whatever engine there is, for this process."""
    post = transport.Pool.post

    def checked_post(pool: transport.Pool, headers: dict[str, str], body: bytes) -> transport.Reply:
        operation = headers["x-amz-target"].rpartition(".")[2]
        if wrong := list(wrong_with(operation, json.loads(body))):
            broken.extend(wrong)
            told = {"__type": "com.amazon.coral.validate#ValidationException", "message": "; ".join(wrong)}
            return transport.Reply(400, json.dumps(told).encode(), b"")
        reply = post(pool, headers, body)
        broken.extend(wrong_with_answer(operation, reply.body))
        return reply

    transport.Pool.post = checked_post  # type: ignore[method-assign]
