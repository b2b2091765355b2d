"""Letters that did not go out, where administrators see them: on the person, and in the status of the installation.

The status is open to anybody, so it tells since when letters are refused, and of nobody's.
"""

import logging
from collections.abc import Callable
from typing import Any, Final

from chalicelib.domain.people import organisation
from chalicelib.errors import VulpesError
from chalicelib.mail.sending import NotSent
from chalicelib.records import clock
from chalicelib.records.fields import Kind
from chalicelib.records.people import ORGANISATION, PERSON
from chalicelib.records.record import Record
from chalicelib.store.changes import Changes, write

_log = logging.getLogger("vulpes.mail")
# The fields that keep it.
OF_PERSON: Final = "mail_problem"
OF_STUDIO: Final = "mail_down_since"
REASON_OF_STUDIO: Final = "mail_down_because"
_TOLD: Final = {"mail-down-since": OF_STUDIO, "mail-down-because": REASON_OF_STUDIO}


def down() -> dict[str, str]:
    """Since when the service refuses letters, whoever they are for, and why; empty while it takes them.

    The reason is a word of the service, or that its sandbox takes letters to nobody but those whom it has verified.
    """
    studio = organisation.find_organisation()
    found = {name: studio.get(field) for name, field in _TOLD.items()} if studio else {}
    return {name: value for name, value in found.items() if value}


def note(person: Record, problem: NotSent) -> None:
    """Keeps why and when a letter to a person did not go out; the first of several for the same reason."""
    reason, moment = str(problem), clock.shown(clock.now())
    known = str(person.get(OF_PERSON) or "").partition(",")[0] == reason
    if known and (problem.recipient or down()):
        return
    # Made where it is missing, outside of the command.
    studio = None if problem.recipient else organisation.record()

    def command(changes: Changes) -> None:
        if not known:
            _keep(changes, changes.read(PERSON, person.id), {OF_PERSON: f"{reason}, {moment}"})
        if studio is not None and not (current := changes.read(ORGANISATION, studio.id)).get(OF_STUDIO):
            _keep(changes, current, {OF_STUDIO: moment, REASON_OF_STUDIO: reason})

    _quietly(command)


def clear(person: Record) -> None:
    """A letter to a person went out: what was noted before is over. Writes only where something was."""
    studio = organisation.find_organisation()
    kept: list[tuple[Kind, str, tuple[str, ...]]]
    kept = [(PERSON, person.id, (OF_PERSON,))] if person.get(OF_PERSON) else []
    down = (OF_STUDIO, REASON_OF_STUDIO)
    kept += [(ORGANISATION, studio.id, down)] if studio and studio.get(OF_STUDIO) else []

    def command(changes: Changes) -> None:
        for kind, record_id, fields in kept:
            _keep(changes, changes.read(kind, record_id), dict.fromkeys(fields))

    if kept:
        _quietly(command)


def _keep(changes: Changes, record: Record, values: dict[str, str | None]) -> None:
    # Nobody changed the record, so it keeps its place in lists.
    unchanged: dict[str, Any] = {"updated_at": record["updated_at"]}
    changes.update(record, **values, **unchanged)


def _quietly(command: Callable[[Changes], None]) -> None:
    """A note that cannot be kept must not break what the letter told about."""
    try:
        write(command)
    except VulpesError:
        _log.exception("What became of a letter could not be noted.")
