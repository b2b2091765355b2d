"""What the context costs in a usual studio: 40 people, 5 productions, 200 columns.

Source: docs/contract/people.md section 10.
"""

import json
import time

import msgspec
import pytest

from chalicelib.access.caller import Caller
from chalicelib.domain import user_context
from chalicelib.records.people import NOTIFICATION, PERSON, SEARCH_FILTER
from chalicelib.records.production import METADATA_DESCRIPTOR, TASK_TYPE
from chalicelib.store import reference, session
from tests.cpu import least_cpu
from tests.unit.production.conftest import Studio, create


@pytest.fixture
def manager(studio: Studio) -> Caller:
    """A manager in the teams of five productions, of which two are shows, with unread notifications and filters."""
    people = [studio.caller() for _ in range(38)]
    manager = studio.caller("manager")
    team = (manager, *people)
    for number in range(5):
        sort = "tvshow" if number < 2 else "short"
        project = studio.project(f"P{number}", team=team, production_type=sort)
        task = studio.task(studio.asset(project))
        for column in range(40):
            name = f"Column {column}"
            create(METADATA_DESCRIPTOR, name=name, field_name=name, project_id=project.id, entity_type="Asset")
        for _ in range(10):
            told = {"person_id": manager.id, "author_id": people[0].id, "task_id": task.id}
            create(NOTIFICATION, notification_type="comment", unread_since="2024-01-01T00:00:00.000000", **told)
            create(SEARCH_FILTER, name="x", list_type="asset", person_id=manager.id, project_id=project.id)
    for number in range(20):
        create(TASK_TYPE, name=f"Type {number}", for_entity="Asset")
    session.current().stamp = None
    return manager


@pytest.fixture
def asked(manager: Caller) -> list[tuple[dict[str, int], float, bytes]]:
    """The calls, the seconds of CPU and the answer of each of ten requests, in a warm container."""
    costs = []
    for _ in range(11):
        with session.opened() as here:
            reference.every(PERSON)  # the identity of a request brings the stamp
            before = time.process_time()
            found = user_context.user_context(manager)
            written = msgspec.json.encode(found)
            costs.append((here.calls, time.process_time() - before, written))
            assert len(written) > 100_000
    return costs[1:]


def test_it_is_the_unread_notifications_and_the_first_episodes_side_by_side(
    asked: list[tuple[dict[str, int], float, bytes]],
) -> None:
    # The stamp; then, in one go, the unread notifications and the episodes of two shows.
    assert [calls for calls, _, _ in asked] == [{"GetItem": 1, "Query": 3}] * 10


def test_it_takes_less_than_ten_milliseconds(asked: list[tuple[dict[str, int], float, bytes]]) -> None:
    """On a quiet machine, where the standard library takes 3.4 ms to read and write the answer: three times that."""
    answer = asked[0][2]
    usual = least_cpu(lambda: json.dumps(json.loads(answer)))
    assert min(seconds for _, seconds, _ in asked) < 3 * usual
