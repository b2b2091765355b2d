"""The journal, page by page: every event has one place in it, and a reader goes on after any of them."""

from functools import partial
from typing import Any

import pytest

from chalicelib.access.caller import Caller
from chalicelib.domain.journal import feed
from chalicelib.errors import Invalid
from chalicelib.records.production import API_EVENT
from chalicelib.records.record import Record
from chalicelib.store.changes import Changes, write
from tests.unit.production.conftest import UNKNOWN, Studio, event

pytestmark = pytest.mark.slow
A_WRITE = 90


def happened(project: Record | None, moments: list[str], name: str = "shot:update") -> None:
    """An event at each of these moments, of a production or of the studio."""
    project_id = project.id if project else None

    def command(changes: Changes, part: list[str]) -> None:
        for moment in part:
            values = {"name": name, "project_id": project_id, "created_at": moment, "data": {}}
            changes.create(API_EVENT, values)

    for start in range(0, len(moments), A_WRITE):
        write(partial(command, part=moments[start : start + A_WRITE]))


def read_on(caller: Caller, limit: int, **query: str) -> list[list[dict[str, Any]]]:
    """The pages of the journal, from the newest event to the first one."""
    pages: list[list[dict[str, Any]]] = []
    while True:
        cursor = {"cursor_event_id": pages[-1][-1]["id"]} if pages else {}
        page = feed.last(caller, {**query, **cursor, "limit": str(limit)})
        if not page:
            return pages
        pages.append(page)


@pytest.fixture
def busy(studio: Studio) -> list[Record]:
    """Three productions with thousands of events over four days, many at the very same moment."""
    projects = [studio.project(f"P{number}") for number in range(3)]
    for number, project in enumerate(projects):
        # An import: hundreds in one second, some of them at one microsecond, over the end of a day.
        happened(project, ["2031-03-04T23:59:59.000000"] * 150)
        happened(project, [f"2031-03-04T23:59:59.{part:06d}" for part in range(0, 700_000, 1400)])
        happened(
            project, [f"2031-03-0{5 + number}T{hour:02d}:{minute:02d}:00.25" for hour in (1, 2) for minute in range(60)]
        )
    happened(None, ["2031-03-04T23:59:59.000000"] * 40, "task-type:update")
    return projects


def test_pages_hold_every_event_once_in_the_order_of_time(studio: Studio, busy: list[Record]) -> None:
    whole = [one["id"] for one in feed.last(studio.admin, {"limit": "5000"})]
    assert len(whole) > 2300
    assert len(set(whole)) == len(whole)
    pages = read_on(studio.admin, 333)
    assert [one["id"] for page in pages for one in page] == whole
    moments = [one["created_at"] for page in pages for one in page]
    assert moments == sorted(moments, reverse=True)


def test_a_page_costs_the_cursor_and_a_query_a_home(studio: Studio, busy: list[Record], calls: Any) -> None:
    first = feed.last(studio.admin, {"limit": "100"})
    calls()
    page = feed.last(studio.admin, {"limit": "100", "cursor_event_id": first[-1]["id"]})
    assert len(page) == 100
    # The event named, the first look into each home (the studio and three productions), one more as the merge goes on.
    assert calls() <= 1 + 4 + 1


def test_the_end_of_the_journal_costs_no_more_than_its_beginning(
    studio: Studio, busy: list[Record], calls: Any
) -> None:
    whole = feed.last(studio.admin, {"limit": "5000"})
    calls()
    page = feed.last(studio.admin, {"limit": "100", "cursor_event_id": whole[-101]["id"]})
    assert [one["id"] for one in page] == [one["id"] for one in whole[-100:]]
    # The event named; of each home the month that it is of, the present one, and what is older than all months.
    assert calls() <= 1 + 4 * 3


@pytest.mark.parametrize(
    "query",
    [{"name": "task-type:update"}, {"before": "2031-03-05T00:00:00"}, {"after": "2031-03-04", "before": "2031-03-06"}],
)
def test_a_cursor_joins_the_filters(studio: Studio, busy: list[Record], query: dict[str, str]) -> None:
    whole = [one["id"] for one in feed.last(studio.admin, {"limit": "5000", **query})]
    assert len(whole) >= 40
    assert [one["id"] for page in read_on(studio.admin, 41, **query) for one in page] == whole


def test_a_production_is_read_page_by_page_after_an_event_of_another(studio: Studio, busy: list[Record]) -> None:
    whole = [one["id"] for one in feed.last(studio.admin, {"limit": "5000"})]
    mine = {one["id"] for one in feed.last(studio.admin, {"limit": "5000", "project_id": busy[0].id})}
    cursor = next(one for one in whole if one not in mine)
    found = feed.last(studio.admin, {"limit": "5000", "project_id": busy[0].id, "cursor_event_id": cursor})
    assert [one["id"] for one in found] == [one for one in whole[whole.index(cursor) :] if one in mine]


def test_what_happens_meanwhile_moves_no_page(studio: Studio) -> None:
    project = studio.project()
    for number in range(6):
        event(f"shot:{number}", project.id)
    first = feed.last(studio.admin, {"limit": "3"})
    event("farm:done")
    second = feed.last(studio.admin, {"limit": "3", "cursor_event_id": first[-1]["id"]})
    assert [one["name"] for one in first + second] == [f"shot:{number}" for number in reversed(range(6))]


@pytest.mark.parametrize("cursor", [UNKNOWN, "nope", "00000000-0000-8000-8000-000000000000"])
def test_an_unknown_event_is_no_place_to_go_on_from(studio: Studio, cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        feed.last(studio.admin, {"cursor_event_id": cursor})
    assert refused.value.data["field"] == "cursor_event_id"


def test_an_event_of_a_strange_production_is_unknown_to_a_manager(studio: Studio) -> None:
    manager = studio.caller("manager")
    mine, other = studio.project("Mine", team=(manager,)), studio.project("Other")
    own, foreign = event("shot:mine", mine.id), event("shot:other", other.id)
    told_of_it = event("task:to-review", task_id=studio.asset(other).id)
    assert [one["name"] for one in feed.last(manager, {"cursor_event_id": own.id})][:1] == ["project:new"]
    for hidden in (foreign, told_of_it):
        with pytest.raises(Invalid):
            feed.last(manager, {"cursor_event_id": hidden.id})
    assert feed.last(studio.admin, {"cursor_event_id": foreign.id})


def test_an_empty_name_asks_for_every_event(studio: Studio) -> None:
    event("farm:done")
    assert feed.last(studio.admin, {"name": "", "limit": "1"})[0]["name"] == "farm:done"


def test_a_common_name_is_read_backwards_as_far_as_it_takes(studio: Studio, calls: Any) -> None:
    """Every fifth event is of the name; the newest of it stand behind eighty others, the second page of fifty."""
    project = studio.project()
    days = [f"2031-03-{day:02d}" for day in range(1, 21)]
    for number, day in enumerate(days):
        name = "comment:new" if number % 5 == 0 else "shot:update"
        happened(project, [f"{day}T10:00:{second:02d}" for second in range(20)], name)
    of_project = {"name": "comment:new", "project_id": project.id}
    assert len(feed.last(studio.admin, {**of_project, "limit": "100"})) == 80
    calls()
    newest = feed.last(studio.admin, {**of_project, "limit": "10"})
    assert [one["created_at"][:10] for one in newest] == ["2031-03-16"] * 10
    assert calls() == 2
    between = {"before": "2031-03-16", "after": "2031-03-11T10:00:17"}
    assert [one["created_at"] for one in feed.last(studio.admin, {**of_project, **between})] == [
        f"2031-03-11T10:00:{second}" for second in (19, 18)
    ]
    assert calls() <= 2
    pages = read_on(studio.admin, 30, name="comment:new")
    assert [len(page) for page in pages] == [30, 30, 20]
