"""Limits by address: who fails too often waits, whatever accounts they try.

Source: docs/contract/people.md sections 2.3 and 3.
"""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.domain.people import passwords, visitor_rate_limit
from chalicelib.errors import Unavailable
from chalicelib.store import throttle
from tests.client import ADMIN, PASSWORD, Api
from tests.unit.people.conftest import Configure, PostOffice, failures_of

HERE = "127.0.0.1"
FORGED = {"X-Real-IP": "203.0.113.9", "X-Forwarded-For": "203.0.113.9"}


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three failures of each sort are too many."""
    monkeypatch.setattr(visitor_rate_limit, "MOST_FAILURES", dict.fromkeys(visitor_rate_limit.MOST_FAILURES, 3))


def log_in(api: Api, email: str, password: str = PASSWORD, **more: Any) -> Any:
    return api.post("/auth/login", {"email": email, "password": password}, user=None, **more)


@pytest.mark.usefixtures("narrow")
def test_one_password_on_each_account_is_stopped(api: Api) -> None:
    for name in ("ada", "ben", "cleo"):
        api.person(name=name)
        assert log_in(api, f"{name}@example.com", "wrong").status == 400
    refused = log_in(api, ADMIN)
    assert refused.status == 429
    assert (refused["login"], refused["too_many_failed_login_attemps"]) == (False, True)
    assert refused.headers["retry-after"] == "600"


@pytest.mark.usefixtures("narrow")
def test_a_header_does_not_make_another_visitor(api: Api) -> None:
    for _ in range(3):
        log_in(api, "nobody@example.com", headers=FORGED)
    assert log_in(api, ADMIN, headers=FORGED).status == 429
    assert failures_of(f"login#{HERE}") == 3


@pytest.mark.usefixtures("narrow")
def test_what_succeeds_counts_for_nothing(api: Api) -> None:
    for _ in range(5):
        assert log_in(api, ADMIN).status == 200
    assert failures_of(f"login#{HERE}") == 0


@pytest.mark.usefixtures("narrow")
def test_a_missing_code_is_no_failure(api: Api) -> None:
    log_in(api, ADMIN, "wrong")
    log_in(api, ADMIN, "wrong")
    assert failures_of(f"login#{HERE}") == 2
    assert log_in(api, ADMIN).status == 200


def test_asking_who_has_an_account_is_stopped_also_for_those_who_have(api: Api, post: PostOffice) -> None:
    misses = [api.post("/auth/reset-password", {"email": f"nobody{n}@example.com"}, user=None) for n in range(61)]
    assert [reply.status for reply in misses] == [400] * 60 + [429]
    # Else the answer would tell.
    assert api.post("/auth/reset-password", {"email": ADMIN}, user=None).status == 429
    assert post.letters == []


@pytest.mark.usefixtures("narrow", "post")
def test_guessing_tokens_is_stopped(api: Api) -> None:
    body = {"email": ADMIN, "token": "A" * 64, "password": PASSWORD, "password2": PASSWORD}
    statuses = [api.put("/auth/reset-password", body, user=None).status for _ in range(4)]
    assert statuses == [400] * 3 + [429]


@pytest.mark.usefixtures("narrow")
def test_registering_with_taken_addresses_is_stopped(api: Api, configure: Configure) -> None:
    configure(REGISTRATION="open")
    body = {"email": ADMIN, "password": PASSWORD, "password_2": PASSWORD, "first_name": "A", "last_name": "B"}
    statuses = [api.post("/auth/register", body, user=None).status for _ in range(4)]
    assert statuses == [400] * 3 + [429]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::7", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("", "192.0.2.1", False),
    ],
)
def test_a_network_of_ipv6_is_one_visitor(table: str, one: str, other: str, same: bool) -> None:
    for _ in range(visitor_rate_limit.MOST_FAILURES["registration"]):
        with visitor_rate_limit.counted("registration", one) as visitor:
            visitor.fail()
    with contextlib.ExitStack() as stack:
        if same:
            stack.enter_context(pytest.raises(visitor_rate_limit.TooManyRequests))
        with visitor_rate_limit.counted("registration", other):
            pass


@pytest.mark.usefixtures("narrow")
def test_of_a_crowd_on_many_accounts_no_more_are_looked_at_than_one_after_the_other(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of them is answered before all have come: whoever counts afterwards lets all of them pass."""
    people = [api.person(name=f"p{number}")["email"] for number in range(8)]
    looked_at, all_here = [], threading.Barrier(len(people))
    matches = passwords.matches

    def look(given: str, kept: str | None) -> bool:
        looked_at.append(given)
        return matches(given, kept)

    def guess(email: str) -> Any:
        all_here.wait(60)
        return log_in(api, email, "wrong")

    monkeypatch.setattr(passwords, "matches", look)
    with ThreadPoolExecutor(len(people)) as pool:
        statuses = sorted(reply.status for reply in pool.map(guess, people))
    assert statuses == [400] * 3 + [429] * 5
    assert looked_at == ["wrong"] * 3
    assert failures_of(f"login#{HERE}") == 3


@pytest.mark.usefixtures("narrow")
def test_what_breaks_off_is_no_failure(table: str) -> None:
    for _ in range(5):
        with pytest.raises(KeyError), visitor_rate_limit.counted("login", HERE):
            raise KeyError("a fault of ours")
    assert failures_of(f"login#{HERE}") == 0


def test_a_place_that_cannot_be_given_back_fails_nobody(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place = throttle.take("a name", 600, 1)
    assert place is not None
    assert throttle.take("a name", 600, 1) is None

    def refuse(*_: Any, **__: Any) -> None:
        raise Unavailable("The database does not answer.")

    with monkeypatch.context() as patch:
        patch.setattr(throttle, "_add", refuse)
        throttle.give_back(place)
    throttle.give_back(place)
    assert throttle.take("a name", 600, 1) == place
