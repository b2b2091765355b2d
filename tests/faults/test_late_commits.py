"""A write that lands late, with a stamp that others have passed, is missed by nobody."""

import pytest

from tests.faults.conftest import World
from tests.faults.container import Problem


def test_a_task_whose_commit_is_delayed_is_seen_by_the_other_container(world: World) -> None:
    held = world.database.befall("hold", "TransactWriteItems", times=-1)
    waiting = world.here.begin("make_task", project_id=world.project, name="late")
    assert held.arrived.wait(10)
    with pytest.raises(Problem, match="OutcomeUnknown"):
        waiting.result(20)
    world.advance(30)
    assert world.there.do("held_tasks", project_id=world.project) == []
    world.database.calm()
    assert held.done.wait(10)
    assert world.there.do("held_tasks", project_id=world.project) == ["late"]


def test_what_lands_after_minutes_is_seen_within_a_minute(world: World) -> None:
    held = world.database.befall("hold", "TransactWriteItems", times=-1)
    with pytest.raises(Problem, match="OutcomeUnknown"):
        world.here.do("make_task", project_id=world.project, name="late")
    for _ in range(4):
        world.advance(59)
        assert world.there.do("held_tasks", project_id=world.project) == []
    world.database.calm()
    assert held.done.wait(10)
    world.advance(61)
    assert world.there.do("held_tasks", project_id=world.project) == ["late"]


def test_who_may_do_what_is_true_at_once_however_late_it_lands(world: World) -> None:
    person = world.here.do("make_person", first_name="manager")
    assert world.there.do("is_active", person_id=person)
    held = world.database.befall("hold", "TransactWriteItems", times=-1)
    with pytest.raises(Problem, match="OutcomeUnknown"):
        world.here.do("deactivate", person_id=person)
    world.advance(300)
    world.here.do("departments")
    assert world.there.do("is_active", person_id=person)
    world.database.calm()
    assert held.done.wait(10)
    assert not world.there.do("is_active", person_id=person)


def test_tombstones_of_large_removals_carry_the_moment_of_their_own_try(world: World) -> None:
    task = world.here.do("make_task", project_id=world.project, name="gone")
    assert world.there.do("held_tasks", project_id=world.project) == ["gone"]
    # The batch is refused, and taken long after it was begun.
    world.advance(61)
    assert world.there.do("held_tasks", project_id=world.project) == ["gone"]
    world.database.befall("throttle", "BatchWriteItem", times=2, holds="PutRequest")
    slow = world.database.befall("hold", "BatchWriteItem", holds="PutRequest")
    waiting = world.here.begin("bulk_remove", task_ids=[task])
    assert slow.arrived.wait(10)
    world.advance(59)
    assert world.there.do("held_tasks", project_id=world.project) == ["gone"]
    slow.release.set()
    waiting.result(20)
    assert world.there.do("held_tasks", project_id=world.project) == []


def test_a_lost_packet_costs_a_second_and_writes_once(world: World) -> None:
    world.database.befall("lose", "TransactWriteItems")
    world.here.do("make_task", project_id=world.project, name="once")
    world.database.befall("drop", "TransactWriteItems")
    world.here.do("make_task", project_id=world.project, name="twice")
    assert world.there.do("held_tasks", project_id=world.project) == ["once", "twice"]


def test_a_transaction_that_stays_in_progress_is_written_once_and_its_outcome_is_open(world: World) -> None:
    lost = world.database.befall("lose", "TransactWriteItems")
    world.database.befall("in progress", "TransactWriteItems", times=-1)
    with pytest.raises(Problem, match="OutcomeUnknown"):
        world.here.do("make_task", project_id=world.project, name="once")
    assert lost.met == 1
    world.database.calm()
    assert world.there.do("held_tasks", project_id=world.project) == ["once"]
