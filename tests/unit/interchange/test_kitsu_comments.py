"""Comments from another Kitsu, under their old ids (docs/contract/interchange.md section 4)."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.records.files import ATTACHMENT_FILE, PREVIEW_FILE
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT
from chalicelib.store import reads
from tests.client import Api
from tests.prepared import prepared
from tests.unit.interchange.test_kitsu import client_of, send
from tests.unit.tasks.stage import Stage, change, create, now

COMMENT_ID = "0b5e0a06-0000-4000-8000-000000000001"
REPLY_ID = "0b5e0a07-0000-4000-8000-000000000001"


@pytest.fixture
def stage(table: str) -> Stage:
    return prepared(Stage)


@pytest.fixture
def api(stage: Stage) -> Api:
    return client_of(stage)


def comment(stage: Stage, **more: Any) -> dict[str, Any]:
    return {
        "id": COMMENT_ID,
        "object_id": stage.task.id,
        "object_type": "Task",
        "type": "Comment",
        "text": "Longer tail",
        "person_id": stage.people["user"].id,
        "task_status_id": stage.statuses["wip"].id,
        "created_at": "2020-02-03T04:05:06",
        **more,
    }


def preview(stage: Stage, task: Record | None = None) -> Record:
    return create(PREVIEW_FILE, name="v1", task_id=(task or stage.task).id, status="ready")


def test_a_comment_keeps_its_id_its_dates_and_its_words_and_the_task_stays_as_it_is(api: Api, stage: Stage) -> None:
    before = now(stage.task)
    (taken,) = send(api, "comments", comment(stage, mentions=[stage.people["manager"].id], acknowledgements=[]))
    assert (taken["id"], taken["text"], taken["created_at"]) == (COMMENT_ID, "Longer tail", "2020-02-03T04:05:06")
    assert (now(stage.task), stage.told("manager"), stage.news()) == (before, [], [])
    told = {"comment_id": COMMENT_ID, "task_id": stage.task.id, "task_status_id": stage.statuses["wip"].id}
    assert stage.events("comment:new") == [told]
    (again,) = send(api, "comments", comment(stage, text="Shorter tail", acknowledgements=[stage.people["client"].id]))
    assert (again["id"], again["text"]) == (COMMENT_ID, "Shorter tail")
    assert stage.events("comment:update") == [told]
    (shown,) = api.get(f"/data/tasks/{stage.task.id}/comments").json
    assert (shown["text"], shown["acknowledgements"]) == ("Shorter tail", [stage.people["client"].id])


def test_previews_of_the_task_know_the_comment_and_no_others_do(api: Api, stage: Stage) -> None:
    own, other = preview(stage), preview(stage, stage.task_on(stage.shot, "Animation"))
    send(api, "comments", comment(stage, previews=[own.id, other.id]))
    assert reads.get(COMMENT, COMMENT_ID)["previews"] == [own.id]
    assert [now(one)["comments"] for one in (own, other)] == [[COMMENT_ID], []]
    send(api, "comments", comment(stage, previews=[]))
    assert now(own)["comments"] == []


def test_attachments_that_are_here_stay(api: Api, stage: Stage) -> None:
    send(api, "comments", comment(stage))
    kept, gone = (create(ATTACHMENT_FILE, name=name, comment_id=COMMENT_ID) for name in ("a", "b"))
    change(reads.get(COMMENT, COMMENT_ID), attached=[kept.id, gone.id])
    send(api, "comments", comment(stage, attachment_files=[{"id": kept.id}, REPLY_ID, 7]))
    assert reads.get(COMMENT, COMMENT_ID).get("attached") == [kept.id]


def test_replies_come_along_if_somebody_here_wrote_them(api: Api, stage: Stage) -> None:
    reply = {"id": REPLY_ID, "date": "2020-02-03T05:00:00", "text": "Yes", "person_id": stage.people["manager"].id}
    send(api, "comments", comment(stage, replies=[reply, {**reply, "person_id": REPLY_ID}]))
    (shown,) = api.get(f"/data/tasks/{stage.task.id}/comments").json
    assert [(one["id"], one["text"]) for one in shown["replies"]] == [(REPLY_ID, "Yes")]


def test_what_the_sender_may_not_write_is_left_out(api: Api, stage: Stage) -> None:
    for name in ("stranger", "supervisor", "user", "client", "vendor"):
        assert send(api, "comments", comment(stage), user=name) == []
    assert send(api, "comments", comment(stage, object_id=COMMENT_ID), {"text": "On nothing"}) == []
    assert stage.thread() == []


def test_a_comment_stays_on_its_task_and_an_id_that_is_taken_is_refused(api: Api, stage: Stage) -> None:
    send(api, "comments", comment(stage))
    other = stage.task_on(stage.shot, "Animation")
    for wrong in ({"object_id": other.id}, {"id": stage.task.id}, {"id": "none"}, {"person_id": COMMENT_ID}):
        assert api.post("/import/kitsu/comments", [comment(stage, **wrong)]).status == 400


def test_lists_of_a_comment_are_taken_in_no_other_shape(api: Api, stage: Stage) -> None:
    for wrong in ({"replies": "words"}, {"replies": [1]}, {"checklist": "words"}, {"checklist": [None]}):
        assert api.post("/import/kitsu/comments", [comment(stage, **wrong)]).status == 400


_LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=9)
_JSON: st.SearchStrategy[Any] = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("id", "date", "text")), inner)
)
_FIELDS = ("id", "object_id", "text", "person_id", "previews", "replies", "mentions", "attachment_files", "created_at")


@pytest.mark.slow
def test_nothing_that_is_sent_breaks_the_import(api: Api, stage: Stage) -> None:
    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.dictionaries(st.sampled_from(_FIELDS), _JSON, max_size=2))
    def refused_or_taken(changed: dict[str, Any]) -> None:
        reply = api.post("/import/kitsu/comments", [comment(stage, **changed)])
        assert reply.status in (200, 400), (changed, reply.content)
        assert api.get(f"/data/tasks/{stage.task.id}/comments").status == 200

    refused_or_taken()
