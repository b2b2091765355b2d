"""The price of a month: the budgets of the design, and the page that tells of them."""

import json
import random
from dataclasses import replace

import pytest

from infra.aws import access_logs, cost, cost_page, live
from infra.aws.cost import Studio
from infra.aws.prices import PRICES


def test_nobody_costs_a_dollar_at_most() -> None:
    whole, live, files = cost.split(Studio(0))

    assert (live, files) == (pytest.approx(0, abs=0.05), 0)
    assert 0 < whole <= 1


def test_a_hundred_people_keep_the_budgets() -> None:
    whole, live, _ = cost.split(Studio(100))

    assert live <= 20
    assert whole <= 40


def test_the_page_tells_where_that_ends() -> None:
    most = cost.most_writes(Studio(100), 20)
    assert cost.dollars(cost.live(replace(Studio(100), writes=most))) == pytest.approx(20, abs=0.01)
    assert cost.split(replace(Studio(100), writes=most * 1.2))[1] > 20

    assert cost_page.page() == cost.PAGE.read_text(), "python -m infra.aws.cost > docs/cost.md"


def test_a_message_ends_a_poll_and_so_costs_less_than_a_poll_of_its_own() -> None:
    assert cost.polls_an_hour(0) == 180
    for messages in (1, 60, 400):
        assert max(180, messages) < cost.polls_an_hour(messages) < 180 + messages


def test_polls_are_as_many_as_when_they_are_played() -> None:
    dice = random.Random(7)
    hours, messages = 200, 90
    moments = sorted(dice.uniform(0, hours * 3600) for _ in range(hours * messages))
    polls, now, waiting = 0, 0.0, 0
    while now < hours * 3600:
        polls += 1
        if waiting < len(moments) and moments[waiting] <= now + live.WAIT_SECONDS:
            now, waiting = max(now, moments[waiting]), waiting + 1
        else:
            now += live.WAIT_SECONDS

    assert polls / hours == pytest.approx(cost.polls_an_hour(messages), rel=0.02)


def test_a_line_of_the_gateway_is_as_long_as_it_is_counted() -> None:
    longest = {"agent": "a" * 120, "path": "p" * 90, "integration_error": "-", "resource": "/{proxy+}"}
    usual = {"request": "r" * 36, "function_request": "f" * 36, "trace": "-", "time": "t" * 26, "address": "a" * 15}
    told = {name: (usual | longest).get(name, "12345") for name in json.loads(access_logs.line(path=True))}

    # CloudWatch counts 26 bytes for each line besides.
    assert len(json.dumps(told, separators=(",", ":"))) + 26 <= cost.ACCESS_LOG_GB * 1e9


def test_traces_are_no_part_of_what_is_on_by_itself() -> None:
    assert cost.rest(Studio(100))["traces"] == 0
    assert 0 < cost.traces(Studio(100)) < cost.rest(Studio(100))["api"] + cost.live(Studio(100))["api"]


def test_what_is_free_is_taken_off_once() -> None:
    price = PRICES["sqs"]

    assert price.of(900_000) == 0
    assert price.of(3_000_000) == pytest.approx(0.8)
    assert price.of(3_000_000, free=False) == pytest.approx(1.2)


def test_every_amount_has_a_price() -> None:
    assert {*cost.live(Studio(10)), *cost.rest(Studio(10))} == set(PRICES)
