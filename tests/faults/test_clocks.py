"""Containers whose clocks are wrong neither miss what others write nor hide what they write themselves."""

import pytest

from tests.faults.conftest import World


@pytest.mark.parametrize("seconds", [-3600, -90, 90, 3600])
def test_a_writer_whose_clock_is_off_hides_nothing(world: World, seconds: float) -> None:
    world.set_wrong(world.here, seconds)
    world.here.do("make_task", project_id=world.project, name="by a wrong clock")
    assert world.there.do("held_tasks", project_id=world.project) == ["by a wrong clock"]
    # And does not blind who saw it to what comes after, by a clock that is right.
    world.advance(61)
    world.there.do("make_task", project_id=world.project, name="by a right one")
    assert len(world.here.do("held_tasks", project_id=world.project)) == 2
    world.advance(61)
    world.here.do("make_department", name=f"{seconds}")
    assert world.there.do("departments") == [f"{seconds}"]


@pytest.mark.parametrize("seconds", [-3600, -90, 90, 3600])
def test_a_reader_whose_clock_is_off_misses_nothing(world: World, seconds: float) -> None:
    world.set_wrong(world.there, seconds)
    assert world.there.do("held_tasks", project_id=world.project) == []
    world.here.do("make_task", project_id=world.project, name="first")
    assert world.there.do("held_tasks", project_id=world.project) == ["first"]
    world.set_wrong(world.there, 0)
    world.here.do("make_task", project_id=world.project, name="second")
    assert world.there.do("held_tasks", project_id=world.project) == ["first", "second"]
