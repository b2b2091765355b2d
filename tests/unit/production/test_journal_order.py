"""The journal against a plain model: whatever ids events have, whatever homes and months they are of."""

import uuid
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.journal import feed
from chalicelib.records import clock
from chalicelib.records.fields import STUDIO
from chalicelib.records.production import API_EVENT, COMMON_EVENTS
from chalicelib.records.record import Record
from chalicelib.store import bulk_deletion, bulk_writing, keys, months
from chalicelib.store.entry import Entry
from chalicelib.store.record_items import entry_of
from tests.unit.production.conftest import Studio

# Around the end of a month, a few of them at the same microsecond; ids from elsewhere are all of a time before.
MOMENTS = ["2031-03-31T23:59:58.999999", "2031-03-31T23:59:59", "2031-03-31T23:59:59.5", "2031-03-31T23:59:59.999999"]
MOMENTS += ["2031-04-01T00:00:00", "2031-04-01T00:00:00.000001", "2031-04-01T00:00:01.250000", "2031-04-09T12:00:00"]
MOMENTS_BEFORE = ["2026-09-30T23:59:59.999999", "2026-10-01T00:00:00", "2026-10-01T00:00:00.000001"]
NAMES = ["comment:new", "task:update", "shot:new", "preview-file:add-file", "person:set-thumbnail"]
DAYS = ["2026-10-01", "2031-03-31", "2031-03-31T23:59:59", "2031-04-01", "2031-04-01T00:00:01", "2031-05-01"]


class Happened(NamedTuple):
    """An event, its home by number, and how its id was made: by its moment (which a backup may tell to the second),
    by its month, in another home, or elsewhere.
    """

    home: int
    scheme: str
    moment: int
    name: str


EVENTS = st.lists(
    st.builds(
        Happened,
        st.integers(0, 2),
        st.sampled_from(["moment", "moment", "to the second", "month", "another home", "elsewhere"]),
        st.integers(0, len(MOMENTS) - 1),
        st.sampled_from(NAMES),
    ),
    max_size=40,
)
QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from([*NAMES, "farm:done"]),
        "before": st.sampled_from(DAYS),
        "after": st.sampled_from(DAYS),
        "only_files": st.just("true"),
        "home": st.integers(1, 2),
    },
)


def id_of(home: str, event: Happened, moment: str) -> str:
    """As it is made now, as it was made before ids told more than their month, as others make them."""
    if event.scheme in ("moment", "to the second"):
        return keys.new_id(API_EVENT, home, moment)
    if event.scheme == "another home":
        return keys.new_id(API_EVENT, "0123456789ab", moment)
    made = str(uuid.uuid4())
    if event.scheme == "elsewhere":
        return made
    number = (int(moment[:4]) - 2000) * 12 + int(moment[5:7]) - 1
    return f"{keys.id_prefix(home)}{number:03x}{made[18:]}"


def put(homes: list[str], projects: list[str | None], happened: list[Happened]) -> list[Record]:
    """Writes the events; those from before as they were written then, in all indexes."""
    found, entries = [], []
    for event in happened:
        place = MOMENTS_BEFORE if event.scheme == "elsewhere" else MOMENTS
        moment, home = place[event.moment % len(place)], homes[event.home]
        record_id = id_of(home, event, moment)
        moment = moment[: clock.SECONDS] if event.scheme == "to the second" else moment
        values = {"id": record_id, "created_at": moment, "updated_at": moment, "name": event.name}
        more = {"user_id": None, "project_id": projects[event.home], "data": {}, "type": "ApiEvent"}
        record = Record(API_EVENT, {**values, **more}, 1, home=home)
        entry = entry_of(record, keys.partition_of(home, API_EVENT, record), 1, moment)
        if event.scheme != "moment":
            by_name = API_EVENT.sorted_by("name")
            setattr(entry, by_name.attribute, keys.index_value(record, by_name.fields))
        entries.append(entry)
        if event.scheme in ("another home", "elsewhere"):
            entries.append(Entry(*keys.pointer(record.id), at=home))
        found.append(record)
    bulk_writing.put(months.entries(months.unlisted((str(one.home), API_EVENT, one) for one in found)))
    bulk_writing.put(entries)
    return found


def place(event: Record) -> tuple[str, str]:
    return clock.whole(event["created_at"]), event.id


def expected(events: list[Record], query: dict[str, Any], homes: list[str]) -> list[str]:
    """What the list is by the words of its contract."""
    names = [query["name"]] if "name" in query else None
    if "only_files" in query:
        names = [one for one in feed.FILE_EVENTS if names is None or one in names]
    after, before = (feed.moment_asked(query, name, other) for name, other in (("after", ""), ("before", "9")))
    wanted = [
        event
        for event in events
        if (names is None or event["name"] in names)
        and after < event["created_at"]
        and clock.whole(event["created_at"]) < before
        and ("home" not in query or event.home == homes[query["home"]])
    ]
    return [event.id for event in sorted(wanted, key=place, reverse=True)]


@pytest.fixture
def known(studio: Studio) -> list[str]:
    """The ids of two productions."""
    return [studio.project(name).id for name in ("One", "Other")]


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happened=EVENTS, query=QUERIES, limit=st.integers(1, 12))
def test_lists_are_those_of_a_plain_model(
    studio: Studio, known: list[str], happened: list[Happened], query: dict[str, Any], limit: int
) -> None:
    homes = [STUDIO, *(keys.home_of_owner(one) for one in known)]
    for home in homes:
        list(bulk_deletion.empty(API_EVENT, home))
    months.forget()
    events = put(homes, [None, *known], happened)
    asked = {name: value for name, value in query.items() if name != "home"}
    asked |= {"project_id": known[query["home"] - 1]} if "home" in query else {}
    whole = expected(events, query, homes)
    assert [one["id"] for one in feed.last(studio.admin, {**asked, "limit": "1000"})] == whole
    read: list[str] = []
    while page := feed.last(
        studio.admin, {**asked, "limit": str(limit), **({"cursor_event_id": read[-1]} if read else {})}
    ):
        assert len(page) <= limit
        read += [one["id"] for one in page]
    assert read == whole


def test_of_the_names_asked_for_some_are_common_and_some_are_not() -> None:
    assert {"comment:new", "task:update"} <= COMMON_EVENTS
    assert COMMON_EVENTS.isdisjoint(feed.FILE_EVENTS)
