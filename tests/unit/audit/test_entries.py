"""What an entry tells of two images of a record, for every kind: its history and no more, and never a secret."""

import json
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.audit import entries
from chalicelib.domain.audit.entries import Told
from chalicelib.records.fields import Field, Kind
from chalicelib.records.people import NOTIFICATION, PERSON
from chalicelib.records.record import Record
from chalicelib.records.registry import KINDS
from chalicelib.records.tasks import NEWS, TASK
from chalicelib.store import keys
from chalicelib.store.bulk_writing import FROM_ELSEWHERE
from chalicelib.store.stream import changes_in

RECORD_ID = "0123456789ab"[:8] + "-89ab-8123-8123-0123456789ab"
AUTHOR = "11111111-2222-8333-8444-555555555555"
# What opens a door is called so.
SECRETS = re.compile(r"password|token|secret|recovery|fido_credentials|jti$|webhook|private_key")
NO_SECRETS = {"token_generation"}
EDITS: dict[str, st.SearchStrategy[Any]] = {
    "priority": st.integers(0, 3),
    "description": st.none() | st.text(max_size=20) | st.text(min_size=400, max_size=410),
    "data": st.none() | st.dictionaries(st.sampled_from("abc"), st.integers(), max_size=3),
    "assignees": st.lists(st.uuids().map(str), max_size=3, unique=True),
    "estimation": st.floats(0, 100, allow_nan=False),
    "due_date": st.none() | st.dates().map(lambda day: f"{day}T00:00:00"),
}


@pytest.fixture(autouse=True)
def _no_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries.reference, "every", lambda _: {})


def image(kind: Kind, values: Mapping[str, Any] | None) -> dict[str, Any]:
    """The item of a record as the stream shows it; the tombstone that it leaves where there are no values."""
    item = {"pk": {"S": f"0123456789ab#{kind.table}"}, "sk": {"S": RECORD_ID}, "w": {"S": "2026-11-27T10:00:00.000001"}}
    if values is not None:
        full = {field.name: field.default for field in kind.fields if field.type != "record"}
        texts = Record(kind, {**full, "id": RECORD_ID, **values}).texts
        item |= {name: {"S": text} for name in ("doc", "ids", "own") if (text := getattr(texts, name))}
    return {**item, "by": {"S": f"{AUTHOR}/01234567"}}


def change(kind: Kind, old: Any, new: Any, number: int = 1, **more: str) -> dict[str, Any]:
    """A record of the stream; `old` False where nothing was there."""
    told = {
        "Keys": {"pk": {"S": f"0123456789ab#{kind.table}"}, "sk": {"S": RECORD_ID}},
        "NewImage": image(kind, new) | {name: {"S": value} for name, value in more.items()},
        "SequenceNumber": str(number),
    }
    if old is not False:
        told["OldImage"] = image(kind, old)
    arn = "arn:aws:dynamodb:eu-west-1:1:table/vulpes/stream/2026-11-27T00:00:00.000"
    return {"eventName": "INSERT" if old is False else "MODIFY", "dynamodb": told, "eventSourceARN": arn}


def told_by(record: dict[str, Any]) -> Told | None:
    """What the audit tells of a record of the stream."""
    return entries.told_by(*changes_in({"Records": [record]}))


def value_like(field: Field) -> Any:
    """A value that a field may hold, with a word in it by which it is known."""
    if field.type in ("binary[]", "ids", "string[]"):
        return ["TREASURE"]
    return [{"device_name": "TREASURE"}] if field.type == "json[]" else "TREASURE"


@given(st.lists(st.fixed_dictionaries({}, optional=EDITS), max_size=6))
@settings(max_examples=25, deadline=None)
def test_the_changes_of_a_record_are_its_history(edits: list[dict[str, Any]]) -> None:
    history = [{"name": "main"}]
    for edit in edits:
        history.append({**history[-1], **edit})
    steps: list[Any] = [False, *history, None]
    known: dict[str, Any] = {}
    for number, (old, new) in enumerate(pairwise(steps)):
        told = told_by(change(TASK, old, new, number))
        for one in told.entry.changes if told else []:
            # Each goes on from what the one before it left.
            assert known.get(one.field) == one.before or number == 0 or one.field not in known
            known[one.field] = one.after
        for name, value in (new or {}).items():
            expected = value[: entries.MOST_TEXT] if isinstance(value, str) else value
            assert known.get(name, TASK.by_name[name].default) == expected or not (known.get(name) or value)
    assert not any(value for value in known.values())


@pytest.mark.parametrize("kind", entries.audited_kinds(), ids=lambda kind: kind.table)
def test_no_secret_of_any_kind_is_told(kind: Kind) -> None:
    hidden = [field for field in kind.fields if field.secret or field.withheld or field.internal]
    secrets = {field.name: value_like(field) for field in hidden}
    for old, new in ((False, secrets), ({}, secrets), (secrets, {}), (secrets, None)):
        told = told_by(change(kind, old, new))
        if told is not None:
            assert "TREASURE" not in msgspec.json.encode(told.entry).decode()
            withheld = {one.field for one in told.entry.changes if one.withheld}
            assert withheld <= {field.name for field in hidden if field.secret or field.withheld}
    names = {field.name for field in hidden}
    assert {field.name for field in kind.fields if SECRETS.search(field.name)} - names - NO_SECRETS == set()


def test_an_entry_is_bounded_whatever_a_record_holds() -> None:
    big = dict.fromkeys(("name", "description"), "x" * 50_000) | {"data": {"k": "y" * 50_000}}
    told = told_by(change(TASK, False, {**big, "assignees": [RECORD_ID] * 500}))
    assert told is not None
    assert len(msgspec.json.encode(told.entry)) < 3000


def test_a_record_that_comes_with_a_backup_is_no_change() -> None:
    assert told_by(change(TASK, False, {"name": "main"}, by=FROM_ELSEWHERE)) is None


@pytest.mark.parametrize("kind", [NOTIFICATION, NEWS])
def test_what_tells_of_others_has_no_entry(kind: Kind) -> None:
    assert told_by(change(kind, False, {})) is None


def test_what_expires_has_no_entry() -> None:
    gone = change(TASK, None, None)
    del gone["dynamodb"]["NewImage"]
    assert told_by({**gone, "eventName": "REMOVE"}) is None


def test_without_what_was_there_nothing_is_told() -> None:
    change_of_old_stream = change(TASK, {}, {"name": "main"})
    del change_of_old_stream["dynamodb"]["OldImage"]
    assert told_by(change_of_old_stream) is None


def test_somebody_who_is_removed_leaves_no_values() -> None:
    told = told_by(change(PERSON, {"first_name": "Jo", "phone": "123"}, None))
    assert told is not None
    assert (told.entry.action, told.entry.changes, told.entry.person_id) == ("delete", [], AUTHOR)


def test_signing_in_is_no_change_of_a_person() -> None:
    assert told_by(change(PERSON, {}, {"last_presence": "2026-11-27", "login_failed_attemps": 2})) is None


def test_an_entry_has_one_id_and_one_place_however_often_it_is_told() -> None:
    first, again, later = (told_by(change(TASK, {}, {"name": "x"}, number)) for number in (9, 9, 10))
    assert first is not None
    assert later is not None
    assert first == again
    assert keys.is_id(first.entry.id)
    assert (first.entry.id != later.entry.id, first.place < later.place) == (True, True)


def test_every_audited_kind_leaves_a_tombstone_that_says_who_deleted_it() -> None:
    assert [kind.table for kind in KINDS.values() if kind.audited and not kind.held] == []


def test_entries_are_written_as_they_are_answered() -> None:
    told = told_by(change(TASK, {}, {"priority": 2}))
    assert told is not None
    assert json.loads(msgspec.json.encode(told.entry))["changes"] == [{"field": "priority", "from": 0, "to": 2}]
