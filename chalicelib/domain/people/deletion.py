"""Forced removal of a person: what is theirs goes, what names them lets go of them (docs/contract/people.md section 5).

Which does what, the kinds themselves declare (records/). Cut off half-way, it leaves somebody inactive with fewer
traces; the sweep goes on (domain/jobs/deletions.py).
"""

from collections.abc import Iterator
from functools import partial

from chalicelib.domain.dependents import removal, stored_objects
from chalicelib.domain.jobs import deletions
from chalicelib.domain.people import sessions
from chalicelib.events.journal import emit_for
from chalicelib.records.fields import STUDIO
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.store import objects, reference
from chalicelib.store.changes import Changes, write


def remove_person(person: Record) -> None:
    """Takes a person away with everything that points at them (`force=true`).

    Reads every partition that may name a person: some fifteen queries a production and one a person, side by side.
    What does not fit a request the sweep finishes; until then the person is inactive.
    """
    resume(write(partial(_retire, person_id=person.id)), deletions.SECONDS_OF_A_REQUEST)


def resume(mark: Record, seconds: float) -> None:
    """Goes on with the removal of a person for so long."""
    person_id = mark["record_id"]
    deletions.proceed(mark, _pieces(mark), partial(_leave, person_id=person_id), seconds)


def _pieces(mark: Record) -> Iterator[object]:
    """What points at a person goes, a kind at a time; once more after they went, for what was under way meanwhile."""
    person = reference.find(PERSON, mark["record_id"])
    if mark.get("ended_at"):
        if person is not None:
            return  # They were imported again under their old id: what names them now is theirs.
        person = Record(PERSON, {"id": mark["record_id"]}, home=STUDIO)
    if person is not None:
        yield from removal.clear([person])


def _leave(changes: Changes, person_id: str) -> None:
    person = reference.find(PERSON, person_id)
    if person is not None:
        changes.delete(person)
        emit_for(changes, person, "delete")
        changes.afterwards(partial(objects.discard, stored_objects.of(person)))


def _retire(changes: Changes, person_id: str) -> Record:
    """Out at once: nobody leaves new traces while the old ones go."""
    person = changes.read(PERSON, person_id)
    changes.update(person, active=False, **sessions.all_ended(person))
    return deletions.begin(changes, person)
