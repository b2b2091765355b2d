"""The newest events, over all homes and through all filters."""

from typing import Any

import pytest

from chalicelib.domain.journal import feed
from chalicelib.domain.journal.crud import ApiEvents
from chalicelib.errors import Forbidden, Invalid
from chalicelib.records import clock
from chalicelib.records.production import API_EVENT, TASK_TYPE
from chalicelib.store.changes import write
from tests.unit.production.conftest import Studio, create, event

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def names(found: list[dict[str, Any]]) -> list[str]:
    return [one["name"] for one in found]


def test_events_of_all_productions_newest_first(studio: Studio) -> None:
    first, second = studio.project("A"), studio.project("B")
    for number in range(6):
        event(f"shot:{number}", (first if number % 2 else second).id)
    event("farm:done")
    assert names(feed.last(studio.admin, {}))[:4] == ["farm:done", "shot:5", "shot:4", "shot:3"]
    assert names(feed.last(studio.admin, {"limit": "2"})) == ["farm:done", "shot:5"]


def test_what_an_event_shows(studio: Studio) -> None:
    project = studio.project()
    made = event("shot:new", project.id, shot_id="x")
    assert feed.last(studio.admin, {"limit": "1"}) == [
        {
            "id": made.id,
            "created_at": clock.shown(made["created_at"]),
            "name": "shot:new",
            "user_id": None,
            "data": {"shot_id": "x", "project_id": project.id},
        }
    ]


def test_many_events_of_one_production_are_all_found(studio: Studio) -> None:
    project = studio.project()
    for number in range(60):
        event(f"shot:{number}", project.id)
    studio.project("Empty")
    found = names(feed.last(studio.admin, {"limit": "60"}))
    assert found[1:] == [f"shot:{number}" for number in range(59, 0, -1)]


def test_filters_join(studio: Studio) -> None:
    project = studio.project()
    for name in ("shot:new", "shot:new-link", "preview-file:add-file"):
        event(name, project.id)
    event("person:set-thumbnail")
    assert names(feed.last(studio.admin, {"name": "shot:new"})) == ["shot:new"]
    assert names(feed.last(studio.admin, {"only_files": "true"})) == ["person:set-thumbnail", "preview-file:add-file"]
    assert names(feed.last(studio.admin, {"only_files": "true", "name": "shot:new"})) == []
    assert len(feed.last(studio.admin, {"project_id": project.id})) == 3
    assert feed.last(studio.admin, {"project_id": UNKNOWN}) == []


def test_before_and_after_are_not_included(studio: Studio) -> None:
    moment = "2024-05-06T07:08:09.000000"
    create(API_EVENT, name="shot:new", created_at=moment, data={})

    def found(**query: str) -> int:
        return len(feed.last(studio.admin, {"name": "shot:new", **query}))

    assert found() == 1
    assert found(before="2024-05-06T07:08:09") == found(after="2024-05-06T07:08:09") == 0
    assert found(before="2024-05-06T07:08:10", after="2024-05-06T07:08:08") == 1
    assert found(before="2024-05-07", after="2024-05-06") == 1
    assert found(after="2120-01-01") == 0
    assert found(before="2024-05-06", after="2024-05-07") == 0
    assert found(after="9999-12-31") == 0


@pytest.mark.parametrize(
    "query",
    [
        {"before": "yesterday"},
        {"after": "2020/01/01"},
        {"after": "2020-13-01"},
        {"limit": "x"},
        {"limit": "-1"},
        {"project_id": "nope"},
    ],
)
def test_malformed_filters_are_refused(studio: Studio, query: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        feed.last(studio.admin, query)


def test_managers_learn_of_their_teams_alone(studio: Studio) -> None:
    manager = studio.caller("manager")
    mine, other = studio.project("Mine", team=(manager,)), studio.project("Other")
    asset = studio.asset(other)
    event("shot:mine", mine.id)
    event("shot:other", other.id)
    event("task:to-review", task_id=asset.id)
    event("task-type:new", task_type_id=create(TASK_TYPE, name="Modeling").id)
    found = feed.last(manager, {})
    assert names(found) == ["task-type:new", "shot:mine", "project:new", "asset-type:new"]
    assert found[-2]["data"] == {"project_id": mine.id}
    with pytest.raises(Forbidden):
        feed.last(manager, {"project_id": other.id})


def test_little_is_read_of_each_of_many_homes(studio: Studio, calls: Any) -> None:
    projects = [studio.project(f"P{number}") for number in range(8)]
    for project in projects:
        for number in range(30):
            event(f"shot:{number}", project.id)
    calls()
    assert len(feed.last(studio.admin, {"limit": "20"})) == 20
    # Which months each of them has is read once in a while.
    assert calls() <= 2 * (len(projects) + 2) + 2
    assert len(feed.last(studio.admin, {"limit": "20"})) == 20
    assert calls() <= len(projects) + 4


def test_the_plain_collection_shows_a_thousand_at_most(studio: Studio) -> None:
    project = studio.project()

    def fill(start: int) -> None:
        def command(changes: Any) -> None:
            for number in range(start, start + 90):
                changes.create(API_EVENT, {"name": f"farm:{number}", "project_id": project.id, "data": None})

        write(command)

    for start in range(0, 1080, 90):
        fill(start)
    assert len(ApiEvents().list(studio.admin, {})) == 1000
    assert len(ApiEvents().list(studio.admin, {"name": "FARM:7"})) == 1
    assert ApiEvents().list(studio.admin, {"page": "1", "limit": "10"})["total"] == 1000


def test_a_posted_event_is_told_as_well(studio: Studio) -> None:
    project = studio.project()
    mine = ApiEvents().create(studio.admin, {"name": "farm:done", "project_id": project.id, "data": {"frames": 3}})
    assert (mine["user_id"], mine["data"]) == (None, {"frames": 3})
    (told,) = feed.last(studio.admin, {"name": "api-event:new"})
    assert told["data"] == {"api_event_id": mine.id, "project_id": project.id}
