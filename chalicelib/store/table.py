"""The single table, declared with pynamodb: keys, local indexes, texts of a record, version, expiry."""

import contextlib
from collections.abc import Iterator
from typing import Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection, TableConnection
from pynamodb.constants import PAY_PER_REQUEST_BILLING_MODE
from pynamodb.indexes import AllProjection, KeysOnlyProjection, LocalSecondaryIndex
from pynamodb.models import Model

from chalicelib.settings import current
from chalicelib.store.connection import ShortConnection
from chalicelib.store.indexes import INDEXES

_PROJECTIONS: Final = {True: AllProjection(), False: KeysOnlyProjection()}


class _First(LocalSecondaryIndex["Item"]):  # type: ignore[no-untyped-call]
    """The first local index."""

    class Meta:
        index_name, projection = INDEXES["l1"].name, _PROJECTIONS[INDEXES["l1"].is_whole]

    pk = UnicodeAttribute(hash_key=True)
    l1 = UnicodeAttribute(range_key=True)


class _Second(LocalSecondaryIndex["Item"]):  # type: ignore[no-untyped-call]
    """The second local index."""

    class Meta:
        index_name, projection = INDEXES["l2"].name, _PROJECTIONS[INDEXES["l2"].is_whole]

    pk = UnicodeAttribute(hash_key=True)
    l2 = UnicodeAttribute(range_key=True)


class _Third(LocalSecondaryIndex["Item"]):  # type: ignore[no-untyped-call]
    """The third local index."""

    class Meta:
        index_name, projection = INDEXES["l3"].name, _PROJECTIONS[INDEXES["l3"].is_whole]

    pk = UnicodeAttribute(hash_key=True)
    l3 = UnicodeAttribute(range_key=True)


class _Fourth(LocalSecondaryIndex["Item"]):  # type: ignore[no-untyped-call]
    """The fourth local index."""

    class Meta:
        index_name, projection = INDEXES["l4"].name, _PROJECTIONS[INDEXES["l4"].is_whole]

    pk = UnicodeAttribute(hash_key=True)
    l4 = UnicodeAttribute(range_key=True)


class _Changes(LocalSecondaryIndex["Item"]):  # type: ignore[no-untyped-call]
    """Every record by the time of its last write; a delete leaves a tombstone there for a day."""

    class Meta:
        index_name, projection = INDEXES["w"].name, _PROJECTIONS[INDEXES["w"].is_whole]

    pk = UnicodeAttribute(hash_key=True)
    w = UnicodeAttribute(range_key=True)


class Item(Model):
    """One item of the table; which attributes it has depends on what it is (store/keys.py)."""

    class Meta:  # noqa: D106
        table_name = current().table
        region = current().region
        host = current().dynamodb_endpoint or None
        billing_mode = PAY_PER_REQUEST_BILLING_MODE
        stream_view_type = "NEW_AND_OLD_IMAGES"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    l1 = UnicodeAttribute(null=True)
    l2 = UnicodeAttribute(null=True)
    l3 = UnicodeAttribute(null=True)
    l4 = UnicodeAttribute(null=True)
    w = UnicodeAttribute(null=True)
    v = NumberAttribute(null=True)
    doc = UnicodeAttribute(null=True)
    ids = UnicodeAttribute(null=True)
    own = UnicodeAttribute(null=True)
    big = UnicodeAttribute(null=True)
    at = UnicodeAttribute(null=True)
    ttl = NumberAttribute(null=True)
    by = UnicodeAttribute(null=True)
    by_first = _First()
    by_second = _Second()
    by_third = _Third()
    by_fourth = _Fourth()
    changes = _Changes()

    @classmethod
    def _get_connection(cls) -> TableConnection:
        """The connection of whatever the model asks for: all of it takes the short way."""
        table = super()._get_connection()
        if not isinstance(table.connection, ShortConnection):
            short = ShortConnection(region=cls.Meta.region, host=cls.Meta.host)
            short.add_meta_table(table.get_meta_table())
            table.connection = short
        return table


def connection() -> Connection:
    """The pynamodb connection of the table, made at its first use."""
    return Item._get_connection().connection


def create_table(fetches: bool = True) -> None:
    """Makes the table where it is missing: for the local engine and tests; on AWS the template does.

    fetches: whether the engine fetches what an index does not hold. Where it does not, each index is whole, and the
    same queries have the same answers.
    """
    if Item.exists():
        return
    with _all_whole() if not fetches else contextlib.nullcontext():
        Item.create_table(wait=True)


@contextlib.contextmanager
def _all_whole() -> Iterator[None]:
    declared = {index: index.Meta.projection for index in Item._indexes.values()}
    for index in declared:
        index.Meta.projection = _PROJECTIONS[True]
    try:
        yield
    finally:
        for index, projection in declared.items():
            index.Meta.projection = projection


def bind(table: str, endpoint: str | None = None) -> None:
    """Points the model at another table or engine, in the region of the settings; for commands, tests and the bench."""
    Item.Meta.table_name = table
    Item.Meta.region = current().region
    Item.Meta.host = endpoint
    Item._connection = None
