"""Bodies of generic records: what is taken, what is refused, what a default replaces.

Source: docs/contract/production.md 2.3, 2.4.
"""

import datetime
import functools
import locale
import math
import re
import zoneinfo
from collections.abc import Callable, Mapping
from typing import Any, Final

from chalicelib.errors import Invalid
from chalicelib.records import clock
from chalicelib.records.fields import Field, Kind

TRUE: Final = frozenset(("true", "t", "yes", "y", "on", "1"))
FALSE: Final = frozenset(("false", "f", "no", "n", "off", "0"))
_CHOSEN_BY_SERVER: Final = frozenset(("id", "created_at", "updated_at"))
# What answers of entities and scripts write for a missing id (contract: clients.md, a scripted asset update).
_NO_ID: Final = ("", "None", "null")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# No address is longer (RFC 5321).
_LONGEST_ADDRESS: Final = 254
# A language, perhaps a script, perhaps a territory: `fr`, `fr_CA`, `zh_Hans_CN`, `es_419`.
_LOCALE = re.compile(r"([a-z]{2,3})(_[A-Z][a-z]{3})?(_([A-Z]{2}|[0-9]{3}))?")


def creation_values(kind: Kind, body: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a new record out of a body.

    Raises Invalid for an unknown field, a wrong type, a missing field that may not be null and has no default.
    """
    known = _fields_asked(kind)
    for name in body:
        if name not in known and name not in _CHOSEN_BY_SERVER:
            raise Invalid(f"{kind.name} has no field {name!r}.", name, f"one of {', '.join(sorted(known))}")
    values: dict[str, Any] = {}
    for asked, field in known.items():
        given = body.get(asked)
        if is_null(field, given):
            if not field.nullable and field.default is None and field.name not in _CHOSEN_BY_SERVER:
                raise Invalid(f"{asked} is required.", asked, _expected(field))
            continue
        values[field.name] = value_of(field, given)
    return values


def change_values(kind: Kind, body: Mapping[str, Any]) -> dict[str, Any]:
    """The values that a body changes; unknown and protected fields are ignored: clients send whole records back."""
    values: dict[str, Any] = {}
    for asked, field in _fields_asked(kind).items():
        if asked not in body or field.protected:
            continue
        given = None if is_null(field, body[asked]) else body[asked]
        if given is None and not field.nullable and field.type != "ids":
            raise Invalid(f"{asked} may not be null.", asked, _expected(field))
        values[field.name] = value_of(field, given) if given is not None else [] if field.type == "ids" else None
    return values


def differing(
    kind: Kind, record: Mapping[str, Any], answer: Mapping[str, Any], body: Mapping[str, Any]
) -> dict[str, Any]:
    """What of a body asks for another value than the record has: all that a permission or a rule may look at.

    Clients send whole records back. What is as it is answered or as it is kept is no change, and so are fields that
    nobody sets, be they stale or not. A value that is none of its field stays, to be refused by `change_values`.
    answer: the record as it is answered, moments to the second and lists of ids included.
    """
    known = _fields_asked(kind)
    return {
        asked: given
        for asked, given in body.items()
        if (field := known.get(asked)) is not None
        and not field.protected
        and not (asked in answer and given == answer[asked])
        and not _is_kept(field, record, given)
    }


def _is_kept(field: Field, record: Mapping[str, Any], given: Any) -> bool:
    if field.secret or field.name not in record:
        return False
    try:
        read = None if is_null(field, given) else value_of(field, given)
    except Invalid:
        return False
    return bool(read == record[field.name])


def is_null(field: Field, given: Any) -> bool:
    """Whether a value stands for null: some answers show a missing id as an empty text or as `None`."""
    return given is None or (field.type == "uuid" and field.nullable and given in _NO_ID)


def _fields_asked(kind: Kind) -> dict[str, Field]:
    return {
        field.asked_as: field
        for field in kind.fields
        if not (field.internal or field.computed or field.type == "record" or field.name in _CHOSEN_BY_SERVER)
    }


def value_of(field: Field, given: Any) -> Any:
    """A value as records keep it; Invalid where it is not of the field's type."""
    reader = _READERS.get(field.type)
    if reader is None:
        return given
    refuse_long(field, given)
    try:
        value = reader(given)
    except (ValueError, TypeError, AttributeError, LookupError, OverflowError):
        raise Invalid(f"{field.asked_as}: {_brief(given)} is not right.", field.asked_as, _expected(field)) from None
    if field.type in ("choice", "choice[]"):
        for one in value if isinstance(value, list) else [value]:
            if one not in field.choices:
                raise Invalid(f"{field.asked_as}: {_brief(one)} is no choice.", field.asked_as, _expected(field))
    refuse_long(field, value)
    return value


def refuse_long(field: Field, value: Any) -> None:
    """Raises Invalid for a text that is longer than its field; before anything looks at the text, and as it is kept."""
    if field.max_length and isinstance(value, str) and len(value) > field.max_length:
        raise Invalid(f"{field.asked_as} is too long.", field.asked_as, _expected(field))


def refuse_long_texts(kind: Kind, values: Mapping[str, Any]) -> None:
    """Raises Invalid for a text that is longer than its field, wherever it comes from, before keys are made of it."""
    for name, value in values.items():
        if (field := kind.by_name.get(name)) is not None:
            refuse_long(field, value)


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 60 else text[:57] + "..."


def _expected(field: Field) -> str:
    if field.choices:
        return f"one of {', '.join(field.choices)}"
    told = {
        "uuid": "an id",
        "ids": "a list of ids",
        "date": "a day, YYYY-MM-DD",
        "datetime": "a moment, YYYY-MM-DDTHH:MM:SS",
        "email": f"an address of at most {_LONGEST_ADDRESS} characters",
    }.get(field.type, f"a {field.type}")
    return f"{told} of at most {field.max_length} characters" if field.max_length else told


def _text(given: Any) -> str:
    if isinstance(given, bool) or not isinstance(given, (str, int, float)):
        raise TypeError
    text = str(given)
    if "\0" in text:
        raise ValueError
    return text


def _integer(given: Any) -> int:
    if isinstance(given, bool):
        raise TypeError
    if isinstance(given, float) and not given.is_integer():
        raise ValueError
    value = int(given)
    if not -(2**31) <= value < 2**31:
        raise ValueError
    return value


def _number(given: Any) -> float:
    if isinstance(given, bool):
        raise TypeError
    value = float(given)
    if not math.isfinite(value):
        raise ValueError
    return int(value) if value.is_integer() else value


def boolean_of(given: Any) -> bool:
    """True or false out of JSON or a word (`true t yes y on 1`, `false f no n off 0`); ValueError for another word."""
    if isinstance(given, bool):
        return given
    word = str(given).strip().lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise ValueError(given)


def _id(given: Any) -> str:
    if not isinstance(given, str) or not _UUID.fullmatch(given):
        raise ValueError
    return given.lower()


def _ids(given: Any) -> list[str]:
    if not isinstance(given, list):
        raise TypeError
    return list(dict.fromkeys(_id(one["id"] if isinstance(one, dict) else one) for one in given))


def _day(given: Any) -> str:
    return day(_text(given).strip()[:10])


def day(text: str) -> str:
    """A day as `YYYY-MM-DD` and in no other way of writing it; ValueError where it is none."""
    if not _DAY.fullmatch(text):
        raise ValueError
    return datetime.date.fromisoformat(text).isoformat()


def _moment(given: Any) -> str:
    if not isinstance(given, str):
        raise TypeError
    return clock.parse(given)


def _email(given: Any) -> str:
    text = _text(given).strip().lower()
    if len(text) > _LONGEST_ADDRESS or not _EMAIL.fullmatch(text):
        raise ValueError
    return text


def _timezone(given: Any) -> str:
    try:
        zoneinfo.ZoneInfo(given)
    except (zoneinfo.ZoneInfoNotFoundError, IsADirectoryError):
        raise ValueError(given) from None
    return str(given)


def _locale(given: Any) -> str:
    found = _LOCALE.fullmatch(given)
    if found is None or found[1] not in _languages():
        raise ValueError
    return str(given)


@functools.lru_cache(maxsize=1)
def _languages() -> frozenset[str]:
    """The languages that Python knows locales of."""
    return frozenset(re.split(r"[_.@]", name)[0] for name in locale.locale_alias.values())


def _texts(given: Any) -> list[str]:
    if not isinstance(given, list):
        raise TypeError
    return [_text(one) for one in given]


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "uuid": _id,
    "ids": _ids,
    "string": _text,
    "text": _text,
    "url": _text,
    "ip": _text,
    "integer": _integer,
    "number": _number,
    "boolean": boolean_of,
    "date": _day,
    "datetime": _moment,
    "choice": _text,
    "choice[]": _texts,
    "string[]": _texts,
    "email": _email,
    "timezone": _timezone,
    "locale": _locale,
}
