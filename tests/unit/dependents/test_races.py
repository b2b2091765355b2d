"""What is deleted while others begin to name it: one of the two is refused, and nothing names what is gone."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.dependents import lookup, protection
from chalicelib.domain.jobs import deletions
from chalicelib.domain.jobs.deletions import DELETION
from chalicelib.domain.people.deletion import remove_person
from chalicelib.domain.production.deletion import delete_project
from chalicelib.errors import Invalid, NotFound, StillReferenced, WriteConflict
from chalicelib.functions.sweep import resume_deletions
from chalicelib.records import clock
from chalicelib.records.fields import STUDIO
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT, TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.registry import KINDS
from chalicelib.records.relations import Relation, leading_to
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import changes as store_changes
from chalicelib.store import reads, seals, session
from chalicelib.store.changes import Changes, write
from tests.unit.dependents.test_removal import House, create, now

SEALED = sorted(kind.table for kind in KINDS.values() if seals.is_sealed(kind))


@pytest.fixture
def house(table: str, bucket: str) -> House:
    return House()


def relations_to(table: str) -> list[Relation]:
    return [one for one in leading_to(table) if one in seals._relations(one.kind)]


def delete(record: Record) -> None:
    protection.delete_unnamed(record, protection.refuse_if_referenced, lambda *_: None)


def before_the_commit(patch: pytest.MonkeyPatch, act: Callable[[], Any]) -> None:
    """Does something in another request between what the next command read and its commit."""
    commit, waiting = Changes.commit, [act]

    def interleaved(changes: Changes) -> None:
        sealing = any(pk.startswith("seal#") and one.verb == "put" for (pk, _), one in changes._operations.items())
        if waiting and (not sealing or changes._records):
            with session.opened():
                waiting.pop()()
        commit(changes)

    patch.setattr(Changes, "commit", interleaved)


def nothing_names(owner: Record) -> bool:
    session.current().stamp = None
    return lookup.naming([owner], relations_to(owner.kind.table)) == []


@pytest.mark.parametrize("table_name", SEALED)
def test_what_is_about_to_go_is_not_named_any_more(
    house: House, table_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_changes, "_SECONDS", 0.05)
    for relation in relations_to(table_name):
        owner, refused = house.one(table_name), []

        def name_it(relation: Relation = relation, owner: Record = owner, refused: list[Any] = refused) -> None:
            try:
                house.naming(relation, owner)
            except WriteConflict as problem:
                refused.append(problem)

        with monkeypatch.context() as patch:
            before_the_commit(patch, name_it)
            delete(owner)
        told = f"{relation.kind.table}.{relation.path}"
        assert now(owner) is None, told
        assert refused, told
        assert nothing_names(owner), told


@pytest.mark.parametrize("table_name", SEALED)
def test_what_went_meanwhile_is_not_named_any_more(
    house: House, table_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for relation in relations_to(table_name):
        owner = house.one(table_name)
        with monkeypatch.context() as patch:
            before_the_commit(patch, lambda owner=owner: delete(owner))  # type: ignore[misc]
            with pytest.raises(Invalid) as told:
                house.naming(relation, owner)
        assert told.value.data["field"] == relation.name
        assert nothing_names(owner), f"{relation.kind.table}.{relation.path}"


def test_what_is_named_after_all_stays_and_may_be_named_again(house: House) -> None:
    status = house.one("task_status")
    house.make(TASK, task_status_id=status.id)
    with pytest.raises(StillReferenced):
        delete(status)
    assert house.make(TASK, task_status_id=status.id)["task_status_id"] == status.id
    assert [reads.claimant((f"seal#{status.id}", str(part))) for part in range(seals.PARTS)] == [None] * seals.PARTS


def test_a_seal_of_somebody_who_was_cut_off_ends_by_itself(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    status = house.one("task_status")
    write(lambda changes: changes.seal(status, seals.new(status.id)))
    later = clock.shift(clock.now(), minutes=2)
    with monkeypatch.context() as patch:
        patch.setattr(store_changes, "_SECONDS", 0.05)
        with pytest.raises(WriteConflict):
            house.make(TASK, task_status_id=status.id)
        patch.setattr(clock, "now", lambda: later)
        house.make(TASK, task_status_id=status.id)
        with pytest.raises(StillReferenced):
            delete(status)


def test_of_two_that_delete_the_same_one_finds_it_gone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    status = house.one("task_status")
    delete(status)
    with pytest.raises(NotFound):
        delete(status)


def test_a_deletion_whose_look_took_too_long_does_not_happen(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    status, moment = house.one("task_status"), clock.now()

    def slow(_: Record) -> None:
        monkeypatch.setattr(clock, "now", lambda: clock.shift(moment, seconds=45))

    with pytest.raises(WriteConflict):
        protection.delete_unnamed(status, slow, lambda *_: None)
    assert now(status) is not None


def test_a_record_that_comes_back_under_its_id_may_be_named(house: House) -> None:
    status = house.one("task_status")
    delete(status)
    write(lambda changes: changes.create(TASK_STATUS, {**status, "name": "again"}, status.id))
    assert house.make(TASK, task_status_id=status.id)


def test_too_many_names_at_once_are_refused_by_field(house: House) -> None:
    types = [house.one("task_type").id for _ in range(100)]
    with pytest.raises(Invalid) as told:
        create(PROJECT, name="Everything", task_types=types)
    assert told.value.data["field"] == "task_types"
    assert create(PROJECT, name="Much", task_types=types[:80])


def test_a_comment_and_a_task_look_once_at_what_they_name(house: House) -> None:
    """The price: an item of 2 write units for each type or status, whatever its size, however often it is named."""
    status, task_type = house.one("task_status"), house.one("task_type")
    changes = Changes()
    for number in range(3):
        values = {"name": f"n{number}", "project_id": house.project.id, "entity_id": house.entity.id}
        changes.create(TASK, {**values, "task_type_id": task_type.id, "task_status_id": status.id})
    assert looks_of(changes) == 2
    changes = Changes()
    changes.create(COMMENT, {"object_id": house.task.id, "person_id": house.person.id, "task_status_id": status.id})
    assert looks_of(changes) == 1
    changes = Changes()
    changes.update(house.make(TASK, task_type_id=task_type.id), name="other")
    assert looks_of(changes) == 0


def looks_of(changes: Changes) -> int:
    changes._settle()
    return sum(pk.startswith("seal#") for pk, _ in changes._operations)


def later(patch: pytest.MonkeyPatch) -> None:
    moment = clock.shift(clock.now(), minutes=deletions.LATEST_MINUTES + 1)
    patch.setattr(clock, "now", lambda: moment)


def test_what_names_a_person_who_went_meanwhile_lets_go(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = house.one("person")
    remove_person(gone)
    task = house.make(TASK, assignees=[gone.id, house.person.id], assigner_id=gone.id)
    comment = house.make(COMMENT, object_id=house.task.id, person_id=gone.id)
    resume_deletions()
    assert now(comment) is not None, "a request may still be at it"
    later(monkeypatch)
    resume_deletions()
    assert now(comment) is None
    current = now(task)
    assert current is not None
    assert (current["assignees"], current["assigner_id"]) == ([house.person.id], None)
    assert reads.query(DELETION, STUDIO) == []


def test_what_came_into_a_production_that_went_meanwhile_goes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    project = create(PROJECT, name="Gone")
    delete_project(project, force=True)
    task = house.make(TASK, project_id=project.id, entity_id=None)
    later(monkeypatch)
    resume_deletions()
    assert now(task) is None
    assert reads.query(DELETION, STUDIO) == []


def test_who_comes_back_under_their_id_is_left_alone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = house.one("person")
    remove_person(gone)
    write(lambda changes: changes.create(PERSON, {"first_name": "Again", "last_name": "Here"}, gone.id))
    comment = house.make(COMMENT, object_id=house.task.id, person_id=gone.id)
    later(monkeypatch)
    resume_deletions()
    assert now(comment) is not None


def test_kinds_that_others_name_are_sealed() -> None:
    assert {TASK_TYPE.table, TASK_STATUS.table, "department", "entity_type", "project_status"} <= set(SEALED)
