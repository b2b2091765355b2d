"""What people are shown of what they were told (docs/contract/people.md section 13)."""

import uuid
from typing import Any

import pytest

from chalicelib.domain.notifications import lists
from chalicelib.records import clock
from chalicelib.records.people import NOTIFICATION
from chalicelib.records.production import PROJECT_STATUS
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store.changes import write
from tests.unit.tasks.stage import UNKNOWN, Stage, Studio, change, create

OWN = "/data/user/notifications"


def told(api: Studio, user: str = "user", **params: Any) -> list[dict[str, Any]]:
    reply = api.get(OWN, params, user=user)
    assert reply.status == 200, reply.content
    found: list[dict[str, Any]] = reply.json
    return found


def tell(stage: Stage, number: int = 1, person: str = "user", task: Record | None = None, **values: Any) -> Record:
    """Something somebody is told, so many minutes into the year."""
    moment = clock.shift("2024-01-01T00:00:00.000000", minutes=number)
    usual = {
        "person_id": stage.people[person].id,
        "author_id": stage.people["admin"].id,
        "task_id": (task or stage.task).id,
        "notification_type": "comment",
        "created_at": moment,
        "unread_since": None if values.get("read") else moment,
    }
    return create(NOTIFICATION, **{**usual, **values})


def unread(stage: Stage, person: str = "user") -> int:
    return lists.unread_count(stage.caller(person))


def test_a_comment_in_full(api: Studio, stage: Stage) -> None:
    episode = stage.entity("E01", "Episode")
    change(stage.sequence, parent_id=episode.id)
    task = stage.task_on(stage.shot, "Animation", "user")
    subscription = api.post(f"/actions/user/tasks/{task.id}/subscribe", user="user").json
    comment = api.comment("wip", "Ask @Vendor Doe", user="manager", task=task)
    (one,) = told(api)
    assert one == {
        "id": one["id"],
        "type": "Notification",
        "notification_type": "comment",
        "author_id": stage.people["manager"].id,
        "comment_id": comment["id"],
        "task_id": task.id,
        "task_type_id": stage.types["Animation"].id,
        "task_status_id": stage.statuses["wip"].id,
        "mentions": [stage.people["vendor"].id],
        "department_mentions": [],
        "reply_mentions": [],
        "reply_department_mentions": [],
        "preview_file_id": None,
        "project_id": stage.project.id,
        "project_name": "Caminandes",
        "comment_text": "Ask @Vendor Doe",
        "reply_text": "",
        "created_at": comment["created_at"],
        "read": False,
        "change": True,
        "full_entity_name": "E01 / SQ01 / SH010",
        "episode_id": episode.id,
        "entity_preview_file_id": None,
        "subscription_id": subscription["id"],
    }
    assert api.get(f"{OWN}/{one['id']}", user="user").json == one


def test_a_reply_brings_its_own_words(api: Studio, stage: Stage) -> None:
    comment = api.comment("wip", "Done", user="user")
    path = f"/data/tasks/{stage.task.id}/comments/{comment['id']}/reply"
    assert api.post(path, {"text": "Well done @User Doe @Modeling"}, user="manager").status == 200
    mention, reply = told(api)
    assert (reply["notification_type"], mention["notification_type"]) == ("reply", "reply-mention")
    assert (reply["comment_text"], reply["reply_text"]) == ("Done", "Well done @User Doe @Modeling")
    assert reply["reply_mentions"] == [stage.people["user"].id]
    assert reply["reply_department_mentions"] == [stage.departments["Modeling"].id]


def test_the_last_hundred_are_listed_newest_first(api: Studio, stage: Stage) -> None:
    made = [tell(stage, number) for number in range(130)]
    assert [one["id"] for one in told(api)] == [one.id for one in reversed(made[30:])]


def test_filters_hold_before_the_list_is_cut(api: Studio, stage: Stage) -> None:
    other = stage.task_on(stage.shot, "Animation", task_status_id=stage.statuses["done"].id)
    api.post(f"/actions/user/tasks/{other.id}/subscribe", user="user")
    wanted = tell(stage, 1, task=other, notification_type="mention", read=True)
    for number in range(2, 452):
        tell(stage, number)
    for params in (
        {"type": "mention"},
        {"read": "true"},
        {"task_type_id": stage.types["Animation"].id},
        {"task_status_id": stage.statuses["done"].id},
        {"watching": "true"},
        {"before": "2024-01-01T00:02:00"},
        {"after": "2024-01-01", "before": "2024-01-01T00:01:01"},
    ):
        assert [one["id"] for one in told(api, **params)] == [wanted.id], params
    for params in ({"read": "false"}, {"watching": "false"}, {"type": "comment"}, {"after": "2024-01-01T00:01:00"}):
        found = told(api, **params)
        assert len(found) == 100, params
        assert wanted.id not in [one["id"] for one in found]
    assert told(api, type="nonsense") == told(api, task_type_id=UNKNOWN) == []


def test_the_status_asked_for_is_that_of_the_task_now(api: Studio, stage: Stage) -> None:
    api.comment("wip", user="manager")
    api.comment("done", user="manager")
    found = told(api, task_status_id=stage.statuses["done"].id)
    assert [one["task_status_id"] for one in found] == [stage.statuses[name].id for name in ("done", "wip")]
    assert told(api, task_status_id=stage.statuses["wip"].id) == []


def test_before_and_after_leave_out_the_second_itself(api: Studio, stage: Stage) -> None:
    tell(stage, created_at="2024-05-01T10:00:05.250000", unread_since="2024-05-01T10:00:05.250000")
    for read in ({}, {"read": "false"}):
        assert told(api, before="2024-05-01T10:00:05", **read) == told(api, after="2024-05-01T10:00:05", **read) == []
        assert len(told(api, after="2024-05-01T10:00:04", before="2024-05-01T10:00:06Z", **read)) == 1


@pytest.mark.parametrize("params", [{"before": "yesterday"}, {"after": "1.2.2024"}, {"task_type_id": "no-id"}])
def test_a_malformed_filter_is_named(api: Studio, stage: Stage, params: dict[str, str]) -> None:
    reply = api.get(OWN, params, user="user")
    assert (reply.status, reply["data"]["field"]) == (400, next(iter(params)))


def test_nothing_is_told_of_productions_that_were_left_or_closed(api: Studio, stage: Stage) -> None:
    one = tell(stage)
    assert (len(told(api)), unread(stage)) == (1, 1)
    left = [person_id for person_id in stage.team if person_id != stage.people["user"].id]
    stage.set(team=left)
    assert (told(api), unread(stage)) == ([], 0)
    assert api.get(f"{OWN}/{one.id}", user="user").status == 404
    assert api.put(f"{OWN}/{one.id}", {"read": True}, user="user").status == 404
    stage.set(team=stage.team, project_status_id=create(PROJECT_STATUS, name="Closed", color="#000000").id)
    assert (told(api), unread(stage)) == ([], 0)


def test_tasks_whose_ids_come_from_elsewhere_count_where_they_live(api: Studio, stage: Stage) -> None:
    mine, foreign = stage.project, stage.production("Elsewhere")
    for project in (mine, foreign):
        entity = stage.entity("Crate", "Character", project_id=project.id)
        values = {"name": "main", "project_id": project.id, "entity_id": entity.id}
        task_id = str(uuid.uuid4())
        task = write(lambda changes, values=values, task_id=task_id: changes.create(TASK, values, record_id=task_id))
        tell(stage, task=task)
    assert [one["project_id"] for one in told(api)] == [mine.id]
    assert unread(stage) == 1


@pytest.mark.parametrize(
    ("author", "reader", "shown"),
    [
        ("client", "user", ""),
        ("client", "vendor", ""),
        ("client", "supervisor", "Words"),
        ("manager", "user", "Words"),
        ("manager", "client", ""),
    ],
)
def test_words_are_for_whom_the_thread_is(api: Studio, stage: Stage, author: str, reader: str, shown: str) -> None:
    assert api.post(f"/actions/user/tasks/{stage.task.id}/subscribe", user=reader).status == 201
    api.comment("wip", "Words", user=author)
    assert [one["comment_text"] for one in told(api, reader)] == [shown]


def test_a_client_reads_what_mentions_them(api: Studio, stage: Stage) -> None:
    api.comment("wip", "Look, @Client Doe", user="manager")
    assert [one["comment_text"] for one in told(api, "client")] == ["Look, @Client Doe"]


def test_an_assignation_has_no_words(api: Studio, stage: Stage) -> None:
    tell(stage, notification_type="assignation")
    (one,) = told(api)
    assert (one["comment_id"], one["comment_text"], one["reply_text"], one["task_status_id"]) == (None, None, "", None)


def test_an_administrator_lists_what_was_told_in_a_production(api: Studio, stage: Stage) -> None:
    elsewhere = stage.production("Elsewhere")
    crate = stage.entity("Crate", "Character", project_id=elsewhere.id)
    tell(stage, task=stage.task_on(crate, "Modeling"))
    first, second = tell(stage, 1, "user"), tell(stage, 2, "vendor")
    path = f"/data/projects/{stage.project.id}/notifications"
    assert [one["id"] for one in api.get(path).json] == [second.id, first.id]
    page = api.get(path, {"page": 2, "limit": 1}).json
    assert ([one["id"] for one in page["data"]], page["total"]) == ([first.id], 2)
    assert [api.get(path, user=name).status for name in ("manager", "user", None)] == [403, 403, 401]
    assert api.get(path.replace(stage.project.id, UNKNOWN)).status == 404


def test_a_list_costs_the_same_however_long_it_is(api: Studio, stage: Stage) -> None:
    tasks = [stage.task_on(stage.shot, "Animation", "user", name=str(number)) for number in range(12)]
    for number, task in enumerate(tasks):
        stage.production(f"P{number}", ("user",))
        api.comment("wip", user="manager", task=task)
    for _ in range(2):
        assert len(told(api)) == 12
    # Who asks; the notifications; tasks, comments and subscriptions side by side; the entities; two rows above these.
    assert api.calls == {"BatchGetItem": 6, "Query": 1}
