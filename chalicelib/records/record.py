"""A stored record in memory, and its two written forms.

A record is written as up to three JSON texts: `doc` holds the plain fields exactly as an answer shows them, so that a
list is answered by joining texts; `ids` the lists of ids, shown with relations; `own` what no answer shows (secrets,
and moments to the microsecond). See docs/adr/0002-record-texts.md.
"""

from collections.abc import Iterable
from typing import Any, NoReturn

import msgspec

from chalicelib.records.clock import SECONDS
from chalicelib.records.fields import Kind, Values

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


class Record(dict[str, Any]):
    """The values of a record; never changed in place, since containers share records between requests.

    `version` counts the writes (0: not stored yet), `texts` are its written forms, `home` is where it is stored: it
    stays there, whatever its fields say later (None: not stored yet).
    """

    __slots__ = ("home", "kind", "texts", "version")

    def __init__(
        self, kind: Kind, values: Values, version: int = 0, texts: "Texts | None" = None, home: str | None = None
    ) -> None:
        super().__init__(values)
        self.kind = kind
        self.version = version
        self.home = home
        self.texts = texts or Texts.of(kind, self)

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("records are values: write a change through store.changes")

    __setitem__ = __delitem__ = update = pop = popitem = setdefault = clear = _refuse

    @property
    def id(self) -> str:
        """Its id."""
        return str(self["id"])


class Texts(msgspec.Struct, frozen=True):
    """The written forms of a record: JSON objects, `ids` and `own` empty where there is nothing to hold.

    `spilled` is the key of the object that holds the large fields of the stored item, if it has one.
    """

    doc: str
    ids: str = ""
    own: str = ""
    spilled: str = ""

    @classmethod
    def of(cls, kind: Kind, values: Values) -> "Texts":
        """The written forms of these values."""
        doc = {name: values.get(name) for name in kind.plain}
        own = {name: values[name] for name in kind.private if values.get(name) is not None}
        for name in kind.datetimes:
            moment = doc[name]
            if moment is not None and len(moment) > SECONDS:
                doc[name] = moment[:SECONDS]
                if moment[SECONDS:] != ".000000":
                    own[name] = moment
        doc["type"] = values.get("type", kind.name)
        lists = {name: values.get(name) or [] for name in kind.stored_ids}
        return cls(
            _encode(doc).decode(),
            _encode(lists).decode() if lists else "",
            _encode(own).decode() if own else "",
        )

    def values(self) -> dict[str, Any]:
        """The values these texts hold."""
        values: dict[str, Any] = _decode(self.doc)
        if self.ids:
            values.update(_decode(self.ids))
        if self.own:
            values.update(_decode(self.own))
        return values

    def joined(self) -> str:
        """The answer with lists of ids, without parsing."""
        return f"{self.doc[:-1]},{self.ids[1:]}" if self.ids else self.doc


def plain(record: Record) -> msgspec.Raw:
    """The answer of a record without its lists of ids; already JSON."""
    return msgspec.Raw(record.texts.doc.encode())


def related(record: Record) -> msgspec.Raw:
    """The answer of a record with its lists of ids; already JSON."""
    return msgspec.Raw(record.texts.joined().encode())


def part(record: Record, names: Iterable[str], **more: Any) -> dict[str, Any]:
    """The answer where a list shows some fields of a record alone; `more` are keys besides them."""
    return {**{name: record[name] for name in names}, **more}


def shown(record: Record, relations: bool = False, **more: Any) -> dict[str, Any]:
    """The answer of a record as a dict, for those that add or replace keys."""
    texts = record.texts
    values: dict[str, Any] = _decode(texts.joined() if relations else texts.doc)
    values.update(more)
    return values
