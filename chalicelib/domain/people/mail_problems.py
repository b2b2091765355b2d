"""Letters that did not go out or came back, where administrators see it: on the person, and in the status.

The status is open to anybody, so it tells since when letters are refused, and of nobody's.
"""

import json
import logging
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from chalicelib.domain.people import lookup, organisation
from chalicelib.errors import VulpesError
from chalicelib.mail.feedback import Feedback, read_feedback
from chalicelib.mail.sending import NotSent
from chalicelib.records import clock, names
from chalicelib.records.fields import Kind
from chalicelib.records.people import ORGANISATION, PERSON
from chalicelib.records.record import Record
from chalicelib.store import deliveries
from chalicelib.store.changes import Changes, write

_log = logging.getLogger("vulpes.mail")
_EFFECT: Final = "mail-feedback"
# The fields that keep it.
OF_PERSON: Final = "mail_problem"
GIVEN_UP: Final = "mail_given_up"
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
    known = is_given_up(person) or str(person.get(OF_PERSON) or "").partition(",")[0] == reason
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


def take(message: str) -> None:
    """Notes what SES tells of a letter on who got it, once, if it is told again; addresses of nobody are left out.

    An address that letters come back from for good, or whose owner complained, is given up.
    """
    feedback = read_feedback(message)
    if feedback is None or not deliveries.claim(_EFFECT, feedback.id):
        return
    try:
        for person in filter(None, map(lookup.by_email, feedback.recipients)):
            write(partial(_note_feedback, person.id, feedback))
    except Exception:
        deliveries.release(_EFFECT, feedback.id)
        raise
    _log.warning(json.dumps({"mail": "came back", "reason": feedback.reason}))


def _note_feedback(person_id: str, feedback: Feedback, changes: Changes) -> None:
    person = changes.read(PERSON, person_id)
    # What is given up stays so, whatever comes of a letter that was asked for.
    if feedback.final or not is_given_up(person):
        given_up = {GIVEN_UP: names.address(person["email"])} if feedback.final else {}
        _keep(changes, person, {OF_PERSON: f"{feedback.reason}, {feedback.moment}", **given_up})


def is_given_up(person: Record) -> bool:
    """Whether letters to their address come back for good, or are not wanted; another address is another matter."""
    return bool(person["email"]) and person.get(GIVEN_UP) == names.address(person["email"])


def lift(person: Record) -> None:
    """An administrator says that the address is good: letters go there again."""
    if person.get(OF_PERSON) or person.get(GIVEN_UP):
        nothing: dict[str, str | None] = dict.fromkeys((OF_PERSON, GIVEN_UP))
        write(lambda changes: _keep(changes, changes.read(PERSON, person.id), nothing))


def clear(person: Record) -> None:
    """A letter to a person went out: what was noted before is over. Writes only where something was.

    That SES took a letter to an address that was given up does not say that it arrives.
    """
    studio = organisation.find_organisation()
    kept: list[tuple[Kind, str, tuple[str, ...]]]
    kept = [(PERSON, person.id, (OF_PERSON,))] if person.get(OF_PERSON) and not is_given_up(person) else []
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
