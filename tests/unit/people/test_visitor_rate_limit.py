"""Limits by address: who fails too often waits, whatever accounts they try.

Source: docs/contract/people.md sections 2.3 and 3.
"""

from typing import Any

import pytest

from chalicelib.domain.people import visitor_rate_limit
from chalicelib.store import throttle
from tests.client import ADMIN, PASSWORD, Api
from tests.unit.people.conftest import Configure, PostOffice

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
    assert throttle.counted(f"login#{HERE}", visitor_rate_limit.WINDOW_SECONDS) == 3


@pytest.mark.usefixtures("narrow")
def test_what_succeeds_counts_for_nothing(api: Api) -> None:
    for _ in range(5):
        assert log_in(api, ADMIN).status == 200
    assert throttle.counted(f"login#{HERE}", visitor_rate_limit.WINDOW_SECONDS) == 0


@pytest.mark.usefixtures("narrow")
def test_a_missing_code_is_no_failure(api: Api) -> None:
    log_in(api, ADMIN, "wrong")
    log_in(api, ADMIN, "wrong")
    assert throttle.counted(f"login#{HERE}", visitor_rate_limit.WINDOW_SECONDS) == 2
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
        visitor_rate_limit.count_failure("registration", one)
    if same:
        with pytest.raises(visitor_rate_limit.TooManyRequests):
            visitor_rate_limit.refuse_beyond("registration", other)
    else:
        visitor_rate_limit.refuse_beyond("registration", other)
