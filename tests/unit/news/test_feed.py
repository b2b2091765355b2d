"""Feeds of news: filters, pages, counts, and for whom they are (docs/contract/tasks.md section 8)."""

from typing import Any

import pytest

from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.production import PROJECT_STATUS
from chalicelib.records.record import Record
from chalicelib.records.tasks import NEWS
from tests.unit.tasks.stage import UNKNOWN, Stage, Studio, change, create

ALL = "/data/projects/news"


def feed_of(project: Record) -> str:
    return f"/data/projects/{project.id}/news"


def feed(api: Studio, path: str, user: str = "manager", **params: Any) -> Any:
    reply = api.get(path, params, user=user)
    assert reply.status == 200, reply.content
    return reply.json


def days(api: Studio, stage: Stage, *statuses: str, **more: Any) -> list[str]:
    """A comment a day in March; their ids."""
    return [
        api.comment(status, user="manager", created_at=f"2024-03-0{day} 10:00:00", **more)["id"]
        for day, status in enumerate(statuses, 1)
    ]


def comments(told: Any) -> list[str]:
    return [one["comment_id"] for one in told["data"]]


def test_an_entry_in_full(api: Studio, stage: Stage) -> None:
    episode = stage.entity("E01", "Episode")
    change(stage.sequence, parent_id=episode.id)
    task = stage.task_on(stage.shot, "Animation", "user")
    comment = api.comment("wip", "Done", user="manager", task=task)
    preview = create(PREVIEW_FILE, task_id=task.id, extension="png", annotations=[{"time": 0}])
    (made,) = stage.news()
    change(made, preview_file_id=preview.id)
    (one,) = feed(api, feed_of(stage.project))["data"]
    assert one == {
        "id": made.id,
        "type": "News",
        "author_id": stage.people["manager"].id,
        "comment_id": comment["id"],
        "task_id": task.id,
        "task_type_id": stage.types["Animation"].id,
        "task_status_id": stage.statuses["wip"].id,
        "task_entity_id": stage.shot.id,
        "preview_file_id": preview.id,
        "preview_file_extension": "png",
        "preview_file_annotations": [{"time": 0}],
        "project_id": stage.project.id,
        "project_name": "Caminandes",
        "created_at": comment["created_at"],
        "change": True,
        "full_entity_name": "E01 / SQ01 / SH010",
        "episode_id": episode.id,
        "entity_preview_file_id": None,
    }
    assert api.get(f"{feed_of(stage.project)}/{one['id']}", user="user").json == one
    assert feed(api, feed_of(stage.project), only_preview="true")["total"] == 1


def test_pages_are_cut_newest_first_and_count_everything(api: Studio, stage: Stage) -> None:
    made = days(api, stage, "wip", "wip", "retake", "wip", "done")
    first = feed(api, feed_of(stage.project), limit=2)
    assert comments(first) == [made[4], made[3]]
    statuses = {name: stage.statuses[name].id for name in ("wip", "retake", "done")}
    assert first["stats"] == {statuses["wip"]: 2, statuses["retake"]: 1, statuses["done"]: 1}
    assert {name: first[name] for name in ("total", "nb_pages", "limit", "offset", "page")} == {
        "total": 5,
        "nb_pages": 3,
        "limit": 2,
        "offset": 0,
        "page": 1,
    }
    assert comments(feed(api, feed_of(stage.project), page=3, limit=2)) == [made[0]]
    beyond = feed(api, feed_of(stage.project), page=9, limit=2)
    assert (beyond["data"], beyond["total"], beyond["offset"]) == ([], 5, 16)


def test_each_filter(api: Studio, stage: Stage) -> None:
    episode = stage.entity("E01", "Episode")
    change(stage.sequence, parent_id=episode.id)
    animation = stage.task_on(stage.shot, "Animation", "user")
    first, second, third = days(api, stage, "wip", "wip", "retake")
    other = api.comment("wip", task=animation)["id"]
    types, statuses = stage.types, stage.statuses
    for params, expected in (
        ({"task_type_id": types["Animation"].id}, [other]),
        ({"task_status_id": statuses["wip"].id}, [other, first]),
        ({"task_status_id": statuses["todo"].id}, []),
        ({"person_id": stage.people["user"].id}, [other]),
        ({"episode_id": episode.id}, [other]),
        ({"episode_id": UNKNOWN}, []),
        ({"before": "2024-03-02T10:00:00"}, [first]),
        ({"after": "2024-03-02T10:00:00", "before": "2024-03-04"}, [third]),
        ({"after": "2024-03-01", "before": "2024-03-03"}, [second, first]),
        ({"only_preview": "true"}, []),
        ({"only_preview": "false", "task_type_id": types["Modeling"].id}, [third, second, first]),
    ):
        assert comments(feed(api, feed_of(stage.project), **params)) == expected, params


@pytest.mark.parametrize(
    "params",
    [
        {"page": 0},
        {"page": "x"},
        {"limit": 0},
        {"limit": -1},
        {"limit": 100000},
        {"after": "yesterday"},
        {"before": "2024-13-01"},
        {"only_preview": "perhaps"},
        {"task_type_id": "no-id"},
        {"person_id": "no-id"},
        {"episode_id": "no-id"},
    ],
)
def test_a_malformed_parameter_is_named(api: Studio, stage: Stage, params: dict[str, Any]) -> None:
    for path in (feed_of(stage.project), ALL):
        reply = api.get(path, params, user="manager")
        assert (reply.status, reply["data"]["field"]) == (400, next(iter(params)))


def test_news_tell_the_status_their_comment_has_now(api: Studio, stage: Stage) -> None:
    (made,) = days(api, stage, "wip")
    assert api.put(f"/data/comments/{made}", {"task_status_id": stage.statuses["done"].id}).status == 200
    told = feed(api, feed_of(stage.project))
    assert told["stats"] == {stage.statuses["done"].id: 1}
    assert told["data"][0]["task_status_id"] == stage.statuses["done"].id


def test_news_made_by_hand_tell_the_status_of_their_comment(api: Studio, stage: Stage) -> None:
    (made,) = days(api, stage, "wip")
    values = {"author_id": stage.people["user"].id, "task_id": stage.task.id, "comment_id": made, "change": True}
    assert api.post("/data/news/", values).status == 201
    assert api.post("/data/news/", {**values, "comment_id": None}).status == 201
    assert feed(api, feed_of(stage.project))["stats"] == {stage.statuses["wip"].id: 2}


def test_news_are_for_the_team_and_not_for_vendors(api: Studio, stage: Stage) -> None:
    days(api, stage, "wip")
    (made,) = stage.news()
    for path in (feed_of(stage.project), f"{feed_of(stage.project)}/{made.id}"):
        told = [api.get(path, user=name).status for name in ("admin", "user", "client", "vendor", "stranger", None)]
        assert told == [200, 200, 200, 403, 403, 401]


def test_news_are_found_below_their_own_production(api: Studio, stage: Stage) -> None:
    days(api, stage, "wip")
    (made,) = stage.news()
    other = stage.production("Other")
    for project_id, news_id in ((other.id, made.id), (stage.project.id, UNKNOWN), (UNKNOWN, made.id)):
        assert api.get(f"/data/projects/{project_id}/news/{news_id}").status == 404


def test_all_news_are_those_of_ones_open_productions(api: Studio, stage: Stage) -> None:
    (mine,) = days(api, stage, "wip")
    other = stage.production("Other", ("stranger",))
    crate = stage.task_on(stage.entity("Crate", "Character", project_id=other.id), "Modeling")
    foreign = api.comment("done", user="stranger", task=crate)["id"]
    assert comments(feed(api, ALL, "admin")) == [foreign, mine]
    assert comments(feed(api, ALL, "stranger")) == [foreign]
    told = feed(api, ALL, "user", task_status_id=stage.statuses["done"].id)
    assert (told["data"], told["total"], told["stats"]) == ([], 0, {})
    stage.set(project_status_id=create(PROJECT_STATUS, name="Closed", color="#000000").id)
    assert feed(api, ALL, "user")["total"] == 0


def test_vendors_hear_of_what_they_work_on(api: Studio, stage: Stage) -> None:
    (mine,) = days(api, stage, "wip")
    api.comment("wip", user="manager", task=stage.task_on(stage.shot, "Animation", "user"))
    told = feed(api, ALL, "vendor")
    assert (comments(told), told["total"], told["stats"]) == ([mine], 1, {stage.statuses["wip"].id: 1})


def test_the_news_of_an_entity(api: Studio, stage: Stage) -> None:
    made = days(api, stage, "wip", "retake")
    shading = api.comment("wip", user="manager", task=stage.task_on(stage.lama, "Shading"))["id"]
    api.comment("wip", user="manager", task=stage.task_on(stage.shot, "Animation"))
    path = f"/data/entities/{stage.lama.id}/news"
    told = feed(api, path, "user")
    assert comments(told) == [shading, made[1], made[0]]
    assert {name: told[name] for name in told if name != "data"} == {
        "total": 3,
        "nb_pages": 1,
        "limit": 2000,
        "offset": 0,
        "page": 1,
    }
    assert [api.get(path, user=name).status for name in ("vendor", "stranger", None)] == [200, 403, 401]
    assert api.get(path.replace(stage.lama.id, stage.shot.id), user="vendor").status == 403
    assert api.get(path.replace(stage.lama.id, UNKNOWN), user="user").status == 404


def test_a_feed_costs_the_same_however_long_it_is(api: Studio, stage: Stage) -> None:
    for _ in range(30):
        create(NEWS, task_id=stage.task.id, author_id=stage.people["user"].id)
    for _ in range(2):
        feed(api, feed_of(stage.project), limit=10)
    # Who asks; what news came since; the tasks of the page; their entities. Nothing is above an asset.
    assert api.calls == {"BatchGetItem": 3, "Query": 1}
    feed(api, feed_of(stage.project), task_type_id=stage.types["Modeling"].id)
    feed(api, feed_of(stage.project), task_type_id=stage.types["Modeling"].id)
    assert api.calls == {"BatchGetItem": 3, "Query": 2}
