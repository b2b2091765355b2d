"""Posting a comment: what it does to its task, what it leaves (docs/contract/tasks.md 6.1 to 6.3 and 8)."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.records.entities import ENTITY
from chalicelib.records.people import SUBSCRIPTION
from chalicelib.records.record import Record
from chalicelib.store import keys, reads, session
from chalicelib.store.changes import Changes
from tests.unit.tasks.stage import UNKNOWN, Stage, Studio, create, now


def path_of(task: Record) -> str:
    return f"/actions/tasks/{task.id}/comment"


def test_the_first_work_in_progress_starts_the_task(api: Studio, stage: Stage) -> None:
    answer = api.comment("wip", "Starting")
    task = now(stage.task)
    assert task["task_status_id"] == stage.statuses["wip"].id
    assert task["last_comment_date"][:19] == answer["created_at"]
    started = task["real_start_date"]
    assert started is not None
    api.comment("wfa")
    api.comment("wip")
    assert now(stage.task)["real_start_date"] == started


def test_the_answer_shows_status_and_author_whole(api: Studio, stage: Stage) -> None:
    answer = api.comment("wip", "Starting", checklist=[{"text": "UVs", "checked": True}], links=["https://example.com"])
    assert answer["type"] == "Comment"
    assert (answer["object_id"], answer["object_type"]) == (stage.task.id, "Task")
    assert answer["task_status"]["short_name"] == "wip"
    assert answer["person"]["email"] == "user@example.com"
    assert answer["checklist"] == [{"text": "UVs", "checked": True}]
    assert answer["links"] == ["https://example.com"]
    for empty in ("previews", "mentions", "department_mentions", "acknowledgements", "attachment_files", "replies"):
        assert answer[empty] == []


def test_only_what_follows_another_status_counts_as_a_retake(api: Studio, stage: Stage) -> None:
    for status in ("retake", "retake", "wip", "retake"):
        api.comment(status)
    assert now(stage.task)["retake_count"] == 2


def test_done_and_feedback_leave_their_dates_and_nothing_takes_them_back(api: Studio, stage: Stage) -> None:
    api.comment("wfa")
    assert now(stage.task)["end_date"] is not None
    api.comment("done")
    done = now(stage.task)["done_date"]
    assert done is not None
    api.comment("wip")
    assert now(stage.task)["done_date"] == done


def test_events_tell_of_the_comment_the_task_and_a_change_of_status(api: Studio, stage: Stage) -> None:
    first, second = api.comment("wip"), api.comment("wip")
    wip, todo = stage.statuses["wip"].id, stage.statuses["todo"].id
    told = {"task_id": stage.task.id, "task_status_id": wip}
    assert stage.events("comment:new") == [{"comment_id": first["id"], **told}, {"comment_id": second["id"], **told}]
    assert stage.events("task:update") == [{"task_id": stage.task.id}] * 2
    assert stage.events("task:status-changed") == [
        {
            "task_id": stage.task.id,
            "new_task_status_id": wip,
            "previous_task_status_id": todo,
            "person_id": stage.people["user"].id,
        }
    ]


def test_every_comment_is_news_with_its_own_date(api: Studio, stage: Stage) -> None:
    first, second = api.comment("wip"), api.comment("wip")
    news = stage.news()
    assert [one["comment_id"] for one in news] == [first["id"], second["id"]]
    assert [one["change"] for one in news] == [True, False]
    assert [one["created_at"] for one in news] == [one["created_at"] for one in stage.thread()]
    assert [one["news_id"] for one in stage.events("news:new")] == [one.id for one in news]


def test_a_comment_on_a_concept_is_no_news(api: Studio, stage: Stage) -> None:
    task = stage.task_on(stage.entity("Mood", "Concept"), "Concept")
    api.comment("wip", user="manager", task=task)
    assert len(stage.thread(task)) == 1
    assert stage.news() == []


def test_an_older_comment_counts_by_its_date_and_keeps_the_status(api: Studio, stage: Stage) -> None:
    api.comment("wip", user="manager")
    api.comment("done", user="manager")
    late = api.comment("retake", "From the old tool", user="manager", created_at="2020-02-03 10:00:00")
    task = now(stage.task)
    assert late["created_at"] == "2020-02-03T10:00:00"
    assert task["task_status_id"] == stage.statuses["done"].id
    assert task["retake_count"] == 1
    assert task["done_date"] == stage.thread()[-1]["created_at"]
    assert task["real_start_date"] == stage.thread()[1]["created_at"]
    assert len(stage.events("task:status-changed")) == 2
    assert stage.news()[0]["change"] is False


def test_a_date_and_an_author_are_for_managers_to_give(api: Studio, stage: Stage) -> None:
    boss, artist = stage.people["manager"].id, stage.people["user"].id
    asked = {"created_at": "2019-01-01T00:00:00", "person_id": boss}
    mine = api.comment("wip", user="user", **asked)
    assert mine["person_id"] == artist
    assert not mine["created_at"].startswith("2019")
    theirs = api.comment("wip", user="manager", created_at="someday", person_id=artist)
    assert theirs["person_id"] == artist
    assert not theirs["created_at"].startswith("2019")


@pytest.mark.parametrize(
    ("user", "body", "status"),
    [
        (None, {"task_status_id": "wip"}, 401),
        ("stranger", {"task_status_id": "wip"}, 403),
        ("supervisor", {"task_status_id": "wip"}, 201),
        ("client", {"task_status_id": "inside"}, 403),
        ("client", {"task_status_id": "wip"}, 201),
        ("vendor", {"task_status_id": "inside"}, 201),
        ("manager", {"comment": "No status"}, 400),
        ("manager", {"task_status_id": UNKNOWN}, 404),
        ("manager", {"task_status_id": "wip", "person_id": UNKNOWN}, 404),
        ("manager", {"task_status_id": "wip", "checklist": "UVs"}, 400),
    ],
)
def test_who_may_post_what(api: Studio, stage: Stage, user: str | None, body: dict[str, Any], status: int) -> None:
    named = body.get("task_status_id", "")
    body = {**body, "task_status_id": stage.statuses[named].id} if named in stage.statuses else body
    assert api.post(path_of(stage.task), body, user=user).status == status
    assert len(stage.thread()) == (status == 201)


def test_artists_and_vendors_post_where_they_are_assigned(api: Studio, stage: Stage) -> None:
    other = stage.task_on(stage.shot, "Animation")
    body = {"task_status_id": stage.statuses["wip"].id}
    assert [api.post(path_of(other), body, user=name).status for name in ("user", "vendor")] == [403, 403]


def test_a_supervisor_posts_on_the_task_types_of_their_departments(api: Studio, stage: Stage) -> None:
    stage.join("lead", "supervisor", departments=[stage.departments["Animation"].id])
    api.sign_in_as("lead")
    body = {"task_status_id": stage.statuses["wip"].id}
    assert api.post(path_of(stage.task), body, user="lead").status == 403
    assert api.post(path_of(stage.task_on(stage.shot, "Animation")), body, user="lead").status == 201


def test_a_production_may_cap_the_retakes(api: Studio, stage: Stage) -> None:
    stage.set(max_retakes=1)
    patient = stage.entity("SH020", "Shot", data={"max_retakes": "2"})
    tasks = [stage.task_on(stage.shot, "Animation"), stage.task_on(patient, "Animation")]
    for task, allowed in zip(tasks, (1, 2), strict=True):
        statuses = []
        for name in ("retake", "wip", "retake", "wip", "retake"):
            body = {"task_status_id": stage.statuses[name].id}
            statuses.append(api.post(path_of(task), body, user="manager").status)
        assert statuses.count(400) == 3 - allowed
        assert now(task)["retake_count"] == allowed


def test_nothing_is_left_of_a_refused_comment(api: Studio, stage: Stage) -> None:
    stage.set(max_retakes=1)
    api.comment("retake")
    api.comment("wip")
    before = now(stage.task)
    assert api.post(path_of(stage.task), {"task_status_id": stage.statuses["retake"].id}, user="user").status == 400
    assert now(stage.task) == before
    assert len(stage.thread()) == len(stage.news()) == 2


def test_a_comment_is_six_calls_and_one_transaction(api: Studio, stage: Stage) -> None:
    task = stage.task_on(stage.shot, "Animation", "user", "vendor")
    create(SUBSCRIPTION, person_id=stage.people["manager"].id, task_id=task.id)
    for status in ("wip", "wfa"):  # the first one fetches what the container then holds
        api.comment(status, "Look, @Supervisor Doe", task=task)
    assert api.calls == {"BatchGetItem": 1, "GetItem": 2, "Query": 2, "TransactWriteItems": 1}


def test_sixteen_people_comment_at_once_and_nothing_is_lost(api: Studio, stage: Stage) -> None:
    def post(number: int) -> int:
        body = {"task_status_id": stage.statuses["retake" if number % 2 else "wip"].id, "comment": str(number)}
        return int(api.post(path_of(stage.task), body, user="manager").status)

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(post, range(16))) == [201] * 16
    thread = stage.thread()
    assert {comment["text"] for comment in thread} == {str(number) for number in range(16)}
    assert len(stage.news()) == 16
    assert len(stage.told("user")) == 16
    # Those that changed the status, in the order in which they were written.
    changes = stage.events("task:status-changed")
    retake = stage.statuses["retake"].id
    task = now(stage.task)
    assert task["retake_count"] == sum(change["new_task_status_id"] == retake for change in changes)
    assert task["task_status_id"] == changes[-1]["new_task_status_id"]
    assert task["last_comment_date"] == thread[-1]["created_at"]


def test_very_many_are_told_in_more_than_one_transaction(
    api: Studio, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = [stage.person(f"artist{number}", "user").id for number in range(80)]
    stage.set(team=[*stage.team, *crowd])
    task = stage.task_on(stage.shot, "Animation", "user", assignees=crowd)
    sizes: list[int] = []
    commit = Changes.commit
    monkeypatch.setattr(Changes, "commit", lambda changes: (sizes.append(changes.size), commit(changes))[1])
    comment = api.comment("wip", "All hands", user="manager", task=task)
    assert len(sizes) > 1
    assert max(sizes) <= 100
    told = Counter(event["person_id"] for event in stage.live("notification:new"))
    assert told == Counter(crowd)
    assert set(now(task)["told"]) == set(crowd)
    assert comment["id"] == stage.thread(task)[0].id


def test_a_client_hears_of_an_author_what_a_card_tells(api: Studio, stage: Stage) -> None:
    session.current().stamp = None
    answer = api.comment("wip", user="client")
    assert answer["person"]["email"] == "client@example.com"
    assert "password" not in answer["person"]


def test_a_comment_needs_no_entity(api: Studio, stage: Stage) -> None:
    loose = stage.task_on(stage.lama, "Shading", entity_id=None)
    api.comment("wip", user="manager", task=loose)
    assert len(stage.thread(loose)) == 1
    assert reads.query(ENTITY, keys.home_of_owner(stage.project.id))
