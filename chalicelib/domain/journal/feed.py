"""Reading the journal: the newest events (docs/contract/production.md section 11).

Events live in the home of the production they are tied to, else in the studio. The newest of all are found by reading
these homes side by side and merging them, by their moment and then by their id: so every event has one place in the
journal, and a reader may go on after any of them.
"""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from heapq import merge
from itertools import chain, groupby, islice
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.access.events import may_hear
from chalicelib.domain.crud.pagination import whole_number
from chalicelib.errors import Invalid
from chalicelib.records import clock
from chalicelib.records.fields import STUDIO
from chalicelib.records.production import API_EVENT, COMMON_EVENTS, PROJECT
from chalicelib.records.record import Record
from chalicelib.store import keys, reads, reference

FILE_EVENTS: Final = (
    "preview-file:add-file",
    "organisation:set-thumbnail",
    "person:set-thumbnail",
    "project:set-thumbnail",
)
CURSOR: Final = "cursor_event_id"
_USUAL: Final = 100
# The web UI asks for the events of some days with limit=100000.
_MOST: Final = 100_000
_PAGE: Final = 500
_LEAST_PAGE: Final = 20
# Of each common name is about one in so many events.
_COMMON_AMONG: Final = 5
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?")
_FIRST_MOMENT: Final = "0000"
_LAST_MOMENT: Final = "9999"


def last(caller: Caller, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """The newest events a manager may know of: `[{id, created_at, name, user_id, data}]`, newest first.

    query: `before`, `after` (a day or a moment, neither included), `limit` (100), `project_id`, `name`, `only_files`,
    `cursor_event_id` (the event read last: those further down). Raises Invalid for a malformed one.
    """
    limit = min(whole_number(query, "limit", _USUAL), _MOST)
    if limit < 0:
        raise Invalid("limit is negative.", "limit", f"a number from 0 to {_MOST}")
    before = min(moment_asked(query, "before", _LAST_MOMENT), _place_read_last(caller, query))
    span = (moment_asked(query, "after", _FIRST_MOMENT), before)
    homes, names = _homes(caller, query.get("project_id")), _names(query)
    looked_through = limit * _COMMON_AMONG if _any_is_common(names) else limit
    # Of many homes few hold the newest events, so little is read of each at first.
    page = min(looked_through, _PAGE, max(_LEAST_PAGE, 2 * looked_through // max(len(homes), 1)))
    found = newest(homes, names, span, page)
    if not caller.is_admin:
        found = (event for event in found if may_hear(caller, event))
    return [_shown(event) for event in islice(found, limit)]


def newest(
    homes: Sequence[str],
    names: Sequence[str] | None = None,
    span: tuple[str, str] = (_FIRST_MOMENT, _LAST_MOMENT),
    page: int = _PAGE,
) -> Iterator[Record]:
    """The events of these homes, newest first, read as far as they are taken.

    names: those of these names alone: each by its index, common ones as the whole journal has them. span: strictly
    between these; the second is a moment, or the place of an event.
    """
    if names is not None and _any_is_common(names):
        return (event for event in newest(homes, None, span, page) if event["name"] in names)
    streams = [_stream(home, name, span, page) for home in homes for name in (names if names is not None else [None])]
    return reads.merged(streams, _place)


def _any_is_common(names: Sequence[str] | None) -> bool:
    return names is not None and not COMMON_EVENTS.isdisjoint(names)


def _stream(home: str, name: str | None, span: tuple[str, str], page: int) -> Iterator[list[Record]]:
    after, before = span
    by, prefix = ("created_at", "") if name is None else ("name", f"{name}#")
    index = API_EVENT.sorted_by(by).attribute
    condition = ("..", f"{prefix}{after}", f"{prefix}{before}")

    def found_in(pk: str) -> Iterator[list[Record]]:
        for rows in reads.pages(pk, index, condition, descending=True, limit=max(page, 1)):
            events = reads.records_of(API_EVENT, rows)
            found = [
                event
                for event in events
                if after < event["created_at"] and _place(event) < before and name in (None, event["name"])
            ]
            # So the first page of a home is one that holds something: they are fetched side by side.
            if found:
                yield found

    for _, pks in groupby(_months_within(home, after, before), keys.month_in):
        first, *others = map(found_in, pks)
        yield from first if not others else _merged(first, *others)


def _merged(*parts: Iterator[list[Record]]) -> Iterator[list[Record]]:
    """What the partitions of one month hold: of events whose ids tell their moment, and of others."""
    return ([event] for event in merge(*map(chain.from_iterable, parts), key=_place, reverse=True))


def _months_within(home: str, after: str, before: str) -> Iterator[str]:
    """The partitions of the journal of a home, newest first, as far as they may hold what lies between."""
    for pk in reads.partitions(API_EVENT, home, descending=True, lately=True):
        month = keys.month_in(pk)
        if month is None or after[:7] <= month <= before[:7]:
            yield pk


def _place(event: Record) -> str:
    """Where an event stands in the journal: its moment to the microsecond and its id, as its index has them."""
    return f"{clock.whole(event['created_at'])}#{event.id}"


def _place_read_last(caller: Caller, query: Mapping[str, str]) -> str:
    """The place of the event that a reader goes on after; beyond all of them where none is named.

    Raises Invalid for an event that is unknown, or none of the caller's.
    """
    event_id = query.get(CURSOR)
    if not event_id:
        return _LAST_MOMENT
    event = reads.find(API_EVENT, event_id)
    if event is None or not (caller.is_admin or may_hear(caller, event)):
        raise Invalid("There is no such event.", CURSOR, "the id of an event of this list")
    return _place(event)


def moment_asked(query: Mapping[str, str], name: str, default: str) -> str:
    """The moment that a query names, in the order of stored ones; the default where it names none. Raises Invalid."""
    text = query.get(name, "").strip()
    if not text:
        return default
    try:
        if not _MOMENT.fullmatch(text):
            raise ValueError
        # Without a fraction, as moments on the second are kept: so the second itself is not included.
        return clock.shown(clock.stamp(datetime.datetime.fromisoformat(text)))
    except ValueError:
        raise Invalid(f"{name} is no moment.", name, "YYYY-MM-DDTHH:MM:SS or YYYY-MM-DD") from None


def _names(query: Mapping[str, str]) -> Sequence[str] | None:
    name = query.get("name") or None
    # Any other word than this one, gazu's `True` too, asks for all of them (recorded answers).
    if query.get("only_files") != "true":
        return None if name is None else [name]
    return [one for one in FILE_EVENTS if name in (None, one)]


def _homes(caller: Caller, project_id: str | None) -> list[str]:
    if project_id:
        if not keys.is_id(project_id):
            raise Invalid("project_id is not an id.", "project_id", "the id of a production")
        project = reference.find(PROJECT, project_id)
        if project is None:
            return []
        checks.see_project(caller, project)
        return [keys.home_of_owner(project.id)]
    return [STUDIO, *(keys.home_of_owner(project.id) for project in checks.projects_of(caller, open_only=False))]


def _shown(event: Record) -> dict[str, Any]:
    return {
        "id": event.id,
        "created_at": clock.shown(event["created_at"]),
        "name": event["name"],
        "user_id": event["user_id"],
        "data": event["data"],
    }
