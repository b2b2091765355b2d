"""How generic records are found: the shortest way for a set of filters, counted (docs/access-patterns.md)."""

from collections.abc import Sequence

import pytest

from chalicelib.domain.crud.lookup import records_of
from chalicelib.records import filters
from chalicelib.records.entities import ENTITY
from chalicelib.records.fields import Kind
from chalicelib.records.people import NOTIFICATION, PERSON
from chalicelib.records.production import PROJECT, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TASK, TIME_SPENT
from chalicelib.store import reference, session
from chalicelib.store.changes import write
from tests.prepared import prepared

NOBODY = "00000000-0000-4000-8000-000000000000"


def create(kind: Kind, **values: object) -> Record:
    return write(lambda changes: changes.create(kind, values))


class Stage:
    """Two productions; in the first, two people with a task each, commented and with hours noted."""

    def __init__(self) -> None:
        self.first, self.second = create(PROJECT, name="First"), create(PROJECT, name="Second")
        self.types = [create(TASK_TYPE, name=name) for name in ("Layout", "Animation")]
        self.people = [create(PERSON, first_name=name, last_name="Doe") for name in ("Ada", "Bob")]
        self.asset = create(ENTITY, name="Lamp", project_id=self.first.id, entity_type_id=NOBODY)
        self.tasks = [
            create(TASK, name="main", project_id=self.first.id, task_type_id=type_.id, entity_id=self.asset.id,
                   assignees=[person.id])
            for type_, person in zip(self.types, self.people, strict=True)
        ]  # fmt: skip
        self.comments = [
            create(COMMENT, object_id=task.id, object_type="Task", person_id=person.id)
            for task, person in zip(self.tasks, self.people, strict=True)
        ]
        self.hours = [
            create(TIME_SPENT, task_id=task.id, person_id=person.id, date="2026-03-02", duration=60)
            for task, person in zip(self.tasks, self.people, strict=True)
        ]
        self.told = create(
            NOTIFICATION, notification_type="comment", person_id=self.people[0].id, author_id=self.people[1].id,
            task_id=self.tasks[0].id, comment_id=self.comments[0].id,
        )  # fmt: skip

    def find(self, kind: Kind, **asked: str) -> tuple[list[str], dict[str, int]]:
        """The ids of what an administrator's list finds, and the calls it took in a warm container."""
        wanted = filters.parse(kind, asked)
        projects = [self.first, self.second]
        records_of(kind, wanted, projects, everything=True)
        with session.opened() as here:
            found = records_of(kind, wanted, projects, everything=True)
        calls = dict(here.calls)
        calls.pop("GetItem", None)  # the stamp of the reference data, read once a request
        return [record.id for record in found], calls


@pytest.fixture
def stage(table: str) -> Stage:
    return prepared(Stage)


def ids(records: Sequence[Record]) -> list[str]:
    return [record.id for record in records]


def test_an_id_is_one_read(stage: Stage) -> None:
    assert stage.find(TASK, id=stage.tasks[0].id) == (ids(stage.tasks[:1]), {"BatchGetItem": 1})


def test_a_field_that_an_index_begins_with_is_one_query_of_the_home_it_names(stage: Stage) -> None:
    thread = stage.find(COMMENT, object_id=stage.tasks[0].id)
    assert thread == (ids(stage.comments[:1]), {"Query": 1})
    both = stage.find(TASK, entity_id=stage.asset.id)
    assert (set(both[0]), both[1]) == (set(ids(stage.tasks)), {"Query": 1})


def test_several_fields_of_an_index_are_one_query_of_what_has_all_of_them(stage: Stage) -> None:
    found = stage.find(TASK, entity_id=stage.asset.id, task_type_id=stage.types[1].id)
    assert found == (ids(stage.tasks[1:]), {"Query": 1})
    assert stage.find(TIME_SPENT, task_id=stage.tasks[0].id, date="2026-03-02") == (ids(stage.hours[:1]), {"Query": 1})
    assert stage.find(TIME_SPENT, task_id=stage.tasks[0].id, date="2026-03-03") == ([], {"Query": 1})


def test_several_values_of_an_indexed_field_are_a_query_each(stage: Stage) -> None:
    asked = '["{}","{}"]'.format(*ids(stage.tasks))
    found, calls = stage.find(COMMENT, object_id=asked)
    assert (set(found), calls) == (set(ids(stage.comments)), {"Query": 2})


def test_who_is_listed_is_found_by_the_edges(stage: Stage) -> None:
    found = stage.find(TASK, assignees=stage.people[1].id)
    assert found == (ids(stage.tasks[1:]), {"Query": 1, "BatchGetItem": 1})


def test_an_index_without_a_home_is_a_query_a_production(stage: Stage) -> None:
    found, calls = stage.find(TASK, task_type_id=stage.types[0].id)
    assert (found, calls) == (ids(stage.tasks[:1]), {"Query": 3})  # two productions, and what is of none


def test_what_belongs_to_people_is_looked_up_in_their_homes(stage: Stage) -> None:
    everybody = len(reference.every(PERSON))
    assert stage.find(NOTIFICATION, task_id=stage.tasks[0].id) == ([stage.told.id], {"Query": everybody})
    assert stage.find(NOTIFICATION, person_id=stage.people[0].id) == ([stage.told.id], {"Query": 1})


def test_a_field_without_an_index_reads_the_kind_in_the_homes_it_may_be_in(stage: Stage) -> None:
    assert stage.find(TASK, name="MAIN", project_id=stage.first.id)[1] == {"Query": 1}
    assert stage.find(TASK, priority="3") == ([], {"Query": 3})


def test_what_is_asked_of_moments_is_asked_to_the_second(stage: Stage) -> None:
    said = stage.comments[0]["created_at"][:19]
    assert stage.comments[0].id in stage.find(COMMENT, object_id=stage.tasks[0].id, created_at=said)[0]
    assert stage.find(COMMENT, object_id=stage.tasks[0].id, created_at="2001-01-01T00:00:00")[0] == []
    assert stage.find(TASK, created_at=f'["{stage.tasks[0]["created_at"][:19]}"]')[0]


def test_lists_and_objects_of_a_field_are_no_words_that_one_may_ask_for(stage: Stage) -> None:
    described = create(TASK, name="data", project_id=stage.first.id, data={"frames": [1, 2]})
    named = create(TASK, name="word", project_id=stage.first.id, data="frames")
    assert stage.find(TASK, data='["frames"]')[0] == [named.id]
    assert described.id not in stage.find(TASK, data="[]")[0]
