"""What many tests begin with, made once in a process and copied into the table of each test.

A copy has the ids of the original, in a table of its own; whoever wrote it knows nothing of it, and nothing that was
held of another table is left.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from chalicelib.access.caller import Caller
from chalicelib.domain.entities import boards
from chalicelib.domain.tasks import lists
from chalicelib.store import reference, session, wire
from chalicelib.store.table import Item, connection

T = TypeVar("T")
_MOST_ITEMS = 100
# What was made, by its maker, and the items that it wrote.
_made: dict[Callable[[], Any], tuple[Any, list[dict[str, Any]]]] = {}


def prepared(make: Callable[[], T]) -> T:
    """What `make` makes in an empty table, and writes there; it is called once and must ask nothing of the test."""
    if make not in _made:
        with session.opened():
            _made[make] = make(), items_of_table()
        forget()
        return _detached(_made[make][0], {})  # type: ignore[no-any-return]
    value, items = _made[make]
    _write(items)
    return _detached(value, {})  # type: ignore[no-any-return]


def forget() -> None:
    """Drops all that this container holds of a table."""
    reference.forget()
    boards.forget()
    lists.forget()
    session.current().stamp = None


def items_of_table() -> list[dict[str, Any]]:
    """Everything that the table of a test holds."""
    return list(_pages())


def _pages() -> Iterator[dict[str, Any]]:
    start: dict[str, Any] = {}
    while True:
        asked = {"TableName": Item.Meta.table_name, "ConsistentRead": True, **start}
        page: Any = connection().dispatch("Scan", asked)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def _write(items: list[dict[str, Any]]) -> None:
    with session.opened():
        for first in range(0, len(items), _MOST_ITEMS):
            # A transaction, since the engine commits it once, and each item of a batch by itself.
            puts = [{"Put": {"TableName": Item.Meta.table_name, "Item": item}} for item in items[first:][:_MOST_ITEMS]]
            wire.call("TransactWriteItems", {"TransactItems": puts}, wire.Batch)


def _detached(value: Any, seen: dict[int, Any]) -> Any:
    """A copy of what tests may change: containers and objects of the tests. Records are values and stay."""
    if id(value) in seen:
        return seen[id(value)]
    sort = type(value)
    if sort is Caller:
        # It keeps what it once read.
        return seen.setdefault(id(value), Caller(value.person, value.identity, value.token_id))
    if sort in (list, dict, set):
        made = seen[id(value)] = sort()
        if sort is dict:
            made.update((key, _detached(one, seen)) for key, one in value.items())
        else:
            (made.extend if sort is list else made.update)(_detached(one, seen) for one in value)
        return made
    if sort is tuple:
        return tuple(_detached(one, seen) for one in value)
    if sort.__module__.startswith("tests."):
        made = seen[id(value)] = copy.copy(value)
        vars(made).update((name, _detached(one, seen)) for name, one in vars(value).items())
        return made
    return value
