"""Sixteen clients make the same thing at once: one wins, the others are told that it is there, nobody gets a 500."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.domain.registry import ALL
from tests.client import Api

CLIENTS = 16
NAMED = {
    "person": {"first_name": "Ada", "last_name": "Doe", "email": "ada@example.com"},
    "department": {"name": "Layout 2", "color": "#000000"},
    "studio": {"name": "North", "color": "#000000"},
    "organisation": {"name": "Second"},
    "plugin": {"plugin_id": "tool", "name": "Tool", "version": "1", "maintainer_name": "Ada", "license": "MIT"},
    "project": {"name": "Caminandes"},
    "project_status": {"name": "Paused", "color": "#000000"},
    "task_type": {"name": "Grooming"},
    "task_status": {"name": "Paused", "short_name": "paused", "color": "#000000"},
    "entity_type": {"name": "Vehicle"},
    "preview_background_file": {"name": "Studio"},
    "file_status": {"name": "Checked", "color": "#000000"},
    "software": {"name": "Blender", "short_name": "blender", "file_extension": "blend"},
    "output_type": {"name": "Cache", "short_name": "cache"},
}


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """What sixteen clients are answered who do the same at once."""
    with ThreadPoolExecutor(CLIENTS) as clients:
        return list(clients.map(work, range(CLIENTS)))


@pytest.mark.parametrize("made", sorted(NAMED))
def test_a_name_is_taken_once(api: Api, made: str) -> None:
    path = ALL[made].kind.path or ""
    before = len(api.get(path).json)
    answers = at_once(lambda _: api.post(path, NAMED[made]))
    assert sorted(one.status for one in answers) == [201] + [400] * (CLIENTS - 1), answers[0].content
    assert len(api.get(path).json) == before + 1


@pytest.mark.parametrize("path", ["/data/preview-background-files", "/data/task-status"])
def test_one_alone_is_the_default(api: Api, path: str) -> None:
    values = {"color": "#000000", "short_name": ""} if "status" in path else {}
    bodies = [{**values, "name": f"default {number}", "is_default": True} for number in range(CLIENTS)]
    if values:
        bodies = [{**body, "short_name": f"d{number}"} for number, body in enumerate(bodies)]
    answers = at_once(lambda number: api.post(path, bodies[number]))
    assert {one.status for one in answers} <= {201, 409}, [one.content for one in answers if one.status >= 400]
    rows = [row for row in api.get(path).json if row["is_default"] and not row.get("for_concept")]
    assert len(rows) == 1


def test_a_name_in_another_case_is_taken_too(api: Api) -> None:
    names = ("Vehicle", "vehicle", "VEHICLE", "vEhIcLe")
    answers = at_once(lambda number: api.post("/data/entity-types", {"name": names[number % len(names)]}))
    assert sorted(one.status for one in answers) == [201] + [400] * (CLIENTS - 1)


def test_missing_rows_of_the_salary_scale_are_made_once(api: Api) -> None:
    answers = at_once(lambda _: api.get("/data/salary-scales"))
    assert {one.status for one in answers} == {200}
    places = [(row["department_id"], row["position"], row["seniority"]) for row in api.get("/data/salary-scales").json]
    assert len(places) == len(set(places)) == len(api.get("/data/departments").json) * 9


def test_changes_of_one_record_are_all_written(api: Api) -> None:
    project = api.post("/data/projects", {"name": "Caminandes"}).json
    people = [api.post("/data/persons", {"first_name": str(n), "last_name": "Doe"}).json for n in range(CLIENTS)]
    team = f"/data/projects/{project['id']}/team"
    answers = at_once(lambda number: api.post(team, {"person_id": people[number]["id"]}))
    assert {one.status for one in answers} == {201}
    assert {one["id"] for one in api.get(team).json} == {one["id"] for one in people}


def test_a_record_is_deleted_once(api: Api) -> None:
    made = api.post("/data/departments", {"name": "Short-lived", "color": "#000000"}).json
    answers = at_once(lambda _: api.delete(f"/data/departments/{made['id']}"))
    assert sorted(one.status for one in answers) == [204] + [404] * (CLIENTS - 1)
