"""From a row of the other server to a record here: its fields, its id and its dates as they were."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from chalicelib.records import clock
from chalicelib.records.fields import Field, Kind
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record, Texts

Row = dict[str, Any]
_TRUTH: Final = (bool,)
# What JSON has for a sort of field; of the others anything is kept.
_SORTS: Final[Mapping[str, tuple[type, ...]]] = {
    "boolean": _TRUTH,
    **dict.fromkeys(("integer", "number"), (int, float)),
    **dict.fromkeys(("uuid", "datetime", "date", "string", "text", "choice", "email", "locale", "timezone"), (str,)),
    **dict.fromkeys(("ids", "choice[]", "string[]"), (list,)),
}
# What the API does not tell, and what therefore is of this studio alone: how somebody signs in.
OF_HERE: Final = {
    PERSON.table: frozenset(
        (
            "totp_enabled",
            "email_otp_enabled",
            "fido_enabled",
            "fido_devices",
            "preferred_two_factor_authentication",
            "login_failed_attemps",
            "last_login_failed",
            "last_presence",
        )
    )
}


def record_of(kind: Kind, row: Row, home: str, old: Record | None, **more: Any) -> Record:
    """The record that a row tells; `old` is the one that is here, `more` are fields that no list tells.

    What a row does not tell stays as it is here, or is as of a new record.
    """
    values: Row = dict(old) if old is not None else _fresh(kind, row)
    fits = (field for field in _told(kind) if field.name in row and _fits(field, row[field.name]))
    values |= {field.name: _value(field, row[field.name]) for field in fits}
    values |= more
    for name, compute in kind.computed.items():
        values[name] = compute(values)
    return Record(kind, values, (old.version if old else 0) + 1, home=home)


def strange(kind: Kind, row: Row) -> set[str]:
    """The fields that a row tells in another sort than records here have: a later version may have changed them."""
    return {field.name for field in _told(kind) if field.name in row and not _fits(field, row[field.name])}


def is_newer_here(old: Record, row: Row) -> bool:
    """Whether somebody changed the record here after it was last changed over there."""
    told = row.get("updated_at")
    return told is not None and clock.shown(old["updated_at"]) > clock.shown(told)


def is_same(values: Row, old: Record) -> bool:
    """Whether values are those of a record: as they are stored, where a moment may be written in two ways."""
    return Texts.of(old.kind, values) == Texts.of(old.kind, old)


def defaults(kind: Kind) -> Row:
    """What the fields of a record are that nobody said anything of."""
    return {field.name: _copy(field.default) for field in kind.fields if _is_stored(field)}


def _fresh(kind: Kind, row: Row) -> Row:
    created = clock.whole(row.get("created_at") or row.get("updated_at") or clock.now())
    updated = clock.whole(row.get("updated_at") or created)
    return {**defaults(kind), "type": kind.name, "id": row["id"], "created_at": created, "updated_at": updated}


def _told(kind: Kind) -> list[Field]:
    of_here = OF_HERE.get(kind.table, frozenset())
    return [
        field
        for field in kind.fields
        if _is_stored(field) and not (field.computed or field.internal or field.secret or field.name in of_here)
    ]


def _is_stored(field: Field) -> bool:
    return field.type != "record" and not field.derived


def _fits(field: Field, value: Any) -> bool:
    """Whether a value is of the sort that a field has; what is a text stays one, whatever it says."""
    sorts = _SORTS.get(field.type)
    if value is None or sorts is None:
        return True
    if field.type == "ids" and isinstance(value, list):
        return all(isinstance(one.get("id") if isinstance(one, dict) else one, str) for one in value)
    # A truth is a number as well.
    return isinstance(value, sorts) and isinstance(value, bool) == (sorts == _TRUTH)


def _value(field: Field, value: Any) -> Any:
    if value is None:
        return None if field.nullable else _copy(field.default)
    if field.type == "ids":
        # Some lists show the records, others their ids.
        return list(dict.fromkeys(one["id"] if isinstance(one, dict) else one for one in value))
    if field.type == "datetime":
        return clock.whole(clock.shown(value))
    return value


def _copy(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value)) if value else value
