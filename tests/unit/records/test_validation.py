"""Bodies and filters of generic records."""

from typing import Any

import pytest

from chalicelib.errors import Invalid
from chalicelib.records import filters
from chalicelib.records.people import DAY_OFF, PERSON
from chalicelib.records.production import PROJECT, TASK_TYPE
from chalicelib.records.tasks import TASK
from chalicelib.records.validation import change_values, creation_values

ID = "0b5e0a00-0000-4000-8000-000000000001"


def test_a_body_becomes_values() -> None:
    body = {
        "name": "Caminandes",
        "id": ID,
        "man_days": "12",
        "team": [{"id": ID.upper()}, ID],
        "production_style": None,
    }
    assert creation_values(PROJECT, body) == {"name": "Caminandes", "man_days": 12, "team": [ID]}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x", "color": "#ffffffff"}, "color"),
        ({"name": "x", "no_such_field": 1}, "no_such_field"),
        ({"color": "#ffffff"}, "name"),
        ({"name": "x" * 41}, "name"),
        ({"name": {"a": 1}}, "name"),
        ({"name": "x", "priority": "high"}, "priority"),
        ({"name": "x", "priority": True}, "priority"),
        ({"name": "x", "archived": "perhaps"}, "archived"),
        ({"name": "x", "department_id": "nope"}, "department_id"),
        ({"name": "x\0"}, "name"),
    ],
)
def test_a_wrong_body_is_refused_and_the_field_named(body: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        creation_values(TASK_TYPE, body)
    assert refusal.value.data["field"] == field
    assert refusal.value.data["expected"]


@pytest.mark.parametrize("team", [[{}], [{"id": None}], [{"name": "Ada"}], [[]], {"id": "x"}, "x", 3])
def test_a_list_of_ids_names_each_by_its_id(team: object) -> None:
    with pytest.raises(Invalid, match="team"):
        creation_values(PROJECT, {"name": "A", "team": team})


def test_a_choice_must_be_one_of_them() -> None:
    with pytest.raises(Invalid, match="no choice"):
        creation_values(PERSON, {"first_name": "A", "last_name": "B", "position": "boss"})


def test_days_and_moments() -> None:
    assert change_values(DAY_OFF, {"date": "2024-02-29"}) == {"date": "2024-02-29"}
    assert change_values(TASK, {"due_date": "2024-02-29"}) == {"due_date": "2024-02-29T00:00:00.000000"}
    for wrong in ("2023-02-29", "20240229", 20240229, "2024-W09-4", "", "٢٠٢٤-02-29"):
        with pytest.raises(Invalid):
            change_values(DAY_OFF, {"date": wrong})


def test_a_change_ignores_what_it_may_not_write() -> None:
    body = {"id": ID, "team": [ID], "type": "Project", "sequence_name": "x", "code": None, "created_at": "never"}
    assert change_values(PROJECT, body) == {"code": None}


def test_a_change_may_not_empty_what_is_required() -> None:
    with pytest.raises(Invalid):
        change_values(PROJECT, {"name": None})


def test_filters_by_value_list_member_and_name() -> None:
    record = {"name": "Caminandes", "id": ID, "team": [ID], "has_avatar": False, "man_days": 12}
    holding = [
        {"name": "cAMINANDES"},
        {"team": ID},
        {"has_avatar": "False"},
        {"man_days": '["12", 13]'},
        {"unknown": "x"},
    ]
    assert all(filters.parse(PROJECT, query).holds(record) for query in holding)
    failing = [{"name": "Cam%"}, {"man_days": "13"}, {"id": "[]"}, {"has_avatar": "on"}]
    assert not any(filters.parse(PROJECT, query).holds(record) for query in failing)


def test_wildcards_only_where_asked_for() -> None:
    assert filters.parse(PROJECT, {"name": "c%n_es"}, wildcards=True).holds({"name": "Caminandes"})
    assert not filters.parse(PROJECT, {"name": "(.*"}, wildcards=True).holds({"name": "Caminandes"})


@pytest.mark.parametrize("query", [{"id": "x"}, {"has_avatar": "maybe"}, {"man_days": "[1"}, {"team": "x"}])
def test_a_malformed_filter_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        filters.parse(PROJECT, query)
