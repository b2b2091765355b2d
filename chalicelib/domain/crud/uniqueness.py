"""What exists once among the records of the studio, where no guard of the store can tell it.

Source: docs/contract/production.md 2.6.

Names that are taken in any case, or whatever another field says; the one that is the default. Of two commands that
look and then write, one has the first turn: the other begins again and finds what the first one wrote.
"""

from chalicelib.errors import Duplicate
from chalicelib.events.journal import emit_for
from chalicelib.records import names
from chalicelib.records.fields import STUDIO
from chalicelib.records.record import Record
from chalicelib.store import keys, reference
from chalicelib.store.changes import Changes


def take_name(changes: Changes, record: Record, any_case: bool = False) -> None:
    """Takes the name of a record that is written; raises Duplicate where another one of its kind has it."""

    told = names.folded if any_case else names.normal
    wanted = told(record["name"])
    _take_turn(changes, record, f"name#{wanted}")
    for other in reference.every(record.kind).values():
        if told(other["name"]) == wanted and other.id != record.id:
            raise Duplicate(f"There is a {record.kind.name} of that name already.", "name", "one that is not taken")


def take_default(changes: Changes, record: Record, among: str | None = None) -> None:
    """Where a record is the default, takes the flag from the one that has it; `among` those that agree in a field."""
    if not record["is_default"]:
        return
    _take_turn(changes, record, f"default#{bool(among and record[among])}")
    for other in reference.every(record.kind).values():
        rival = among is None or bool(other[among]) == bool(record[among])
        if rival and other["is_default"] and other.id != record.id:
            emit_for(changes, changes.update(other, is_default=False), "update")


def _take_turn(changes: Changes, record: Record, what: str) -> None:
    changes.take_turn(keys.claim(STUDIO, record.kind, what))
    # Whoever had the turn before is to be seen by what follows.
    reference.look_again()
