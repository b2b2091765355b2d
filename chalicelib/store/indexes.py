"""The local indexes of the table, declared once: for the table, the template of AWS, reads, and whoever counts units.

The entries of an index are whole items, or keys alone. Keys are written where an item comes, goes or takes another
place there; whole ones with each write of the item, and at its size. What a query of keys leads to is fetched from the
table with it, for a read of each item (docs/adr/0020-narrow-indexes.md).
"""

from typing import Final, NamedTuple


class LocalIndex(NamedTuple):
    """A local index by its name; `is_whole`: whether its entries are whole items."""

    name: str
    is_whole: bool

    @property
    def projection(self) -> str:
        """What DynamoDB calls that."""
        return "ALL" if self.is_whole else "KEYS_ONLY"


# By the attribute that they sort by. Of a table that is there, none of it can be changed.
INDEXES: Final = {
    "l1": LocalIndex("lsi1", is_whole=True),
    "l2": LocalIndex("lsi2", is_whole=False),
    "l3": LocalIndex("lsi3", is_whole=False),
    "l4": LocalIndex("lsi4", is_whole=False),
    "w": LocalIndex("changes", is_whole=True),
}
