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
from chalicelib.records.people import ORGANISATION, PERSON
from chalicelib.records.record import Record
from chalicelib.store.changes import Changes, write

_log = logging.getLogger("vulpes.mail")
# The fields that keep it.
OF_PERSON: Final = "mail_problem"
OF_STUDIO: Final = "mail_down_since"


def down_since() -> str | None:
    """Since when the service refuses letters, whoever they are for; None while it takes them."""
    studio = organisation.find_organisation()
    return studio.get(OF_STUDIO) if studio else None


def note(person: Record, problem: NotSent) -> None:
    """Keeps why and when a letter to a person did not go out; the first of several for the same reason."""
    reason, moment = str(problem), clock.shown(clock.now())
    known = str(person.get(OF_PERSON) or "").partition(",")[0] == reason
    if known and (problem.recipient or down_since()):
        return
    # Made where it is missing, outside of the command.
    studio = None if problem.recipient else organisation.record()

    def command(changes: Changes) -> None:
        if not known:
            _keep(changes, changes.read(PERSON, person.id), OF_PERSON, f"{reason}, {moment}")
        if studio is not None and not (current := changes.read(ORGANISATION, studio.id)).get(OF_STUDIO):
            _keep(changes, current, OF_STUDIO, moment)

    _quietly(command)


def clear(person: Record) -> None:
    """A letter to a person went out: what was noted before is over. Writes only where something was."""
    studio = organisation.find_organisation()
    kept = [(PERSON, person.id, OF_PERSON)] if person.get(OF_PERSON) else []
    kept += [(ORGANISATION, studio.id, OF_STUDIO)] if studio and studio.get(OF_STUDIO) else []

    def command(changes: Changes) -> None:
        for kind, record_id, field in kept:
            _keep(changes, changes.read(kind, record_id), field, None)

    if kept:
        _quietly(command)


def _keep(changes: Changes, record: Record, field: str, value: Any) -> None:
    # Nobody changed the record, so it keeps its place in lists.
    changes.update(record, **{field: value, "updated_at": record["updated_at"]})


def _quietly(command: Callable[[Changes], None]) -> None:
    """A note that cannot be kept must not break what the letter told about."""
    try:
        write(command)
    except VulpesError:
        _log.exception("What became of a letter could not be noted.")
