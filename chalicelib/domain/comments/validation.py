"""Validation of the lists in a comment, replies and checklist: their entries as they are kept, whoever sends them.

Source: docs/contract/tasks.md 2.2. What reads a thread counts on their shape.
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.errors import Invalid
from chalicelib.records.fields import datetime, ids, text
from chalicelib.records.people import PERSON
from chalicelib.records.validation import value_of
from chalicelib.store import keys, reference

_MOMENT: Final = datetime("replies")
_TEXT: Final = text("replies")
_IDS: Final = ids("replies", "person")
_EXPECTED: Final = "a list of {id, date, text, person_id}"


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a comment, its `replies` and `checklist` as they are kept; Invalid for what is no list of entries."""
    kept = dict(values)
    if "replies" in kept:
        kept["replies"] = _replies(kept["replies"])
    if kept.get("checklist") is not None and not _is_list_of_objects(kept["checklist"]):
        raise Invalid("This is no checklist.", "checklist", "a list of {text, checked}")
    return kept


def _is_list_of_objects(given: Any) -> bool:
    return isinstance(given, list) and all(isinstance(one, Mapping) for one in given)


def _replies(given: Any) -> list[dict[str, Any]]:
    """The replies; those of persons who are not here are left out."""
    if given is None:
        return []
    if not _is_list_of_objects(given):
        raise Invalid("These are no replies.", "replies", _EXPECTED)
    return [_reply(one) for one in given if reference.find(PERSON, keys.id_in(one.get("person_id"))) is not None]


def _reply(given: Mapping[str, Any]) -> dict[str, Any]:
    reply_id = keys.id_in(given.get("id"))
    if reply_id is None:
        raise Invalid("A reply has no id.", "replies", _EXPECTED)
    moment = value_of(_MOMENT, given.get("date"))[:19]
    return {
        "id": reply_id,
        "date": moment,
        "created_at": moment,
        "person_id": keys.id_in(given["person_id"]),
        "text": value_of(_TEXT, given.get("text") or ""),
        "mentions": value_of(_IDS, given.get("mentions") or []),
        "department_mentions": value_of(_IDS, given.get("department_mentions") or []),
    }
