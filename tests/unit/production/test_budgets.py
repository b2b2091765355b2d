"""Budgets: revisions, entries, who may, and what it costs (docs/contract/production.md section 9)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.domain.production import budgets
from chalicelib.errors import Invalid, NotFound
from chalicelib.records.people import DEPARTMENT
from chalicelib.records.production import BUDGET, BUDGET_ENTRY
from chalicelib.records.record import Record
from chalicelib.store import keys, reads, session
from chalicelib.store.changes import write
from tests.client import Api
from tests.unit.production.conftest import ROLES, UNKNOWN, Sessions, Studio, create, statuses, told_of

CROWD = 16


@pytest.fixture
def department(studio: Studio) -> Record:
    return create(DEPARTMENT, name="Modeling", color="#000000")


@pytest.fixture
def budget(project: Record) -> Record:
    return budgets.create(project, "Plan", None)


def path_of(project: Record) -> str:
    return f"/data/projects/{project.id}/budgets"


def paid(department: Record, **more: Any) -> dict[str, Any]:
    """What an entry has to say."""
    return {
        "department_id": department.id,
        "start_date": "2031-01-01",
        "months_duration": 3,
        "daily_salary": 250.5,
        **more,
    }


def entries(budget: Record, department: Record, count: int) -> list[Record]:
    def fill(start: int) -> list[Record]:
        values = paid(department, budget_id=budget.id)
        rows = range(start, min(start + 90, count))
        return write(lambda changes: [changes.create(BUDGET_ENTRY, values) for _ in rows])

    return [one for start in range(0, count, 90) for one in fill(start)]


# -- budgets ---------------------------------------------------------------------------------------------------------
def test_revisions_count_up_and_a_last_one_that_went_is_given_again(api: Api, project: Record) -> None:
    first, second, third = (api.post(path_of(project), {"name": name}) for name in ("A", "B", "C"))
    assert [one["revision"] for one in (first, second, third)] == [1, 2, 3]
    assert (first.status, first["currency"], first["type"], first["project_id"]) == (200, "USD", "Budget", project.id)
    api.delete(f"{path_of(project)}/{second['id']}")
    assert api.post(path_of(project), {"name": "D"})["revision"] == 4
    listed = api.get(path_of(project))
    assert [(one["revision"], one["name"]) for one in listed.json] == [(1, "A"), (3, "C"), (4, "D")]
    assert set(listed[0]) == {"id", "project_id", "revision", "name", "currency"}


def test_each_production_counts_for_itself(api: Api, studio: Studio, project: Record) -> None:
    api.post(path_of(project), {"name": "A"})
    assert api.post(path_of(studio.project("Other")), {"name": "A"})["revision"] == 1


def test_sixteen_at_once_get_sixteen_revisions(project: Record) -> None:
    def make(number: int) -> int:
        with session.opened():
            return int(budgets.create(project, f"Plan {number}", "EUR")["revision"])

    with ThreadPoolExecutor(CROWD) as pool:
        revisions = sorted(pool.map(make, range(CROWD)))
    assert revisions == list(range(1, CROWD + 1))
    assert [one["revision"] for one in budgets.of_project(project)] == revisions


def test_a_change_leaves_what_is_absent_or_null(api: Api, project: Record, budget: Record) -> None:
    one = f"{path_of(project)}/{budget.id}"
    assert api.put(one, {"name": "Second plan", "currency": None})["currency"] == "USD"
    changed = api.put(one, {"currency": "GBP", "revision": 9, "project_id": UNKNOWN})
    assert (changed["name"], changed["currency"], changed["revision"]) == ("Second plan", "GBP", 1)
    assert api.put(one, {})["name"] == "Second plan"
    assert changed["project_id"] == project.id


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": None}, "name"),
        ({"name": 12}, "name"),
        ({"name": ["A"]}, "name"),
        ({"name": "A" * 256}, "name"),
        ({"name": "A", "currency": "EURO"}, "currency"),
        ({"name": "A", "currency": 1}, "currency"),
    ],
)
def test_a_malformed_budget_is_refused(api: Api, project: Record, body: dict[str, Any], field: str) -> None:
    refused = api.post(path_of(project), body)
    assert refused.status == 400
    assert field in refused.content.decode()
    assert api.get(path_of(project)).json == []


@pytest.mark.parametrize("body", [{"name": "A" * 256}, {"currency": "EURO"}, {"name": {}}])
def test_a_malformed_change_is_refused(api: Api, project: Record, budget: Record, body: dict[str, Any]) -> None:
    one = f"{path_of(project)}/{budget.id}"
    assert api.put(one, body).status == 400
    assert api.get(one)["name"] == "Plan"


def test_the_events_of_budgets(api: Api, project: Record, department: Record) -> None:
    one = api.post(path_of(project), {"name": "A"}, user="manager")["id"]
    entry = api.post(f"{path_of(project)}/{one}/entries", paid(department))["id"]
    api.put(f"{path_of(project)}/{one}/entries/{entry}", {"months_duration": 4})
    api.delete(f"{path_of(project)}/{one}/entries/{entry}")
    api.put(f"{path_of(project)}/{one}", {"name": "B"})
    api.delete(f"{path_of(project)}/{one}")
    budget, both = {"budget_id": one}, {"budget_id": one, "budget_entry_id": entry}
    assert told_of(project, "budget") == [
        ("budget:create", budget),
        ("budget-entry:create", both),
        ("budget-entry:update", both),
        ("budget-entry:delete", both),
        ("budget:update", budget),
        ("budget:delete", budget),
    ]


def test_budgets_are_the_managers(api: Api, project: Record, budget: Record, department: Record) -> None:
    entry = budgets.add_entry(budget, paid(department))
    one = f"{path_of(project)}/{budget.id}"
    others = dict.fromkeys((*ROLES[1:], "stranger"), 403) | {"None": 401}
    for method, path, body in (
        ("GET", path_of(project), None),
        ("POST", path_of(project), {"name": "Mine"}),
        ("GET", one, None),
        ("PUT", one, {"name": "Mine"}),
        ("GET", f"{one}/entries", None),
        ("POST", f"{one}/entries", paid(department)),
        ("GET", f"{one}/entries/{entry.id}", None),
        ("PUT", f"{one}/entries/{entry.id}", {"months_duration": 1}),
    ):
        assert statuses(api, method, path, body) == {"admin": 200, "manager": 200, **others}, (method, path)
    for path in (f"{one}/entries/{entry.id}", one):
        assert {api.delete(path, user=role).status for role in (*ROLES[1:], "stranger")} == {403}
        assert api.delete(path, user="manager").status == 204


def test_what_is_not_there_is_not_found_and_what_is_no_id_is_refused(
    api: Api, project: Record, budget: Record, department: Record
) -> None:
    assert api.get("/data/projects/nope/budgets").status == 400
    assert api.get(f"/data/projects/{UNKNOWN}/budgets").status == 404
    for wrong, status in ((UNKNOWN, 404), ("nope", 400)):
        assert api.get(f"{path_of(project)}/{wrong}").status == status
        assert api.put(f"{path_of(project)}/{wrong}", {"name": "A"}).status == status
        assert api.delete(f"{path_of(project)}/{wrong}").status == status
        assert api.post(f"{path_of(project)}/{wrong}/entries", paid(department)).status == status
        entry = f"{path_of(project)}/{budget.id}/entries/{wrong}"
        assert [api.get(entry).status, api.put(entry, {}).status, api.delete(entry).status] == [status] * 3
    assert api.get(f"{path_of(project)}/{UNKNOWN}/entries").json == []
    assert api.get(f"{path_of(project)}/nope/entries").status == 400


def test_a_budget_of_another_production_is_not_found(
    api: Api, studio: Studio, project: Record, budget: Record, department: Record
) -> None:
    entry = budgets.add_entry(budget, paid(department))
    elsewhere = path_of(studio.project("Other"))
    for path in (budget.id, f"{budget.id}/entries", f"{budget.id}/entries/{entry.id}"):
        assert api.get(f"{elsewhere}/{path}").status == 404
    assert api.put(f"{elsewhere}/{budget.id}", {"name": "Mine"}).status == 404
    assert api.delete(f"{elsewhere}/{budget.id}").status == 404
    assert api.post(f"{elsewhere}/{budget.id}/entries", paid(department)).status == 404
    assert reads.get(BUDGET, budget.id)["name"] == "Plan"


def test_an_entry_of_another_budget_is_not_found(api: Api, project: Record, budget: Record, department: Record) -> None:
    entry = budgets.add_entry(budget, paid(department))
    path = f"{path_of(project)}/{budgets.create(project, 'Other', None).id}/entries/{entry.id}"
    assert [api.get(path).status, api.put(path, {}).status, api.delete(path).status] == [404] * 3
    assert [one.id for one in budgets.entries_of(budget)] == [entry.id]


# -- entries ---------------------------------------------------------------------------------------------------------
def test_an_entry_is_kept_as_it_was_sent(api: Api, project: Record, budget: Record, department: Record) -> None:
    path = f"{path_of(project)}/{budget.id}/entries"
    artist = api.people["user"].id
    full = paid(department, person_id=artist, position="lead", seniority="senior")
    made = api.post(path, full)
    assert made.status == 200
    assert {name: made[name] for name in full} == full
    assert (made["type"], made["budget_id"]) == ("BudgetEntry", budget.id)
    assert api.get(f"{path}/{made['id']}").json == made.json
    (listed,) = api.get(path).json
    assert listed == {"id": made["id"], "budget_id": budget.id, **full}


def test_numbers_may_be_texts_and_the_rest_has_defaults(
    api: Api, project: Record, budget: Record, department: Record
) -> None:
    path = f"{path_of(project)}/{budget.id}/entries"
    sent = paid(department, months_duration="6", daily_salary="100", position=None, budget_id=UNKNOWN, unknown=1)
    made = api.post(path, sent)
    assert (made["months_duration"], made["daily_salary"]) == (6, 100)
    assert (made["position"], made["seniority"], made["person_id"]) == ("artist", "mid", None)
    assert made["budget_id"] == budget.id


@pytest.mark.parametrize("missing", ["department_id", "start_date", "months_duration", "daily_salary"])
@pytest.mark.parametrize("null", [True, False])
def test_what_an_entry_needs(
    api: Api, project: Record, budget: Record, department: Record, missing: str, null: bool
) -> None:
    body = {**paid(department), missing: None}
    refused = api.post(f"{path_of(project)}/{budget.id}/entries", body if null else _without(body, missing))
    assert (refused.status, missing in refused.content.decode()) == (400, True)
    assert budgets.entries_of(budget) == []


def _without(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


MALFORMED = [
    ("department_id", UNKNOWN),
    ("department_id", "nope"),
    ("person_id", UNKNOWN),
    ("person_id", "nope"),
    ("start_date", "someday"),
    ("start_date", "2031-02-30"),
    ("months_duration", "many"),
    ("months_duration", 1.5),
    ("months_duration", 2**40),
    ("daily_salary", "much"),
    ("daily_salary", "nan"),
    ("position", "king"),
    ("seniority", "ancient"),
]


@pytest.mark.parametrize(("name", "value"), MALFORMED)
def test_a_malformed_entry_is_refused(
    api: Api, project: Record, budget: Record, department: Record, name: str, value: Any
) -> None:
    entry = budgets.add_entry(budget, paid(department))
    path = f"{path_of(project)}/{budget.id}/entries"
    for refused in (api.post(path, paid(department, **{name: value})), api.put(f"{path}/{entry.id}", {name: value})):
        assert (refused.status, name in refused.content.decode()) == (400, True)
    assert budgets.entries_of(budget) == [entry]


def test_a_change_of_an_entry_is_partial(api: Api, project: Record, budget: Record, department: Record) -> None:
    artist = api.people["user"].id
    entry = budgets.add_entry(budget, paid(department, person_id=artist, position="lead"))
    one = f"{path_of(project)}/{budget.id}/entries/{entry.id}"
    changed = api.put(one, {"months_duration": "4", "budget_id": UNKNOWN})
    assert (changed.status, changed["months_duration"], changed["daily_salary"]) == (200, 4, 250.5)
    assert (changed["person_id"], changed["position"], changed["budget_id"]) == (artist, "lead", budget.id)
    assert api.put(one, {"person_id": None})["person_id"] is None
    refused = api.put(one, {"daily_salary": None})
    assert (refused.status, "daily_salary" in refused.content.decode()) == (400, True)


def test_whole_rows_may_be_sent_back(api: Api, project: Record, budget: Record, department: Record) -> None:
    entry = budgets.add_entry(budget, paid(department))
    one = f"{path_of(project)}/{budget.id}/entries/{entry.id}"
    row = api.get(one).json
    answer = api.put(one, {**row, "seniority": "junior"})
    assert {**answer.json, "updated_at": ""} == {**row, "seniority": "junior", "updated_at": ""}


def test_entries_go_with_their_budget_however_many(
    api: Api, project: Record, budget: Record, department: Record
) -> None:
    entries(budget, department, 130)
    kept = budgets.add_entry(budgets.create(project, "Other", None), paid(department))
    assert api.delete(f"{path_of(project)}/{budget.id}").status == 204
    assert [one.id for one in reads.query(BUDGET_ENTRY, keys.home_of_owner(project.id))] == [kept.id]
    assert api.get(f"{path_of(project)}/{budget.id}/entries").json == []
    assert api.get(f"{path_of(project)}/{budget.id}").status == 404


def test_nothing_is_added_to_a_budget_that_is_gone(project: Record, budget: Record, department: Record) -> None:
    budgets.delete(budget)
    with pytest.raises((Invalid, NotFound)):
        budgets.add_entry(budget, paid(department))
    assert reads.query(BUDGET_ENTRY, keys.home_of_owner(project.id)) == []


# -- what it costs ---------------------------------------------------------------------------------------------------
def test_what_budgets_cost(api: Api, project: Record, budget: Record, department: Record, sessions: Sessions) -> None:
    entry = budgets.add_entry(budget, paid(department))
    one = f"{path_of(project)}/{budget.id}"
    api.get(path_of(project))

    def cost(answered: Any) -> dict[str, int]:
        assert answered.status in (200, 204)
        return {name: count for name, count in sessions[-1].calls.items() if name != "BatchGetItem"}

    assert cost(api.get(path_of(project))) == {"Query": 1}
    assert cost(api.get(one)) == {"GetItem": 1}
    assert cost(api.get(f"{one}/entries")) == {"GetItem": 1, "Query": 1}
    assert cost(api.get(f"{one}/entries/{entry.id}")) == {"GetItem": 2}
    # The claim on the next revision, the revisions there are.
    assert cost(api.post(path_of(project), {"name": "A"})) == {"GetItem": 1, "Query": 1, "TransactWriteItems": 1}
    assert cost(api.put(one, {"name": "B"})) == {"GetItem": 1, "TransactWriteItems": 1}
    assert cost(api.put(f"{one}/entries/{entry.id}", {})) == {"GetItem": 2, "TransactWriteItems": 1}
    assert cost(api.delete(one)) == {"GetItem": 1, "Query": 2, "TransactWriteItems": 1, "BatchWriteItem": 1}
