"""Sending a task to review (docs/contract/tasks.md 6.11)."""

from tests.unit.tasks.stage import UNKNOWN, Stage, Studio, now


def test_a_task_goes_to_review_without_a_comment(api: Studio, stage: Stage) -> None:
    path = f"/actions/tasks/{stage.task.id}/to-review"
    reply = api.put(path, {"person_id": stage.people["user"].id, "comment": "Done, I think"}, user="user")
    assert reply.status == 200, reply.content
    assert (reply["comment"], reply["preview_path"]) == ("Done, I think", {"folder_path": "", "file_name": ""})
    assert (reply["entity"]["name"], reply["entity_type"]["name"]) == ("Lama", "Character")
    assert (reply["project"]["name"], reply["person"]["first_name"]) == ("Caminandes", "User")
    task = now(stage.task)
    assert task["task_status_id"] == reply["task_status_id"] != stage.task["task_status_id"]
    assert (task["end_date"], stage.thread()) == (None, [])
    (event,) = stage.events("task:to-review")
    assert event["previous_task_status_id"] == stage.statuses["todo"].id
    assert event["change_status"] is True


def test_the_status_may_stay(api: Studio, stage: Stage) -> None:
    path = f"/actions/tasks/{stage.task.id}/to-review"
    assert api.put(path, {"change_status": "false"}, user="vendor").status == 200
    assert now(stage.task) == stage.task
    assert stage.events("task:to-review")[0]["change_status"] is False


def test_two_reviews_share_one_status(api: Studio, stage: Stage) -> None:
    other = stage.task_on(stage.shot, "Animation")
    statuses = {api.put(f"/actions/tasks/{task.id}/to-review", {})["task_status_id"] for task in (stage.task, other)}
    assert len(statuses) == 1


def test_who_sends_and_what_is_wrong(api: Studio, stage: Stage) -> None:
    path = f"/actions/tasks/{stage.task.id}/to-review"
    statuses = [api.put(path, {}, user=name).status for name in ("client", "stranger", None)]
    assert statuses == [200, 403, 401]
    assert api.put(path, {"person_id": UNKNOWN}).status == 400
    assert api.put(f"/actions/tasks/{UNKNOWN}/to-review", {}).status == 404
