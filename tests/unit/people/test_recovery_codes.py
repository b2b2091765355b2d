"""Recovery codes (docs/contract/people.md section 4.2)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.client import Api
from tests.unit.people.conftest import change, stored
from tests.unit.people.factors import ADA, Phone, give_up, log_in, with_phone


@pytest.fixture
def phone(api: Api) -> Phone:
    api.person(name="ada")
    return with_phone(api)


def test_each_lets_in_once(api: Api, phone: Phone) -> None:
    for code in phone.recovery[:2]:
        assert log_in(api, recovery_code=code).status == 200
        used = log_in(api, recovery_code=code)
        assert (used.status, used["wrong_OTP"]) == (400, True)
    assert len(stored(ADA)["otp_recovery_codes"]) == 14


def test_they_are_taken_as_people_write_them(api: Api, phone: Phone) -> None:
    code = phone.recovery[0].lower()
    assert log_in(api, recovery_code=f" {code[:5]} {code[5:]}").status == 200


def test_of_many_logins_at_once_with_one_code_one_gets_in(api: Api, phone: Phone) -> None:
    with ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda _: log_in(api, recovery_code=phone.recovery[0]), range(16)))
    assert sorted(reply.status for reply in replies) == [200] + [400] * 15
    assert len(stored(ADA)["otp_recovery_codes"]) == 15


def test_one_code_of_two_people_is_two(api: Api, phone: Phone) -> None:
    api.person(name="bob")
    with_phone(api, "bob")
    assert log_in(api, "bob@example.com", recovery_code=phone.recovery[0])["wrong_OTP"] is True
    assert log_in(api, recovery_code=phone.recovery[0]).status == 200


def test_new_ones_void_all_of_before(api: Api, phone: Phone) -> None:
    reply = api.put("/auth/recovery-codes", {"totp": phone.code}, user="ada")
    fresh = reply["otp_recovery_codes"]
    assert (reply.status, len(set(fresh))) == (200, 16)
    assert not set(fresh) & set(phone.recovery)
    assert log_in(api, recovery_code=phone.recovery[0])["wrong_OTP"] is True
    assert log_in(api, recovery_code=fresh[0]).status == 200
    assert api.put("/auth/recovery-codes", {"recovery_code": fresh[1]}, user="ada").status == 200


def test_new_ones_take_a_proof(api: Api, phone: Phone) -> None:
    assert api.put("/auth/recovery-codes", {}, user="ada").status == 400
    assert api.put("/auth/recovery-codes", {"totp": phone.wrong}, user="ada")["wrong_OTP"] is True
    assert api.put("/auth/recovery-codes", {"totp": phone.code}, user=None).status == 401
    assert log_in(api, recovery_code=phone.recovery[0]).status == 200


def test_without_a_method_there_are_none(api: Api) -> None:
    api.person(name="ada")
    assert api.put("/auth/recovery-codes", {"totp": "123456"}, user="ada").status == 400


def test_one_turns_a_method_off(api: Api, phone: Phone) -> None:
    assert give_up(api, "/auth/totp", recovery_code=phone.recovery[0]).status == 200
    assert log_in(api).status == 200
    again = with_phone(api)
    assert len(again.recovery) == 16


def test_who_used_them_all_gets_new_ones_with_the_next_method(api: Api, phone: Phone) -> None:
    change(ADA, otp_recovery_codes=[], totp_enabled=False, email_otp_enabled=True)
    assert len(with_phone(api).recovery) == 16
