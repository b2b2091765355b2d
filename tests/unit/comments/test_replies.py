"""Replies and acknowledgements (docs/contract/tasks.md 6.9)."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.unit.tasks.stage import UNKNOWN, Stage, Studio


def root_of(stage: Stage, comment: dict[str, str]) -> str:
    return f"/data/tasks/{stage.task.id}/comments/{comment['id']}"


def test_a_reply_is_kept_at_the_end(api: Studio, stage: Stage) -> None:
    comment = api.comment("wfa", "Have a look")
    made = [api.post(f"{root_of(stage, comment)}/reply", {"text": text}, user="manager") for text in ("Good", "Better")]
    assert [reply.status for reply in made] == [200, 200]
    assert made[0].json.keys() == {"id", "date", "created_at", "person_id", "text", "mentions", "department_mentions"}
    assert made[0]["date"] == made[0]["created_at"]
    assert stage.thread()[0]["replies"] == [reply.json for reply in made]
    told = {"task_id": stage.task.id, "comment_id": comment["id"]}
    assert stage.events("comment:reply") == [{**told, "reply_id": reply["id"]} for reply in made]


def test_a_reply_may_be_without_words(api: Studio, stage: Stage) -> None:
    comment = api.comment("wip")
    assert api.post(f"{root_of(stage, comment)}/reply", {}, user="manager")["text"] == ""


@pytest.mark.parametrize(
    ("author", "user", "status"),
    [
        ("user", "user", 200),
        ("user", "vendor", 200),
        ("user", "supervisor", 200),
        ("user", "manager", 200),
        ("user", "client", 403),
        ("client", "client", 200),
        ("user", "stranger", 403),
        ("user", None, 401),
    ],
)
def test_who_may_reply(api: Studio, stage: Stage, author: str, user: str | None, status: int) -> None:
    comment = api.comment("wip", user=author)
    assert api.post(f"{root_of(stage, comment)}/reply", {"text": "Indeed"}, user=user).status == status


def test_all_who_took_part_are_told_but_not_the_author_of_the_reply(api: Studio, stage: Stage) -> None:
    comment = api.comment("wip", user="manager")
    api.post(f"{root_of(stage, comment)}/reply", {"text": "A question"}, user="supervisor")
    api.post(f"{root_of(stage, comment)}/reply", {"text": "For @Vendor Doe"}, user="user")
    assert stage.told("manager") == [("reply", "supervisor"), ("reply", "user")]
    assert stage.told("supervisor") == [("reply", "user")]
    assert stage.told("user") == [("comment", "manager"), ("reply", "supervisor")]
    assert stage.told("vendor")[-2:] == [("reply", "user"), ("reply-mention", "user")]


def test_a_reply_goes_with_its_notifications(api: Studio, stage: Stage) -> None:
    comment = api.comment("wip", user="manager")
    first, second = (
        api.post(f"{root_of(stage, comment)}/reply", {"text": "@User Doe"}, user="supervisor") for _ in range(2)
    )
    path = f"{root_of(stage, comment)}/reply/{first['id']}"
    assert [api.delete(path, user=name).status for name in ("user", "manager", "stranger", None)] == [
        403,
        403,
        403,
        401,
    ]
    answer = api.delete(path, user="supervisor")
    assert (answer.status, [one["id"] for one in answer["replies"]]) == (200, [second["id"]])
    assert stage.told("user") == [("comment", "manager"), ("reply", "supervisor"), ("reply-mention", "supervisor")]
    assert [event["reply_id"] for event in stage.live("comment:delete-reply")] == [first["id"]]
    assert api.delete(path, user="supervisor").status == 404
    assert api.delete(f"{root_of(stage, comment)}/reply/{UNKNOWN}").status == 404


def test_acknowledgements_come_and_go(api: Studio, stage: Stage) -> None:
    comment = api.comment("wip")
    path = f"{root_of(stage, comment)}/ack"
    boss, client = stage.people["manager"].id, stage.people["client"].id
    api.post(path, user="manager")
    answer = api.post(path, user="client")
    assert (answer.status, answer["acknowledgements"]) == (200, [boss, client])
    assert api.post(path, user="manager")["acknowledgements"] == [client]
    assert {one["person_id"] for one in stage.live("comment:acknowledge")} == {boss, client}
    assert [one["person_id"] for one in stage.live("comment:unacknowledge")] == [boss]
    assert [api.post(path, user=name).status for name in ("stranger", None)] == [403, 401]


def test_who_may_not_read_a_clients_words_does_not_acknowledge_them(api: Studio, stage: Stage) -> None:
    comment = api.comment("wip", "Make it pop", user="client")
    path = f"{root_of(stage, comment)}/ack"
    assert [api.post(path, user=name).status for name in ("user", "vendor", "manager")] == [403, 403, 200]


def test_replies_of_the_same_moment_are_all_kept(api: Studio, stage: Stage) -> None:
    comment = api.comment("wip")

    def reply(number: int) -> int:
        return int(api.post(f"{root_of(stage, comment)}/reply", {"text": str(number)}, user="manager").status)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(reply, range(8))) == [200] * 8
    assert {one["text"] for one in stage.thread()[0]["replies"]} == {str(number) for number in range(8)}


@pytest.mark.parametrize(
    "body",
    [
        *({"replies": wrong} for wrong in ("words", 5, {"a": 1}, [1, None], [[]])),
        {"replies": [{"text": "no id", "person_id": "author"}]},
        {"replies": [{"id": UNKNOWN, "person_id": "author", "date": "never"}]},
        *({"checklist": wrong} for wrong in ("words", 5, {"text": "a"}, [1], [None])),
    ],
)
def test_lists_of_a_comment_are_taken_in_no_other_shape(api: Studio, stage: Stage, body: dict[str, Any]) -> None:
    author = stage.people["user"].id
    body = {name: json.loads(json.dumps(value).replace("author", author)) for name, value in body.items()}
    comment = api.comment("wip", "Words")
    task = {"object_id": stage.task.id, "object_type": "Task", "person_id": author}
    assert api.post("/data/comments", {**task, **body}).status == 400
    assert api.put(f"/data/comments/{comment['id']}", body).status == 400
    path = f"/data/tasks/{stage.task.id}/comments/{comment['id']}/reply"
    assert api.post(path, {"text": "Still a thread"}).status == 200
