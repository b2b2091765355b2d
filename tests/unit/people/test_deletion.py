"""Deleting people: who left a trace stays, unless it is forced (docs/contract/people.md section 5)."""

import uuid

import pytest

from chalicelib.domain.jobs import deletions
from chalicelib.functions.sweep import resume_deletions
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY
from chalicelib.records.fields import STUDIO
from chalicelib.records.files import ATTACHMENT_FILE, PREVIEW_FILE
from chalicelib.records.people import (
    CHAT,
    CHAT_MESSAGE,
    DAY_OFF,
    DESKTOP_LOGIN_LOG,
    LOGIN_LOG,
    NOTIFICATION,
    SEARCH_FILTER,
    SEARCH_FILTER_GROUP,
    SUBSCRIPTION,
)
from chalicelib.records.production import API_EVENT, PROJECT, TASK_STATUS
from chalicelib.records.record import Record
from chalicelib.records.registry import KINDS
from chalicelib.records.tasks import COMMENT, NEWS, TASK, TIME_SPENT
from chalicelib.store import keys, reads, reference, session
from chalicelib.store.changes import write
from tests.client import Api
from tests.unit.people.conftest import create


def change(record: Record, **values: object) -> Record:
    return write(lambda changes: changes.update(changes.read(record.kind, record.id), **values))


class World:
    """A production in which Ada left traces of every sort, and Bob some of his own."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.ada, self.bob = api.person(name="ada")["id"], api.person(name="bob")["id"]
        self.project = create(PROJECT, name="Caminandes", team=[self.ada, self.bob])
        self.asset = create(ENTITY, name="Lama", project_id=self.project.id, created_by=self.ada)
        self.task = create(
            TASK,
            name="main",
            project_id=self.project.id,
            entity_id=self.asset.id,
            assignees=[self.ada, self.bob],
            assigner_id=self.ada,
            told=[self.bob, self.ada],
            duration=180,
        )
        self.own = self.comment(self.ada)
        self.others = self.comment(
            self.bob,
            acknowledgements=[self.ada, self.bob],
            editor_id=self.ada,
            mentions=[self.ada],
            replies=[self.reply(self.ada), self.reply(self.bob, mentions=[self.ada, self.bob])],
        )
        self.gone = [*self._beside_the_comment(), *self._of_ada()]
        self.chat = create(CHAT, object_id=self.asset.id, participants=[self.ada, self.bob])
        message = create(CHAT_MESSAGE, chat_id=self.chat.id, person_id=self.ada, text="Hello")
        attached = create(ATTACHMENT_FILE, name="a.txt", chat_message_id=message.id)
        self.gone += [change(message, attached=[attached.id]), attached]
        upload = {"key": "uploads/one.png", "person_id": self.ada}
        self.kept = create(PREVIEW_FILE, name="other", task_id=self.task.id, person_id=self.ada, upload=upload)
        self.spent = create(TIME_SPENT, task_id=self.task.id, person_id=self.bob, date="2021-06-14", duration=60)
        self.grouped = self._filter_in_a_group()

    @staticmethod
    def reply(author: str, **values: object) -> dict[str, object]:
        return {"id": str(uuid.uuid4()), "person_id": author, "text": "Yes", "mentions": [], **values}

    def comment(self, author: str, **values: object) -> Record:
        return create(COMMENT, object_id=self.task.id, object_type="Task", person_id=author, **values)

    def _beside_the_comment(self) -> list[Record]:
        comment = {"comment_id": self.own.id}
        about = {"author_id": self.ada, "task_id": self.task.id}
        return [
            self.own,
            create(NEWS, **about, **comment),
            create(NOTIFICATION, person_id=self.bob, notification_type="comment", **about, **comment),
            create(NOTIFICATION, person_id=self.bob, notification_type="assignation", **about),
        ]

    def _of_ada(self) -> list[Record]:
        mine = {"person_id": self.ada}
        return [
            create(NOTIFICATION, author_id=self.bob, task_id=self.task.id, notification_type="comment", **mine),
            create(SUBSCRIPTION, task_id=self.task.id, **mine),
            create(TIME_SPENT, task_id=self.task.id, date="2021-06-14", duration=120, **mine),
            create(DAY_OFF, date="2021-06-15", end_date="2021-06-15", **mine),
            create(DESKTOP_LOGIN_LOG, date="2021-06-14T10:00:00.000000", **mine),
            create(API_EVENT, name="shot:new", user_id=self.ada, project_id=self.project.id),
            create(SEARCH_FILTER, list_type="asset", name="mine", **mine),
        ]

    def _filter_in_a_group(self) -> Record:
        group = create(SEARCH_FILTER_GROUP, list_type="asset", name="Team", person_id=self.ada)
        self.gone.append(group)
        return create(SEARCH_FILTER, list_type="asset", person_id=self.bob, search_filter_group_id=group.id)

    def delete(self, person_id: str, force: bool) -> int:
        status: int = self.api.delete(f"/data/persons/{person_id}", {"force": str(force).lower()}).status
        session.current().stamp = None
        return status

    def now(self, record: Record) -> Record | None:
        return reference.find(record.kind, record.id) if record.kind.reference else reads.find(record.kind, record.id)


@pytest.fixture
def world(api: Api) -> World:
    return World(api)


def test_who_left_a_trace_stays(world: World) -> None:
    assert world.delete(world.ada, force=False) == 400
    assert world.api.get(f"/data/persons/{world.ada}")["active"] is True


def test_who_left_none_goes(api: Api) -> None:
    cara = api.post("/data/persons", {"first_name": "Cara", "last_name": "Lee"})["id"]
    assert api.delete(f"/data/persons/{cara}").status == 204
    assert api.get(f"/data/persons/{cara}").status == 404
    event = api.get("/data/events/last?limit=1").json[0]
    assert (event["name"], event["data"]) == ("person:delete", {"person_id": cara})


def test_with_force_everything_of_theirs_goes(world: World) -> None:
    assert world.delete(world.ada, force=True) == 204
    left = [record for record in world.gone if world.now(record) is not None]
    assert [(record.kind.name, dict(record)) for record in left] == []
    assert [log for log in reads.query(LOGIN_LOG, "studio") if log["person_id"] == world.ada] == []
    assert world.api.get("/auth/authenticated", user="ada").status == 401
    assert world.api.get(f"/data/persons/{world.ada}").status == 404


def test_with_force_what_names_them_lets_go_of_them(world: World) -> None:
    world.delete(world.ada, force=True)
    task, others, project = world.now(world.task), world.now(world.others), world.now(world.project)
    assert task is not None
    assert (task["assignees"], task["assigner_id"], task["duration"]) == ([world.bob], None, 60)
    assert reads.edges(TASK, "assignees", world.ada) == []
    assert others is not None
    assert (others["acknowledgements"], others["editor_id"]) == ([world.bob], None)
    assert project is not None
    assert project["team"] == [world.bob]
    emptied = [(world.kept, "person_id"), (world.asset, "created_by"), (world.grouped, "search_filter_group_id")]
    for record, field in emptied:
        now = world.now(record)
        assert now is not None
        assert now[field] is None
    chat = world.now(world.chat)
    assert chat is not None
    assert chat["participants"] == [world.bob]


def test_with_force_nothing_names_them_any_more(world: World) -> None:
    world.delete(world.ada, force=True)
    homes = [STUDIO, *(keys.home_of_owner(one) for one in (world.project.id, world.ada, world.bob))]
    naming = [
        (kind.table, dict(record))
        for kind in KINDS.values()
        for home in homes
        for record in reads.query(kind, home)
        if kind is not API_EVENT and world.ada in "".join(record.texts.doc + record.texts.ids + record.texts.own)
    ]
    assert naming == []
    assert reads.edges(CHAT, "participants", world.ada) == []
    others = world.now(world.others)
    assert others is not None
    assert [(reply["person_id"], reply["mentions"]) for reply in others["replies"]] == [(world.bob, [world.bob])]


@pytest.mark.parametrize("trace", ["reply", "mention"])
def test_who_is_named_in_a_reply_left_a_trace(api: Api, trace: str) -> None:
    author, other = (api.person(name=name)["id"] for name in ("ada", "bob"))
    for log in reads.query(LOGIN_LOG, STUDIO):
        write(lambda changes, log=log: changes.delete(log))  # type: ignore[misc]
    project = create(PROJECT, name="Caminandes")
    task = create(TASK, name="main", project_id=project.id)
    reply = World.reply(author) if trace == "reply" else World.reply(other, mentions=[author])
    create(COMMENT, object_id=task.id, object_type="Task", person_id=other, replies=[reply])
    assert api.delete(f"/data/persons/{author}").status == 400
    assert api.delete(f"/data/persons/{author}?force=true").status == 204


def test_a_task_whose_comments_go_is_counted_anew(world: World) -> None:
    retake = create(TASK_STATUS, name="Again", short_name="again", color="#000", is_retake=True)
    comment = world.comment(world.ada, task_status_id=retake.id)
    change(world.task, retake_count=1, last_comment_date=comment["created_at"], task_status_id=retake.id)
    world.delete(world.ada, force=True)
    task = world.now(world.task)
    assert task is not None
    assert (task["retake_count"], task["last_comment_date"]) == (0, world.others["created_at"])


def test_what_belongs_to_others_stays(world: World) -> None:
    world.delete(world.ada, force=True)
    for record in (world.others, world.spent, world.grouped, world.chat, world.kept):
        assert world.now(record) is not None
    assert world.api.get("/auth/authenticated", user="bob").status == 200


def test_a_comment_goes_with_its_previews(world: World) -> None:
    comment = world.comment(world.ada)
    preview = create(PREVIEW_FILE, name="one", task_id=world.task.id, comments=[comment.id])
    change(comment, previews=[preview.id])
    world.delete(world.ada, force=True)
    assert world.now(comment) is None
    assert world.now(preview) is None


def test_who_is_named_in_the_notifications_of_others_left_a_trace(api: Api) -> None:
    author, reader = api.person(name="ada")["id"], api.person(name="bob")["id"]
    for log in reads.query(LOGIN_LOG, STUDIO):
        write(lambda changes, log=log: changes.delete(log))  # type: ignore[misc]
    project = create(PROJECT, name="Caminandes")
    task = create(TASK, name="main", project_id=project.id)
    create(NOTIFICATION, person_id=reader, author_id=author, task_id=task.id, notification_type="assignation")
    assert api.delete(f"/data/persons/{author}").status == 400
    assert api.delete(f"/data/persons/{author}?force=true").status == 204


def test_a_removal_that_ran_out_of_time_is_taken_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    comments = [world.comment(world.ada) for _ in range(3)]
    monkeypatch.setattr(deletions, "SECONDS_OF_A_REQUEST", 0.0)
    world.delete(world.ada, force=True)
    assert world.api.get(f"/data/persons/{world.ada}").json["active"] is False
    assert any(world.now(comment) for comment in comments)

    (mark,) = reads.query(deletions.DELETION, STUDIO)
    earlier = clock.shift(mark["created_at"], hours=-1)
    write(lambda changes: changes.update(changes.read(deletions.DELETION, mark.id), created_at=earlier))
    resume_deletions()
    assert world.api.get(f"/data/persons/{world.ada}").status == 404
    assert not any(world.now(comment) for comment in comments)
    assert not [one for one in reads.query(deletions.DELETION, STUDIO) if not one["ended_at"]]
    told = world.api.get("/data/events/last", {"name": "person:delete"}).json
    assert [event["data"] for event in told] == [{"person_id": world.ada}]


def test_nobody_deletes_themselves(api: Api) -> None:
    own = api.people["admin"]["id"]
    assert api.delete(f"/data/persons/{own}").status == 403
    assert api.delete(f"/data/persons/{own}?force=true").status == 403


def test_deleting_is_for_administrators(world: World) -> None:
    world.api.person("manager")
    for who, status in (("manager", 403), ("bob", 403), (None, 401)):
        assert world.api.delete(f"/data/persons/{world.ada}?force=true", user=who).status == status
    assert world.api.get("/auth/authenticated", user="ada").status == 200
