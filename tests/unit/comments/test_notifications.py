"""Who is told of a comment, and who is mentioned in it (docs/contract/tasks.md 6.5 and 7)."""

import pytest

from chalicelib.domain.comments import mentions
from chalicelib.records.people import NOTIFICATION, SUBSCRIPTION
from chalicelib.store import keys, reads, session
from tests.unit.tasks.stage import Stage, Studio, change, create, now


def test_the_assigned_are_told_but_not_the_author(api: Studio, stage: Stage) -> None:
    api.comment("wip", user="user")
    assert stage.told("vendor") == [("comment", "user")]
    assert stage.told("user") == stage.told("manager") == []


def test_subscribers_of_the_task_and_of_its_sequence_are_told(api: Studio, stage: Stage) -> None:
    task = stage.task_on(stage.shot, "Animation")
    boss, lead, client = (stage.people[name].id for name in ("manager", "supervisor", "client"))
    create(SUBSCRIPTION, person_id=boss, task_id=task.id)
    create(SUBSCRIPTION, person_id=lead, entity_id=stage.sequence.id, task_type_id=stage.types["Animation"].id)
    create(SUBSCRIPTION, person_id=client, entity_id=stage.sequence.id, task_type_id=stage.types["Lighting"].id)
    api.comment("wip", user="admin", task=task)
    assert [stage.told(name) for name in ("manager", "supervisor", "client")] == [
        [("comment", "admin")],
        [("comment", "admin")],
        [],
    ]


def test_who_is_assigned_and_mentioned_is_told_twice_the_comment_first(api: Studio, stage: Stage) -> None:
    api.comment("wip", "Ask @User Doe", user="manager")
    assert stage.told("user") == [("comment", "manager"), ("mention", "manager")]


def test_nobody_is_told_of_a_production_they_left(api: Studio, stage: Stage) -> None:
    stage.set(team=[one for one in stage.team if one != stage.people["vendor"].id])
    api.comment("wip", "@Vendor Doe", user="manager")
    assert stage.told("vendor") == []


def test_a_notification_is_unread_since_its_comment(api: Studio, stage: Stage) -> None:
    comment = api.comment("wip", user="manager")
    found = reads.query(NOTIFICATION, keys.home_of_owner(stage.people["user"].id), "unread_since")
    assert [one["comment_id"] for one in found] == [comment["id"]]
    assert found[0]["unread_since"] == found[0]["created_at"] == stage.thread()[0]["created_at"]
    assert (found[0]["change"], found[0]["read"]) == (True, False)


def test_the_task_knows_whom_it_told(api: Studio, stage: Stage) -> None:
    api.comment("wip", "@Supervisor Doe", user="manager")
    told = {stage.people[name].id for name in ("user", "vendor", "supervisor")}
    assert set(now(stage.task)["told"]) == told
    assert {event["person_id"] for event in stage.live("notification:new")} == told


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("Ask @User Doe about it", ["user"]),
        ("@User Doe", ["user"]),
        ("@User Doe\nPlease", ["user"]),
        ("@User Doe, you", []),
        ("@User Doe, no: @User Doe", ["user"]),
        ("@User", []),
        ("User Doe", []),
        ("@Stranger Doe", []),
        ("@Client Doe @Vendor Doe", ["client", "vendor"]),
        ("@U.er Doe", []),
        (None, []),
    ],
)
def test_names_are_matched_as_they_are_written(stage: Stage, text: str | None, mentioned: list[str]) -> None:
    found = mentions.find(text, stage.project)
    assert list(found.persons) == [stage.people[name].id for name in mentioned]


def test_a_department_stands_for_its_members_in_the_team(api: Studio, stage: Stage) -> None:
    animation = stage.departments["Animation"].id
    stage.join("ana", departments=[animation])
    change(stage.people["stranger"], departments=[animation])
    session.current().stamp = None
    comment = api.comment("wip", "All of @Animation and @Ana Doe", user="manager")
    assert comment["mentions"] == [stage.people["ana"].id]
    assert stage.told("ana") == [("mention", "manager")]
    assert stage.told("stranger") == []


def test_the_answer_names_the_members_what_is_kept_does_not(api: Studio, stage: Stage) -> None:
    animation = stage.departments["Animation"].id
    stage.join("ana", departments=[animation])
    comment = api.comment("wip", "All of @Animation", user="manager")
    assert comment["mentions"] == [stage.people["ana"].id]
    assert comment["department_mentions"] == [animation]
    kept = api.get(f"/data/tasks/{stage.task.id}/comments").json[0]
    assert (kept["mentions"], kept["department_mentions"]) == ([], [animation])
