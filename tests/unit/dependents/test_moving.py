"""What hangs on a record moves to another production with it, and stays readable by its id."""

from typing import Any

import pytest

from chalicelib.domain.dependents import moving, places, removal
from chalicelib.domain.jobs import job
from chalicelib.domain.production.deletion import delete_project
from chalicelib.media import keys as media_keys
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY, ENTITY_LINK
from chalicelib.records.fields import Kind
from chalicelib.records.files import ATTACHMENT_FILE, PLAYLIST
from chalicelib.records.people import CHAT, CHAT_MESSAGE, NOTIFICATION
from chalicelib.records.production import PROJECT, SCHEDULE_ITEM
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import homes, keys, objects, reads
from chalicelib.store.changes import write
from chalicelib.store.record_items import guards
from tests.unit.dependents.test_removal import House, change, create, now

# What belongs to a production, whatever moves; an entity is moved by itself, a playlist with its episode.
STAY = {"api_event", "budget", "budget_entry", "build_job", "entity", "milestone", "playlist"}


class Studio(House):
    """An entity with one record of every kind that hangs on it, and another production."""

    def __init__(self) -> None:
        super().__init__()
        self.other = create(PROJECT, name="Spring")
        self.known["chat"] = self.make(CHAT)
        self.hanging = [self.known["task"], self.known["comment"], self.known["chat"]]
        done = {one.kind.table for one in self.hanging} | STAY
        for kind in places.kinds_of_a_production():
            if kind.table not in done:
                more = {"object_id": self.entity.id} if kind is SCHEDULE_ITEM else {}
                self.hanging.append(self.make(kind, **more))
        (attached,) = (one for one in self.hanging if one.kind is ATTACHMENT_FILE)
        change(self.comment, attached=[attached.id])

    def move(self, record: Record, project: Record) -> None:
        write(lambda changes: moving.move(changes, changes.read(record.kind, record.id), project_id=project.id))

    def homes(self) -> dict[str, str | None]:
        """By the kind of what hangs on the entity, where it is."""
        return {one.kind.table: found.home if (found := now(one)) else None for one in (self.entity, *self.hanging)}


@pytest.fixture
def studio(table: str, bucket: str) -> Studio:
    return Studio()


def everything_in(studio: Studio, project: Record) -> dict[str, str]:
    home = keys.home_of_owner(project.id)
    return {one.kind.table: home for one in (studio.entity, *studio.hanging)}


def live(kind: Kind, home: str) -> set[str]:
    return {row.sk.S for row in reads.rows(keys.partition(home, kind))}


def test_there_is_one_of_every_kind_that_hangs_on_an_entity(studio: Studio) -> None:
    kinds = {kind.table for kind in places.kinds_of_a_production()}
    assert {one.kind.table for one in studio.hanging} == kinds - STAY


def test_what_hangs_on_an_entity_moves_with_it(studio: Studio) -> None:
    before = {one.id: now(one) for one in studio.hanging}
    studio.move(studio.entity, studio.other)
    assert studio.homes() == everything_in(studio, studio.other)
    old, new = (keys.home_of_owner(one.id) for one in (studio.project, studio.other))
    for one in (studio.entity, *studio.hanging):
        assert live(one.kind, old) == set()
        assert homes.of_id(one.id) == new
        assert homes.of_ids([one.id]) == {one.id: new}
        there = now(one)
        assert there is not None
        held = {key: reads.claimant(key) for key in guards(new, there)}
        assert held == dict.fromkeys(guards(new, there), one.id)
        assert [reads.claimant(key) for key in guards(old, before.get(one.id, one))] == [None] * len(held)
        if "project_id" in one.kind.by_name:
            assert there["project_id"] == studio.other.id
        if one.id in before:
            assert {**there, "project_id": None} == {**(before[one.id] or {}), "project_id": None}


def test_castings_across_productions_are_found_when_what_is_cast_goes(studio: Studio) -> None:
    """Whether it is what casts that has moved, or what is cast."""
    values = {"entity_type_id": studio.entity_type.id, "project_id": studio.project.id}
    fox, shot, hare = (create(ENTITY, name=name, **values) for name in ("Fox", "SH010", "Hare"))
    links = [create(ENTITY_LINK, entity_in_id=shot.id, entity_out_id=one.id) for one in (fox, hare)]
    studio.move(fox, studio.other)
    assert [now(one) is not None for one in links] == [True, True]
    third = create(PROJECT, name="Sprite Fright")
    studio.move(shot, third)
    for asset in (fox, hare):
        there = now(asset)
        assert there is not None
        removal.clear_at_once([there])
    assert [now(one) for one in links] == [None, None]


def test_what_is_made_on_it_afterwards_is_made_where_it_is(studio: Studio) -> None:
    studio.move(studio.entity, studio.other)
    task = studio.known["task"]
    said = create(COMMENT, object_id=task.id, object_type="Task", person_id=studio.person.id)
    assert said.home == keys.home_of_owner(studio.other.id)
    thread = reads.query(COMMENT, said.home or "", "object_id", ("^", f"{task.id}#"))
    assert {one.id for one in thread} == {said.id, studio.comment.id}


def test_it_moves_back(studio: Studio) -> None:
    studio.move(studio.entity, studio.other)
    studio.move(studio.entity, studio.project)
    assert studio.homes() == everything_in(studio, studio.project)
    pointers = [reads.item(*keys.pointer(one.id)) for one in (studio.entity, *studio.hanging)]
    assert pointers == [None] * len(pointers)


def test_it_moves_on(studio: Studio) -> None:
    third = create(PROJECT, name="Sprite Fright")
    studio.move(studio.entity, studio.other)
    studio.move(studio.entity, third)
    assert studio.homes() == everything_in(studio, third)


def test_a_move_that_is_cut_off_goes_on(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever it was cut off: some have moved, what hangs on them has not."""
    with monkeypatch.context() as patch:
        patch.setattr(job, "_attempt", lambda *_: None)
        studio.move(studio.entity, studio.other)
    home, task = keys.home_of_owner(studio.other.id), studio.known["task"]
    write(lambda changes: changes.relocate(changes.read(TASK, task.id), home, project_id=studio.other.id))
    moment = clock.now
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: clock.shift(moment(), minutes=10))
        assert job.take_up(60) == 1
    assert studio.homes() == everything_in(studio, studio.other)
    assert job.take_up(60) == 0


def test_what_was_under_way_when_it_moved_is_brought_later(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    studio.move(studio.entity, studio.other)
    home = keys.home_of_owner(studio.project.id)
    write(lambda changes: changes.relocate(changes.read(COMMENT, studio.comment.id), home))
    assert studio.homes()["comment"] == home
    moment = clock.now
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: clock.shift(moment(), minutes=20))
        assert job.take_up(60) == 1
    assert studio.homes() == everything_in(studio, studio.other)
    assert reads.rows(keys.JOBS) == []


def test_an_end_of_the_old_production_takes_nothing_that_has_left(studio: Studio) -> None:
    told = create(
        NOTIFICATION,
        person_id=studio.person.id,
        author_id=studio.person.id,
        task_id=studio.task.id,
        comment_id=studio.comment.id,
        notification_type="comment",
    )
    studio.move(studio.entity, studio.other)
    delete_project(reads.get(PROJECT, studio.project.id), force=True)
    assert studio.homes() == everything_in(studio, studio.other)
    assert now(told) is not None


def test_an_end_of_the_new_production_takes_what_has_come(studio: Studio) -> None:
    studio.move(studio.entity, studio.other)
    delete_project(reads.get(PROJECT, studio.other.id), force=True)
    assert set(studio.homes().values()) == {None}


def test_files_of_attachments_come_along(studio: Studio) -> None:
    (attached,) = [one for one in studio.hanging if one.kind is ATTACHMENT_FILE]
    old, new = (
        media_keys.attachment(keys.home_of_owner(one.id), attached.id) for one in (studio.project, studio.other)
    )
    objects.put(old, b"words", "text/plain")
    studio.move(studio.entity, studio.other)
    assert (objects.get(new), objects.get(old), objects.content_type(new)) == (b"words", None, "text/plain")


def test_playlists_that_stay_let_go_of_it_and_castings_keep_it(studio: Studio) -> None:
    entries = [{"entity_id": studio.entity.id}, {"entity_id": studio.project.id}]
    playlist = create(PLAYLIST, name="Dailies", project_id=studio.project.id, shots=entries)
    shot = create(ENTITY, name="SH010", project_id=studio.project.id, entity_type_id=studio.entity_type.id)
    link = create(ENTITY_LINK, entity_in_id=shot.id, entity_out_id=studio.entity.id)
    studio.move(studio.entity, studio.other)
    shown = now(playlist)
    assert shown is not None
    assert [one["entity_id"] for one in shown["shots"]] == [studio.project.id]
    # Its shot is sent next, and casts it there.
    studio.move(shot, studio.other)
    kept = now(link)
    assert kept is not None
    assert kept.home == keys.home_of_owner(studio.other.id)


def test_what_is_about_others_stays(studio: Studio) -> None:
    other = create(ENTITY, name="Fox", project_id=studio.project.id, entity_type_id=studio.entity_type.id)
    task = create(TASK, name="main", project_id=studio.project.id, entity_id=other.id)
    message: dict[str, Any] = {"chat_id": studio.known["chat"].id, "person_id": studio.person.id}
    create(CHAT_MESSAGE, **message)
    studio.move(studio.entity, studio.other)
    home = keys.home_of_owner(studio.project.id)
    assert [one.home for one in (now(other), now(task)) if one] == [home, home]
    assert change(other, name="Red fox").home == home
