"""An item on its way into the table, and the condition on which it is written; known without the database client.

Importing pynamodb costs a third of a cold start, and most requests only read: it is imported with the first write.
"""

from dataclasses import dataclass, fields
from typing import Any, Final, Literal

from chalicelib.errors import Duplicate

Verb = Literal["check", "delete", "put", "count"]


@dataclass(slots=True)
class Entry:
    """An item: its key, and which of the attributes of the table it has (store/table.py)."""

    pk: str
    sk: str
    l1: str | None = None
    l2: str | None = None
    l3: str | None = None
    l4: str | None = None
    w: str | None = None
    v: int | None = None
    doc: str | None = None
    ids: str | None = None
    own: str | None = None
    big: str | None = None
    at: str | None = None
    ttl: int | None = None
    # Who wrote it (store/session.py), where the audit tells of it.
    by: str | None = None

    def attributes(self) -> dict[str, Any]:
        """What it has, by name."""
        return {name: value for name in _NAMES if (value := getattr(self, name)) is not None}


_NAMES: Final = tuple(field.name for field in fields(Entry))


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of the item that is there: no item or some, no record or a record, a version, a holder.

    "free": no item, or one whose holder held it until before this moment.
    """

    sort: Literal["no item", "no record", "a record", "version", "holder", "free"]
    value: Any = None


@dataclass(slots=True)
class Operation:
    """One item of a transaction: what is done with it, on what condition, and what a refusal means."""

    verb: Verb
    entry: Entry
    condition: Condition | None = None
    refusal: Exception | None = None


class Refused(Exception):
    """Somebody else was first; `duplicate` where it was a unique value, `sealed`: seals on what it names."""

    def __init__(self, duplicate: Duplicate | None = None, sealed: frozenset[str] = frozenset()) -> None:
        self.duplicate = duplicate
        self.sealed = sealed
