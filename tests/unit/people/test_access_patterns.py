"""How often the database is asked: the rows of docs/access-patterns.md that belong to people."""

import itertools
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.access.caller import Caller
from chalicelib.domain.people import (
    accounts,
    days_off,
    department_membership,
    login,
    login_logs,
    organisation,
    presence,
    reset_tokens,
)
from chalicelib.domain.people.crud.persons import People
from chalicelib.domain.people.second_factor import deactivation, email_otp, recovery_codes, security_keys, totp
from chalicelib.domain.periods import Period
from chalicelib.domain.registry import ALL
from chalicelib.records.people import DEPARTMENT, PERSON
from chalicelib.records.record import Record
from chalicelib.store import reference, session
from tests.client import ADMIN, PASSWORD, Api
from tests.unit.people.conftest import PostOffice, create, stored
from tests.unit.people.factors import ADA, challenge, code_in, with_key, with_mailbox, with_phone
from tests.unit.people.security_key import SecurityKey


def calls_of(work: Callable[[], Any]) -> dict[str, int]:
    """The calls of a request in a container that holds the reference data already."""
    with session.opened():
        work()
    with session.opened() as here:
        work()
    return here.calls


@pytest.fixture
def admin(api: Api) -> Caller:
    organisation.record()
    return Caller(stored(ADMIN))


def attempt(password: str = PASSWORD) -> login.Attempt:
    return login.Attempt(ADMIN, password, {}, login.Visit("script", "127.0.0.1"))


def test_a_login_is_two_counts_the_stamp_the_person_and_two_transactions(admin: Caller) -> None:
    calls = calls_of(lambda: login.log_in(attempt()))
    # Its place among the guesses under way and the person, each before and after the password is looked at.
    assert calls == {"UpdateItem": 2, "GetItem": 5, "TransactWriteItems": 2}


def test_a_wrong_password_is_counted_in_one_transaction(admin: Caller) -> None:
    def fail() -> None:
        with pytest.raises(Exception, match="wrong"):
            login.log_in(attempt("wrong"))

    # The counter of the account is a field of the person, that of the visitor an item of its own.
    wanted = {"UpdateItem": 1, "GetItem": 5, "TransactWriteItems": 2, "Query": 1}
    assert calls_of(fail) == wanted


def test_who_is_signed_in_and_the_list_of_people_cost_the_stamp_alone(admin: Caller) -> None:
    assert calls_of(lambda: login.whoami(admin)) == {"GetItem": 1}
    assert calls_of(lambda: ALL["person"].list(admin, {"relations": "true"})) == {"GetItem": 1}
    assert calls_of(lambda: ALL["organisation"].list(admin, {})) == {"GetItem": 1}


def test_the_last_logins_are_one_query(admin: Caller) -> None:
    assert calls_of(lambda: login_logs.last({"limit": "5"})) == {"Query": 1}


def test_a_reset_token_is_one_transaction(admin: Caller) -> None:
    calls = calls_of(lambda: reset_tokens.issue(admin.id, hours=2))
    assert calls == {"GetItem": 1, "TransactWriteItems": 1}


def test_asking_for_a_new_password_counts_and_issues(admin: Caller, post: PostOffice) -> None:
    calls = calls_of(lambda: accounts.ask_reset(ADMIN, "127.0.0.1"))
    # The visitor's counter there and back, that of letters; the stamp before and after the write, the persons that
    # moved it, the record.
    assert calls == {"UpdateItem": 3, "GetItem": 3, "Query": 2, "TransactWriteItems": 1}


def test_a_place_in_the_studio_is_two_reads_and_one_item(admin: Caller) -> None:
    def enter() -> None:
        names = {"first_name": "Ada", "last_name": "L", "email": f"{uuid.uuid4()}@example.com"}
        People().answer_create(admin, names)

    # Who came in last, the stamp with the persons that moved it; all is written in one transaction.
    assert calls_of(enter) == {"GetItem": 2, "Query": 1, "TransactWriteItems": 1}


def test_a_change_of_a_person_is_one_transaction(admin: Caller) -> None:
    people = People()
    calls = calls_of(lambda: people.answer_change(admin, admin.person, {"phone": "1"}))
    assert calls == {"GetItem": 1, "TransactWriteItems": 1}


def test_joining_a_department_is_one_transaction(admin: Caller) -> None:
    one, two = list(reference.every(DEPARTMENT))[:2]
    department_membership.join(admin.person, one)
    with session.opened() as here:
        department_membership.join(admin.person, two)
    assert here.calls["TransactWriteItems"] == 1
    assert here.call_count <= 4


def test_the_salary_scale_is_one_query_once_its_rows_are_there(admin: Caller) -> None:
    scale = ALL["salary_scale"]
    assert calls_of(lambda: scale.list(admin, {})) == {"GetItem": 1, "Query": 1}


@pytest.fixture
def ada(api: Api, post: PostOffice) -> Record:
    api.person(name="ada")
    return stored(ADA)


def test_a_mailed_code_is_the_counter_and_one_transaction(api: Api, ada: Record, post: PostOffice) -> None:
    with_mailbox(api, post)
    calls = calls_of(lambda: email_otp.ask(ADA, "127.0.0.1"))
    # The visitor's counter there and back, and that of the account.
    assert calls == {"GetItem": 1, "UpdateItem": 3, "TransactWriteItems": 1}
    calls = calls_of(lambda: email_otp.spend(ada.id, code_in(post)))
    assert calls == {"GetItem": 1}


def test_a_challenge_is_the_counter_and_one_transaction(api: Api, ada: Record) -> None:
    with_key(api, SecurityKey())
    calls = calls_of(lambda: security_keys.ask(ADA, "127.0.0.1"))
    # The visitor's counter there and back, and that of the account.
    assert calls == {"GetItem": 1, "UpdateItem": 3, "TransactWriteItems": 1}


def test_an_answer_of_a_key_takes_the_challenge_and_counts(api: Api, ada: Record) -> None:
    key = SecurityKey()
    with_key(api, key)
    answer = key.sign(challenge(api))
    with session.opened() as here:
        assert security_keys.accept(ada.id, answer)
    assert here.calls == {"GetItem": 2, "TransactWriteItems": 2}


def test_a_recovery_code_is_one_read_and_one_transaction(api: Api, ada: Record) -> None:
    phone = with_phone(api)
    with session.opened() as here:
        assert recovery_codes.spend(ada.id, phone.recovery[0])
    assert here.calls == {"GetItem": 1, "TransactWriteItems": 1}


def test_a_login_by_an_application_costs_no_more_than_one_by_password(api: Api, ada: Record) -> None:
    phone = with_phone(api)

    def enter() -> None:
        login.log_in(login.Attempt(ADA, PASSWORD, {"totp": phone.code}, login.Visit("script", "127.0.0.1")))

    assert calls_of(enter) == {"UpdateItem": 2, "GetItem": 5, "TransactWriteItems": 2}


def test_a_secret_for_an_application_is_one_transaction(api: Api, ada: Record) -> None:
    organisation.record()
    calls = calls_of(lambda: totp.begin(ada))
    # The person, and the stamp after the write and what it moved, for the name of the studio.
    assert calls == {"GetItem": 2, "TransactWriteItems": 1, "Query": 1}


def test_proving_a_method_away_counts_and_writes_once(api: Api, ada: Record) -> None:
    phone = with_phone(api)
    person = stored(ADA)
    with session.opened() as here:
        deactivation.end_time_codes(person, {"totp": phone.code})
    assert here.calls == {"GetItem": 1, "UpdateItem": 1, "TransactWriteItems": 1}


def test_days_off_of_a_period_are_a_query_a_person(admin: Caller) -> None:
    june = Period("2021-06-01", "2021-06-30")
    assert calls_of(lambda: days_off.of_person(admin.person, june)) == {"Query": 1}
    bob = create(PERSON, first_name="Bob", last_name="Doe", email="bob@example.com")
    assert calls_of(lambda: days_off.of_everybody(admin, june)) == {"GetItem": 1, "Query": 2}
    assert calls_of(lambda: days_off.of_everybody(Caller(bob), june)) == {"Query": 1}
    assert calls_of(lambda: presence.sheet(june)) == {"GetItem": 1, "Query": 2}


def test_a_day_off_is_one_transaction(admin: Caller) -> None:
    taken = itertools.count(1)

    def take() -> None:
        day = f"2021-06-{next(taken):02}"
        ALL["day_off"].create(admin, {"person_id": admin.id, "date": day, "end_date": day})

    # The stamp and the turn, the days off until then; the hours of that day are looked for in the studio, by a job.
    assert calls_of(take) == {"GetItem": 2, "Query": 2, "TransactWriteItems": 1, "BatchWriteItem": 1}
