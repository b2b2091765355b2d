"""What the audit tells of one change, read from the table's stream: what was, what came, and who wrote it.

An item bears its author (`by`, store/session.py), also the tombstone that a deleted record leaves: so the new image of
a change says who made it, and the old one what was there before. Secrets are never told, long values as they begin.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

import msgspec

from chalicelib.records.fields import Field, Kind
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT
from chalicelib.records.registry import KINDS
from chalicelib.store import keys, reference, session
from chalicelib.store.bulk_writing import FROM_ELSEWHERE
from chalicelib.store.stream import Change, Image, texts_in

Action = Literal["create", "update", "delete", "move-out", "move-in"]
MOST_TEXT: Final = 300
MOST_JSON: Final = 600
MOST_IDS: Final = 20
_STAMPS: Final = ("id", "updated_at")
# Stream numbers have 40 digits at most.
_DIGITS: Final = 40
_encode = msgspec.json.Encoder().encode


class FieldChange(msgspec.Struct, omit_defaults=True):
    """One field that changed. `withheld`: a secret, whose values are not told. `cut`: a long text, or JSON as text, of
    which the beginning is told; of a long list of ids also which came and went.
    """

    field: str
    before: Any = msgspec.field(name="from", default=None)
    after: Any = msgspec.field(name="to", default=None)
    withheld: bool = False
    cut: bool = False
    added: list[str] = []
    removed: list[str] = []


class AuditEntry(msgspec.Struct):
    """One change of one record. `kind` is the record's type, `request_id` how the id of the request begins in the log.

    `person_id` is null where nobody was signed in, or who it was is gone; `project_id` where it is of no production.
    """

    id: str
    created_at: str
    action: Action
    kind: str
    record_id: str
    project_id: str | None
    person_id: str | None
    request_id: str | None
    changes: list[FieldChange]


class Told(NamedTuple):
    """An entry, the home under which it is listed (of its production, else its record's), and its place in the order of
    the table's changes.
    """

    entry: AuditEntry
    home: str
    place: str


def audited_kinds() -> list[Kind]:
    """The kinds whose changes are told."""
    return [kind for kind in KINDS.values() if kind.audited]


def told_by(change: Change) -> Told | None:
    """What the audit tells of a change of the table; None where there is nothing to tell.

    Raises what reading the fields raises that lie in the bucket.
    """
    home, _, table = change.pk.partition("#")
    kind, old, new = KINDS.get(table), change.old, change.new
    author = new.get("by", "")
    # What expires, or came with a backup, nobody changed; of a stream without old images nothing can be told.
    unknown = not change.is_insert and not old
    if kind is None or not kind.audited or unknown or not new or author == FROM_ELSEWHERE:
        return None
    before, after = _Side.of(old), _Side.of(new)
    if before.values is None and after.values is None:
        return None
    action = _action(before, after, author.endswith(session.MOVED))
    # Of somebody who is gone nothing stays.
    changes = [] if kind is PERSON and action == "delete" else _changes(kind, before, after)
    if action == "update" and not changes:
        return None
    place, record_id = _place(change), change.sk
    person_id, _, request_id = author.removesuffix(session.MOVED).partition(session.AUTHOR_SIGN)
    project_id = _project_of(kind, record_id, home, {**(before.values or {}), **(after.values or {})})
    entry = AuditEntry(
        id=_id_of(record_id, place),
        created_at=new.get("w", ""),
        action=action,
        kind=kind.name,
        record_id=record_id,
        project_id=project_id,
        person_id=person_id or None,
        request_id=request_id or None,
        changes=changes,
    )
    return Told(entry, keys.home_of_owner(project_id) if project_id else home, place)


class _Side(NamedTuple):
    """The record on one side of a change; `lost`: its large fields are in the bucket no more, and read as null."""

    values: dict[str, Any] | None
    lost: bool = False

    @classmethod
    def of(cls, image: Image) -> "_Side":
        """The record of an image of the stream; without values of a tombstone, and of nothing."""
        texts, lost = texts_in(image)
        return cls(texts.values() if texts else None, lost)


def _action(before: _Side, after: _Side, moves: bool) -> Action:
    if after.values is None:
        return "move-out" if moves else "delete"
    if before.values is None:
        return "move-in" if moves else "create"
    return "update"


def _changes(kind: Kind, before: _Side, after: _Side) -> list[FieldChange]:
    return [told for field in kind.fields if _is_told(kind, field) for told in _change(field, before, after)]


def _is_told(kind: Kind, field: Field) -> bool:
    """Not what is derived from others, moves by itself, or is of no concern outside of the server."""
    if field.derived or field.computed or field.type == "record" or field.name in (*_STAMPS, *kind.unaudited):
        return False
    return field.secret or not field.internal


def _change(field: Field, before: _Side, after: _Side) -> Iterator[FieldChange]:
    old, new = _value(field, before), _value(field, after)
    if old == new or (field.name == "created_at" and None in (before.values, after.values)):
        return
    if field.secret or field.withheld:
        yield FieldChange(field.name, withheld=True)
    elif (before.lost and old is None) or (after.lost and new is None):
        yield FieldChange(field.name, cut=True)
    elif field.type == "ids" and max(len(old or ()), len(new or ())) > MOST_IDS:
        removed, added = sorted({*(old or ())} - {*(new or ())}), sorted({*(new or ())} - {*(old or ())})
        yield FieldChange(field.name, cut=True, added=added[:MOST_IDS], removed=removed[:MOST_IDS])
    else:
        (told_old, cut_old), (told_new, cut_new) = _bounded(old), _bounded(new)
        yield FieldChange(field.name, told_old, told_new, cut=cut_old or cut_new)


def _value(field: Field, side: _Side) -> Any:
    """The value on one side; before a record was there, and when it is gone, it is as a new one has it, or nothing."""
    value = side.values.get(field.name) if side.values is not None else field.default
    return value if value or isinstance(value, bool | int | float) else None


def _bounded(value: Any) -> tuple[Any, bool]:
    """A value as it is told, and whether more was there."""
    if isinstance(value, str):
        return (value, False) if len(value) <= MOST_TEXT else (value[:MOST_TEXT], True)
    if isinstance(value, dict | list) and len(text := _encode(value).decode()) > MOST_JSON:
        return text[:MOST_TEXT], True
    return value, False


def _place(change: Change) -> str:
    """Where a change stands in the order of all of its record: by its stream, and there."""
    return f"{change.stream}#{change.number:0>{_DIGITS}}"


def _id_of(record_id: str, place: str) -> str:
    told = hashlib.sha256(f"{record_id}#{place}".encode()).hexdigest()
    return f"{told[:8]}-{told[8:12]}-8{told[13:16]}-8{told[17:20]}-{told[20:32]}"


def _project_of(kind: Kind, record_id: str, home: str, values: Mapping[str, Any]) -> str | None:
    if kind is PROJECT:
        return record_id
    if values.get("project_id"):
        return str(values["project_id"])
    return next((one for one in reference.every(PROJECT) if keys.home_of_owner(one) == home), None)
