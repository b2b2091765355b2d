"""Forced removal of a person: what is theirs goes, what names them lets go of them (docs/contract/people.md section 5).

Cut off half-way, it leaves somebody inactive with fewer traces; the sweep goes on (domain/jobs/deletions.py).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from chalicelib.domain.comments import attachments
from chalicelib.domain.files import previews
from chalicelib.domain.files.storage import discard
from chalicelib.domain.jobs import deletions
from chalicelib.domain.notifications import lookup
from chalicelib.domain.people import sessions
from chalicelib.domain.people.time_spent_deletion import clear_time
from chalicelib.events.journal import emit_for
from chalicelib.records.fields import STUDIO, Kind
from chalicelib.records.files import ATTACHMENT_FILE, PREVIEW_FILE
from chalicelib.records.people import (
    CHAT_MESSAGE,
    DAY_OFF,
    DESKTOP_LOGIN_LOG,
    LOGIN_LOG,
    NOTIFICATION,
    PERSON,
    SEARCH_FILTER,
    SEARCH_FILTER_GROUP,
    SUBSCRIPTION,
)
from chalicelib.records.production import API_EVENT, PROJECT
from chalicelib.records.record import Record
from chalicelib.records.registry import KINDS
from chalicelib.records.tasks import COMMENT, NEWS, TASK, TIME_SPENT
from chalicelib.store import homes, keys, reads, reference
from chalicelib.store.changes import Changes, write

# Records that go with the person such a field names. Of all others that name a person the name is taken out.
GO_ALONG: Final[Mapping[Kind, tuple[str, ...]]] = {
    API_EVENT: ("user_id",),
    CHAT_MESSAGE: ("person_id",),
    COMMENT: ("person_id",),
    DAY_OFF: ("person_id",),
    DESKTOP_LOGIN_LOG: ("person_id",),
    LOGIN_LOG: ("person_id",),
    NEWS: ("author_id",),
    NOTIFICATION: ("person_id", "author_id"),
    SEARCH_FILTER: ("person_id",),
    SEARCH_FILTER_GROUP: ("person_id",),
    SUBSCRIPTION: ("person_id",),
    TIME_SPENT: ("person_id",),
}
# These go on ways of their own, before the rest.
_GONE_BEFORE: Final = (LOGIN_LOG, TIME_SPENT)
# A record is up to four items of a transaction: itself, its guards, an edge.
_RECORDS_A_WRITE: Final = 25
# A preview is up to five items of the command that takes its comment away.
_PREVIEWS_A_WRITE: Final = 10


def remove_person(person: Record) -> None:
    """Takes a person away with everything that points at them (`force=true`).

    Reads every partition that may name a person: some fifteen queries a production and one a person, side by side.
    What does not fit a request the sweep finishes; until then the person is inactive.
    """
    resume(write(partial(_retire, person_id=person.id)), deletions.SECONDS_OF_A_REQUEST)


def resume(mark: Record, seconds: float) -> None:
    """Goes on with the removal of a person for so long."""
    person_id = mark["record_id"]
    deletions.proceed(mark, _pieces(person_id), partial(_leave, person_id=person_id), seconds)


def _pieces(person_id: str) -> Iterator[None]:
    """What points at a person goes, in pieces of a second or so."""
    clear_time(person_id)
    yield
    for comment in _comments_of(person_id):
        _remove_comment(comment)
        yield
    _apply(reads.query(LOGIN_LOG, STUDIO, "l2", ("^", f"{person_id}#")), person_id)
    _apply(_named_in_studio(person_id), person_id)
    yield
    looks = [partial(_naming, kind, home, person_id) for kind, home in _places(person_id)]
    for found in reads.parallel(looks):
        attached = _attached_to([one for one in found if one.kind is CHAT_MESSAGE])
        _apply([*attached, *found], person_id)
        discard(attachments.key_of(one) for one in attached)
        yield


def _leave(changes: Changes, person_id: str) -> None:
    person = reference.find(PERSON, person_id)
    if person is not None:
        changes.delete(person)
        emit_for(changes, person, "delete")


def _retire(changes: Changes, person_id: str) -> Record:
    """Out at once: nobody leaves new traces while the old ones go."""
    person = changes.read(PERSON, person_id)
    changes.update(person, active=False, **sessions.all_ended(person))
    return deletions.begin(changes, person)


def _homes() -> Iterator[str]:
    yield STUDIO
    for project_id in reference.every(PROJECT):
        yield keys.home_of_owner(project_id)


def _comments_of(person_id: str) -> list[Record]:
    looks = [partial(_naming, COMMENT, home, person_id) for home in _homes()]
    return [one for found in reads.parallel(looks) for one in found if one["person_id"] == person_id]


def _remove_comment(comment: Record) -> None:
    """A comment goes with its previews, attachments, news and notifications."""
    for preview in reads.get_many(PREVIEW_FILE, comment["previews"][_PREVIEWS_A_WRITE:]):
        previews.remove(preview)
    write(partial(_remove_with_companions, comment_id=comment.id))


def _remove_with_companions(changes: Changes, comment_id: str) -> None:
    comment = reads.find(COMMENT, comment_id)
    if comment is None:
        return
    changes.delete(comment)
    attached = attachments.attached_to([comment])
    news = reads.query(NEWS, homes.of(COMMENT, comment), "l3", ("=", comment.id))
    task = reads.find(TASK, comment["object_id"])
    told = lookup.of_comment(task, comment.id) if task else []
    for record in (*attached, *news, *told):
        changes.delete(record)
    shown = reads.get_many(PREVIEW_FILE, comment["previews"])
    previews.remove_previews(changes, shown, with_comments=True)
    changes.afterwards(partial(discard, [attachments.key_of(one) for one in attached]))


def _named_in_studio(person_id: str) -> list[Record]:
    """The records of the reference data that name a person; filters of others that are in a group of theirs."""
    groups = {one.id for one in reference.every(SEARCH_FILTER_GROUP).values() if one["person_id"] == person_id}
    kinds = [kind for kind in KINDS.values() if kind.reference and _fields(kind)]
    found = [one for kind in kinds for one in reference.every(kind).values() if _names(one, person_id)]
    for one in reference.every(SEARCH_FILTER).values():
        if one["search_filter_group_id"] in groups and one["person_id"] != person_id:
            write(partial(_ungroup, filter_id=one.id))
    return found


def _ungroup(changes: Changes, filter_id: str) -> None:
    changes.update(changes.read(SEARCH_FILTER, filter_id), search_filter_group_id=None)


def _places(person_id: str) -> Iterator[tuple[Kind, str]]:
    """The partitions that may name a person, besides those that are looked at by themselves."""
    own = keys.home_of_owner(person_id)
    for kind in KINDS.values():
        if kind.reference or kind in _GONE_BEFORE or not _fields(kind):
            continue
        if kind is NOTIFICATION:
            # Somebody is named in the notifications of others as their author.
            yield from ((kind, keys.home_of_owner(one)) for one in reference.every(PERSON))
        elif kind.home.owners == ("person_id",):
            yield kind, own
        else:
            yield from ((kind, home) for home in _homes())


def _fields(kind: Kind) -> list[str]:
    return [one.name for one in kind.fields if one.relation == PERSON.table and not one.derived]


def _naming(kind: Kind, home: str, person_id: str) -> list[Record]:
    """The records of a partition that name a person; the texts are searched, and parsed where they match."""
    rows = reads.rows(keys.partition(home, kind))
    matching = [row for row in rows if row.big or any(text and person_id in text.S for text in (row.doc, row.ids))]
    return [one for one in reads.records_of(kind, matching) if _names(one, person_id)]


def _names(record: Record, person_id: str) -> bool:
    return any(record[name] == person_id or person_id in (record[name] or ()) for name in _fields(record.kind))


def _attached_to(messages: Sequence[Record]) -> list[Record]:
    """The files attached to messages of chats."""
    looks = [
        partial(reads.query, ATTACHMENT_FILE, homes.of(CHAT_MESSAGE, one), "l2", ("=", one.id)) for one in messages
    ]
    return [one for found in reads.parallel(looks) for one in found]


def _apply(records: Sequence[Record], person_id: str) -> None:
    for start in range(0, len(records), _RECORDS_A_WRITE):
        write(_LettingGo(records[start : start + _RECORDS_A_WRITE], person_id))


class _LettingGo:
    """A command on records as they were read, and as they are now when it has to run again."""

    def __init__(self, records: Sequence[Record], person_id: str) -> None:
        self._records = records
        self._person_id = person_id
        self._tried = False

    def __call__(self, changes: Changes) -> None:
        if self._tried:
            self._records = _as_they_are(self._records)
        self._tried = True
        for record in self._records:
            if _goes_along(record, self._person_id):
                changes.delete(record)
            elif values := _without(record, self._person_id):
                changes.update(record, **values)


def _goes_along(record: Record, person_id: str) -> bool:
    if record.kind is ATTACHMENT_FILE:
        return True
    return any(record[name] == person_id for name in GO_ALONG.get(record.kind, ()))


def _without(record: Record, person_id: str) -> dict[str, Any]:
    """The fields of a record that name a person, without that name."""
    values: dict[str, Any] = {}
    for name in _fields(record.kind):
        held = record[name]
        if held == person_id:
            values[name] = None
        elif isinstance(held, list) and person_id in held:
            values[name] = [one for one in held if one != person_id]
    return values


def _as_they_are(records: Iterable[Record]) -> list[Record]:
    by_kind: dict[Kind, list[str]] = {}
    for record in records:
        by_kind.setdefault(record.kind, []).append(record.id)
    return [one for kind, wanted in by_kind.items() for one in reads.get_many(kind, wanted)]
