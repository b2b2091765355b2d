"""Cutting what is to be written into what fits a transaction."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from chalicelib.store.changes import MOST_ITEMS

T = TypeVar("T")


def fitting(things: Iterable[T], items_of: Callable[[T], int], room: int = MOST_ITEMS) -> Iterator[list[T]]:
    """The things in their order, as many in a group as fit a transaction together; one at least.

    items_of: how many items of a transaction a thing takes. room: how many items a group may have.
    """
    group: list[T] = []
    size = 0
    for thing in things:
        items = items_of(thing)
        if group and size + items > room:
            yield group
            group, size = [], 0
        group.append(thing)
        size += items
    if group:
        yield group
