"""Guesses made side by side: they are counted before they are looked at (docs/contract/people.md section 2.3)."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.domain.people import accounts, lockout, passwords
from chalicelib.domain.people.second_factor import verification
from chalicelib.records import clock
from tests.client import PASSWORD, Api
from tests.unit.people.conftest import change, failures_of, stored
from tests.unit.people.test_login import log_in


def in_a_crowd(ask: Callable[[int], Any], size: int) -> list[Any]:
    """What a request answers that many clients send at the same moment, each its own number."""
    together = threading.Barrier(size)

    def go(number: int) -> Any:
        together.wait(timeout=300)
        return ask(number)

    with ThreadPoolExecutor(size) as pool:
        return list(pool.map(go, range(size)))


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were compared with a hash."""
    seen: list[str] = []
    matches = passwords.matches

    def count(password: str, kept: str | None) -> bool:
        seen.append(password)
        return matches(password, kept)

    monkeypatch.setattr(passwords, "matches", count)
    return seen


def test_of_many_guesses_at_once_five_are_looked_at(api: Api, looked_at: list[str]) -> None:
    """The right one begins when all places are taken: nothing tells it from the others."""
    api.person(name="ada")
    looked_at.clear()
    change("ada@example.com", login_failed_attemps=4, last_login_failed=clock.now())
    place = lockout.begin(stored("ada@example.com").id)
    pool = ThreadPoolExecutor(24)
    late = [pool.submit(log_in, api, "ada@example.com", word) for word in [*["wrong"] * 23, PASSWORD]]
    lockout.count_failure(stored("ada@example.com").id, place)
    answers = {(one.result().status, one.result().content) for one in late}
    assert len(answers) == 1, answers
    assert late[0].result()["too_many_failed_login_attemps"] is True
    assert looked_at == []
    assert stored("ada@example.com")["login_failed_attemps"] == 5


def test_a_crowd_of_wrong_guesses_is_counted_before_it_is_looked_at(api: Api, looked_at: list[str]) -> None:
    api.person(name="ada")
    looked_at.clear()
    replies = in_a_crowd(lambda _: log_in(api, "ada@example.com", "wrong"), 24)
    assert [reply.status for reply in replies] == [400] * 24
    assert sum("too_many_failed_login_attemps" in reply.json for reply in replies) == 19
    assert looked_at == ["wrong"] * 5
    assert stored("ada@example.com")["login_failed_attemps"] == 5
    assert failures_of("login#127.0.0.1") == 5


def test_after_the_minute_one_guess_is_looked_at(api: Api, looked_at: list[str]) -> None:
    api.person(name="ada")
    looked_at.clear()
    change("ada@example.com", login_failed_attemps=5, last_login_failed=clock.shift(clock.now(), seconds=-61))
    in_a_crowd(lambda _: log_in(api, "ada@example.com", "wrong"), 16)
    assert looked_at == ["wrong"]


def test_a_crowd_that_knows_the_password_gets_in(api: Api) -> None:
    api.person(name="ada")
    assert [one.status for one in in_a_crowd(lambda _: log_in(api, "ada@example.com"), 16)] == [200] * 16


@pytest.mark.parametrize("proof", ["totp", "email_otp", "recovery_code"])
def test_codes_are_counted_before_they_are_looked_at(api: Api, proof: str, monkeypatch: pytest.MonkeyPatch) -> None:
    api.person(name="ada")
    change("ada@example.com", totp_enabled=True, email_otp_enabled=True)
    seen: list[Any] = []
    monkeypatch.setattr(verification, "is_proven", lambda person, proofs: bool(seen.append(proofs)))
    replies = in_a_crowd(lambda _: log_in(api, "ada@example.com", **{proof: "123456"}), 16)
    assert sum("wrong_OTP" in reply.json for reply in replies) == len(seen) == 5
    assert sum("too_many_failed_login_attemps" in reply.json for reply in replies) == 11


def test_old_passwords_are_counted_before_they_are_looked_at(api: Api, looked_at: list[str]) -> None:
    api.person(name="ada")
    looked_at.clear()
    body = {"old_password": "wrong", "password": "anothersecret", "password_2": "anothersecret"}
    replies = in_a_crowd(lambda _: api.post("/auth/change-password", body, user="ada"), 16)
    assert [reply.status for reply in replies] == [400] * 16
    assert looked_at == ["wrong"] * 5
    assert log_in(api, "ada@example.com")["too_many_failed_login_attemps"] is True


def test_a_password_that_is_changed_while_it_is_looked_at_opens_nothing(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.person(name="ada")

    def matches(password: str, kept: str | None) -> bool:
        accounts.set_password(stored("ada@example.com"), "anothersecret")
        return True

    monkeypatch.setattr(passwords, "matches", matches)
    assert log_in(api, "ada@example.com").status == 400
