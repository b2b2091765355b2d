"""Changing a comment: who may, and what follows (docs/contract/tasks.md 6.7)."""

from typing import Any

import pytest

from tests.unit.tasks.stage import UNKNOWN, Stage, Studio, change, now

UNTICKED: list[dict[str, Any]] = [{"text": "Beak", "checked": False}]
TICKED: list[dict[str, Any]] = [{"text": "Beak", "checked": True}]


def edit(api: Studio, comment: dict[str, Any], user: str | None, **body: Any) -> int:
    return int(api.put(f"/data/comments/{comment['id']}", body, user=user).status)


def test_the_author_changes_the_words(api: Studio, stage: Stage) -> None:
    comment = api.comment("wip", "A tpyo")
    reply = api.put(f"/data/comments/{comment['id']}", {"text": "A typo"}, user="user")
    assert (reply.status, reply["text"], reply["editor_id"]) == (200, "A typo", stage.people["user"].id)
    assert "previews" not in reply.json
    assert stage.events("comment:update") == [{"comment_id": comment["id"]}]
    seen = api.get(f"/data/tasks/{stage.task.id}/comments", user="user").json[0]
    assert seen["editor"]["first_name"] == "User"


@pytest.mark.parametrize(
    ("user", "body", "status"),
    [
        ("admin", {"text": "x"}, 200),
        ("manager", {"text": "x", "pinned": True}, 200),
        ("supervisor", {"text": "x"}, 403),
        ("vendor", {"text": "x"}, 403),
        ("client", {"text": "x"}, 403),
        ("stranger", {"text": "x"}, 403),
        (None, {"text": "x"}, 401),
        ("user", {"pinned": True}, 403),
        ("supervisor", {"pinned": True}, 200),
        ("user", {"person_id": UNKNOWN}, 400),
        ("user", {"object_id": UNKNOWN}, 403),
        ("manager", {"object_id": UNKNOWN}, 400),
        ("user", {"task_status_id": UNKNOWN}, 400),
        ("user", {}, 200),
    ],
)
def test_who_may_change_what(api: Studio, stage: Stage, user: str | None, body: dict[str, Any], status: int) -> None:
    comment = api.comment("wip", "As it was")
    assert edit(api, comment, user, **body) == status
    if status != 200:
        assert stage.thread()[0]["text"] == "As it was"
        assert stage.events("comment:update") == []


def test_a_comment_is_sent_back_whole(api: Studio, stage: Stage) -> None:
    comment = api.comment("wip", "As it was")
    whole = api.get(f"/data/comments/{comment['id']}").json
    api.put(f"/data/comments/{comment['id']}", {"text": "Once"}, user="user")
    assert edit(api, comment, "manager", **{**whole, "text": "Twice", "editor_id": stage.people["vendor"].id}) == 200
    assert api.get(f"/data/comments/{comment['id']}")["editor_id"] == stage.people["manager"].id, "who changed it"


def test_an_author_stays_the_author(api: Studio, stage: Stage) -> None:
    comment = api.comment("wip")
    assert edit(api, comment, "user", person_id=stage.people["manager"].id) == 403
    assert edit(api, comment, "manager", person_id=stage.people["vendor"].id) == 200


@pytest.mark.parametrize(
    ("user", "checklist", "status"),
    [
        ("user", [], 200),
        ("vendor", TICKED, 200),
        ("supervisor", TICKED, 200),
        ("vendor", [{"text": "Tail", "checked": True}], 403),
        ("client", TICKED, 403),
        ("manager", [], 200),
    ],
)
def test_the_assigned_tick_what_others_wrote(
    api: Studio, stage: Stage, user: str, checklist: list[dict[str, Any]], status: int
) -> None:
    comment = api.comment("wip", checklist=UNTICKED)
    assert edit(api, comment, user, checklist=checklist) == status
    assert stage.thread()[0]["checklist"] == (checklist if status == 200 else UNTICKED)


def test_a_client_sets_the_statuses_for_clients_alone(api: Studio, stage: Stage) -> None:
    comment = api.comment("wip", user="client")
    assert edit(api, comment, "client", task_status_id=stage.statuses["inside"].id) == 403
    assert edit(api, comment, "client", task_status_id=stage.statuses["retake"].id) == 200


def test_another_status_counts_the_task_anew(api: Studio, stage: Stage) -> None:
    api.comment("wip")
    comment = api.comment("done")
    retake = stage.statuses["retake"].id
    assert edit(api, comment, "user", task_status_id=retake) == 200
    task = now(stage.task)
    assert (task["task_status_id"], task["retake_count"], task["done_date"]) == (retake, 1, None)
    assert stage.events("task:status-changed")[-1] == {
        "task_id": stage.task.id,
        "new_task_status_id": retake,
        "previous_task_status_id": stage.statuses["done"].id,
        "person_id": stage.people["user"].id,
    }


def test_other_words_count_the_task_anew_and_tell_of_no_change(api: Studio, stage: Stage) -> None:
    comment = api.comment("wip")
    change(stage.task, retake_count=5)
    edit(api, comment, "user", text="Other words")
    assert now(stage.task)["retake_count"] == 0
    assert len(stage.events("task:status-changed")) == 1


def test_the_status_a_comment_has_already_leaves_the_task_alone(api: Studio, stage: Stage) -> None:
    comment = api.comment("wip")
    change(stage.task, task_status_id=stage.statuses["done"].id)
    edit(api, comment, "user", text="Other words", task_status_id=comment["task_status_id"])
    assert now(stage.task)["task_status_id"] == stage.statuses["done"].id


def test_mentions_are_found_anew_and_told_again_replies_stay(api: Studio, stage: Stage) -> None:
    comment = api.comment("wip", "I, @Manager Doe and @User Doe", user="manager")
    root = f"/data/tasks/{stage.task.id}/comments/{comment['id']}"
    api.post(f"{root}/reply", {"text": "Hello"}, user="supervisor")
    assert stage.told("user") == [("comment", "manager"), ("mention", "manager"), ("reply", "supervisor")]
    reply = api.put(
        f"/data/comments/{comment['id']}", {"text": "You, @Vendor Doe", "mentions": [UNKNOWN]}, user="manager"
    )
    assert reply.status == 200
    assert stage.told("user") == [("comment", "manager"), ("reply", "supervisor")]
    assert ("mention", "manager") in stage.told("vendor")
    assert stage.thread()[0]["mentions"] == [stage.people["vendor"].id]


def test_a_record_sent_back_whole_takes_no_reply_away(api: Studio, stage: Stage) -> None:
    comment = api.comment("wip", "Mine")
    path = f"/data/comments/{comment['id']}"
    whole = api.get(path, user="user").json
    root = f"/data/tasks/{stage.task.id}/comments/{comment['id']}"
    api.post(f"{root}/reply", {"text": "Meanwhile"}, user="vendor")
    api.post(f"{root}/ack", user="vendor")
    assert api.put(path, {**whole, "text": "Mine!"}, user="user").status == 200
    kept = stage.thread()[0]
    assert (kept["text"], len(kept["replies"]), len(kept["acknowledgements"])) == ("Mine!", 1, 1)


@pytest.mark.parametrize(("comment_id", "status"), [(UNKNOWN, 404), ("not-an-id", 400)])
def test_unknown_comments(api: Studio, comment_id: str, status: int) -> None:
    assert api.put(f"/data/comments/{comment_id}", {"text": "?"}).status == status
    assert api.get(f"/data/comments/{comment_id}").status == 404


def test_a_made_row_touches_no_task(api: Studio, stage: Stage) -> None:
    values = {"object_id": stage.task.id, "object_type": "Task", "person_id": stage.people["user"].id, "text": "A row"}
    made = api.post("/data/comments", {**values, "task_status_id": stage.statuses["done"].id})
    assert made.status == 201
    assert now(stage.task) == stage.task
    assert stage.events("comment:new") == [{"comment_id": made["id"]}]
    assert api.post("/data/comments", {**values, "object_id": UNKNOWN}).status == 400
    assert api.post("/data/comments", {"text": "of nothing"}).status == 400
    assert api.post("/data/comments", values, user="manager").status == 403
    assert [one["id"] for one in api.get("/data/comments", {"object_id": stage.task.id}).json] == [made["id"]]
    assert api.get("/data/comments", user="manager").status == 403
