"""What counts as a difference, and what does not."""

from typing import Any

import pytest

from tests.contract.comparison import differences, judge
from tests.contract.recording import Normaliser
from tests.contract.replay import compare

ONE, OTHER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"


def step(number: int = 1, status: Any = 200, **more: Any) -> dict[str, Any]:
    return {"step": number, "method": "GET", "path": "/data/tasks", "status": status, **more}


def test_keys_beyond_the_golden_ones_are_fine() -> None:
    assert differences({"a": 1}, {"a": 1, "b": 2}) == []


@pytest.mark.parametrize(
    ("want", "have", "told"),
    [
        ({"a": {"b": 1}}, {"a": {}}, ".a.b: missing (wanted 1)"),
        ({"a": [1, 2]}, {"a": [1]}, ".a: wanted 2 items, got 1"),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, ".a[0].b: wanted 1, got 2"),
        (1, True, "body: wanted 1, got true"),
        ({"a": 1}, [], "body: wanted an object, got []"),
        ([], None, "body: wanted a list, got null"),
    ],
)
def test_a_difference_is_told_with_its_place(want: Any, have: Any, told: str) -> None:
    assert differences(want, have) == [told]


def test_a_key_that_is_ignored_has_to_be_there() -> None:
    assert differences({"a": "<any>"}, {"a": 3}) == []
    assert differences({"a": "<any>"}, {}) == ['.a: missing (wanted "<any>")']


def test_another_request_is_a_difference_whatever_it_answers() -> None:
    sent = {**step(), "path": "/data/shots"}
    assert judge(step(), sent) == ["other request: wanted GET /data/tasks, sent GET /data/shots"]


def test_where_the_reference_server_broke_any_refusal_holds() -> None:
    assert judge(step(status="4xx"), step(status=404)) == []
    assert judge(step(status="4xx"), step(status=500)) == ["status: wanted 4xx, got 500"]
    assert judge(step(status="4xx"), step(status=200)) == ["status: wanted 4xx, got 200"]


def test_of_a_refusal_the_status_counts_alone() -> None:
    assert judge(step(status=400, body="<error>"), step(status=400, body={"message": "no"})) == []
    assert judge(step(status=400), step(status=403)) == ["status: wanted 400, got 403"]


def test_steps_that_were_not_reached_do_not_hold() -> None:
    outcome = compare("tasks", [step(1), step(2)], [step(1)], "KeyError: 'id'")
    assert (outcome.held, outcome.steps) == (1, 2)
    assert "step 2  GET /data/tasks\n      not reached" in outcome.report()
    assert "KeyError: 'id'" in outcome.report()


def test_ids_are_named_in_the_order_in_which_they_appear() -> None:
    normaliser = Normaliser()
    assert normaliser.text(f"/data/{ONE}/and/{OTHER}/and/{ONE.upper()}") == "/data/<id:1>/and/<id:2>/and/<id:1>"
    assert normaliser.text("33333333-3333-4333-8333-333333333333", assign=False) == "<id:?>"


def test_dates_and_tokens_become_symbols() -> None:
    text = "eyJhbGci.eyJzdWIi.c2ln at 2026-03-01T10:00:00.123 or Fri, 27 Nov 2026 00:20:53 GMT"
    assert Normaliser().text(text) == "<jwt> at <datetime> or <datetime>"


def test_lists_are_sorted_where_their_order_does_not_count() -> None:
    body = [{"name": "b", "rate": 2.0}, {"name": "a", "rate": 1.23456}]
    assert Normaliser().body(body, False, ()) == [{"name": "a", "rate": 1.235}, {"name": "b", "rate": 2}]
    assert Normaliser().body(body, True, ("rate",)) == [{"name": "b", "rate": "<any>"}, {"name": "a", "rate": "<any>"}]
