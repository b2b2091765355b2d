"""Codes of an application on the phone (docs/contract/people.md sections 2.3 and 4.1)."""

from typing import Any
from urllib.parse import quote

import pyotp
import pytest

from tests.client import ADMIN, Api
from tests.unit.people.conftest import HalfMinutes, stored
from tests.unit.people.factors import ADA, Phone, give_up, log_in, other_than, with_phone


@pytest.fixture(autouse=True)
def ada(api: Api, half_minutes: HalfMinutes) -> dict[str, Any]:
    return api.person(name="ada")


def test_the_secret_is_told_as_text_and_as_a_picture_holds_it(api: Api) -> None:
    told = api.put("/auth/totp", user="ada").json
    secret = told["otp_secret"]
    assert len(secret) == 32
    assert told["totp_provisionning_uri"] == (
        f"otpauth://totp/Kitsu%20Kitsu:ada%40example.com?secret={secret}&issuer=Kitsu%20Kitsu"
    )


def test_the_studio_is_named_to_the_application(api: Api) -> None:
    organisation = api.get("/data/organisations").json[0]
    api.put(f"/data/organisations/{organisation['id']}", {"name": "Blue & Whale"})
    uri = api.put("/auth/totp", user="ada")["totp_provisionning_uri"]
    assert uri.startswith(f"otpauth://totp/{quote('Kitsu Blue & Whale')}:")


def test_a_right_code_turns_it_on_and_brings_recovery_codes(api: Api) -> None:
    phone = with_phone(api)
    assert len(set(phone.recovery)) == 16
    assert all(len(code) == 10 and code.isalnum() and code == code.upper() for code in phone.recovery)
    person = api.get("/auth/authenticated", user="ada")["user"]
    assert (person["totp_enabled"], person["preferred_two_factor_authentication"]) == (True, "totp")
    assert not set(phone.recovery) & set(stored(ADA)["otp_recovery_codes"])


def test_a_wrong_code_turns_nothing_on(api: Api) -> None:
    secret = api.put("/auth/totp", user="ada")["otp_secret"]
    reply = api.post("/auth/totp", {"totp": Phone(secret, []).wrong}, user="ada")
    assert (reply.status, reply["wrong_OTP"]) == (400, True)
    assert not stored(ADA)["totp_enabled"]
    assert stored(ADA)["login_failed_attemps"] == 0


def test_a_new_secret_voids_the_one_before(api: Api) -> None:
    old = Phone(api.put("/auth/totp", user="ada")["otp_secret"], [])
    new = Phone(api.put("/auth/totp", user="ada")["otp_secret"], [])
    assert api.post("/auth/totp", {"totp": old.code}, user="ada").status == 400
    assert api.post("/auth/totp", {"totp": new.code}, user="ada").status == 200


@pytest.mark.parametrize("body", [{}, {"totp": None}, {"totp": {}}, {"totp": ""}, {"totp": "é"}, {"totp": "12 34"}, []])
def test_a_malformed_code_is_refused(api: Api, body: Any) -> None:
    api.put("/auth/totp", user="ada")
    assert api.post("/auth/totp", body, user="ada").status == 400


def test_there_is_nothing_to_confirm_before_a_secret(api: Api) -> None:
    assert api.post("/auth/totp", {"totp": "123456"}, user="ada").status == 400


def test_what_is_on_cannot_be_turned_on(api: Api) -> None:
    phone = with_phone(api)
    assert api.put("/auth/totp", user="ada").status == 400
    assert api.post("/auth/totp", {"totp": phone.code}, user="ada").status == 400
    assert log_in(api, totp=phone.code).status == 200


def test_a_code_lets_in_twice_within_its_half_minute_and_no_longer(api: Api, half_minutes: HalfMinutes) -> None:
    phone = with_phone(api)
    code = phone.code
    assert log_in(api, totp=code).status == 200
    assert log_in(api, totp=code).status == 200
    half_minutes.pass_by()
    assert log_in(api, totp=code)["wrong_OTP"] is True
    assert log_in(api, totp=phone.code).status == 200


def test_codes_come_as_people_and_clients_write_them(api: Api, half_minutes: HalfMinutes) -> None:
    phone = with_phone(api)
    assert log_in(api, totp=f" {phone.code[:3]} {phone.code[3:]} ").status == 200
    while not phone.code.startswith("0"):
        half_minutes.pass_by()
    assert log_in(api, totp=int(phone.code)).status == 200


def test_without_a_code_the_answer_says_what_is_asked_for(api: Api) -> None:
    with_phone(api)
    reply = log_in(api)
    assert (reply.status, reply["login"], reply["missing_OTP"]) == (400, False, True)
    assert reply["preferred_two_factor_authentication"] == "totp"
    assert reply["two_factor_authentication_enabled"] == ["recovery_code", "totp"]
    assert log_in(api, email_otp="123456", fido_authentication_response={"id": "x"})["missing_OTP"] is True
    assert stored(ADA)["login_failed_attemps"] == 0


def test_five_wrong_codes_close_the_door(api: Api) -> None:
    phone = with_phone(api)
    for _ in range(5):
        reply = log_in(api, totp=phone.wrong)
        assert (reply.status, reply["login"], reply["wrong_OTP"]) == (400, False, True)
    assert log_in(api, totp=phone.code)["too_many_failed_login_attemps"] is True


def test_of_two_proofs_one_counts(api: Api) -> None:
    phone = with_phone(api)
    assert log_in(api, totp=phone.wrong, recovery_code=phone.recovery[0])["wrong_OTP"] is True
    assert log_in(api, recovery_code=phone.recovery[0]).status == 200


def test_the_application_is_given_up_with_a_proof(api: Api) -> None:
    phone = with_phone(api)
    missing = give_up(api, "/auth/totp")
    assert (missing.status, missing["missing_OTP"]) == (400, True)
    assert "login" not in missing.json
    wrong = give_up(api, "/auth/totp", totp=phone.wrong)
    assert (wrong.status, wrong["wrong_OTP"]) == (400, True)
    assert stored(ADA)["login_failed_attemps"] == 0
    assert give_up(api, "/auth/totp", totp=phone.code).json == {"success": True}
    person = stored(ADA)
    assert (person["totp_enabled"], person["totp_secret"], person["otp_recovery_codes"]) == (False, None, None)
    assert person["preferred_two_factor_authentication"] is None
    assert give_up(api, "/auth/totp", totp=phone.code).status == 400
    assert log_in(api).status == 200


def test_a_stolen_token_guesses_no_proof(api: Api) -> None:
    phone = with_phone(api)
    for _ in range(30):
        assert give_up(api, "/auth/totp", totp=phone.wrong).status == 400
    assert give_up(api, "/auth/totp", totp=phone.code).status == 429
    assert log_in(api, totp=phone.code).status == 200


def test_an_administrator_turns_everything_off(api: Api, ada: dict[str, Any]) -> None:
    path = f"/actions/persons/{ada['id']}/disable-two-factor-authentication"
    assert api.delete(path).status == 400
    phone = with_phone(api)
    assert api.delete(path, user="ada").status == 403
    assert api.delete(path, user=None).status == 401
    assert api.delete(path).json == {"success": True}
    assert api.delete(path).status == 400
    assert log_in(api).status == 200
    assert "totp_secret" not in {name for name, value in stored(ADA).items() if value}
    assert log_in(api, recovery_code=phone.recovery[0]).status == 200


@pytest.mark.parametrize("person_id", ["not-an-id", "00000000-0000-4000-8000-000000000000"])
def test_nobody_has_nothing_to_turn_off(api: Api, person_id: str) -> None:
    assert api.delete(f"/actions/persons/{person_id}/disable-two-factor-authentication").status == 404


def test_bots_have_no_second_factor(api: Api) -> None:
    bot = api.post("/data/persons", {"first_name": "B", "last_name": "B", "is_bot": True, "role": "admin"}).json
    api.tokens["bot"] = bot["access_token"]
    ada = api.people["ada"]
    paths = ["/auth/totp", "/auth/email-otp", "/auth/fido"]
    asked = [(method, path) for path in paths for method in ("PUT", "POST", "DELETE")]
    asked += [("PUT", "/auth/recovery-codes")]
    asked += [("DELETE", f"/actions/persons/{ada['id']}/disable-two-factor-authentication")]
    assert {api.call(method, path, {"totp": "123456"}, user="bot").status for method, path in asked} == {403}
    assert api.delete(f"/actions/persons/{bot['id']}/disable-two-factor-authentication").status == 403


def test_a_script_token_of_a_person_counts_as_the_person(api: Api) -> None:
    reply = api.put(f"/data/persons/{api.people['ada']['id']}", {"expiration_date": "2199-01-01"}, user="ada")
    api.tokens["script"] = reply["access_token"]
    assert api.put("/auth/totp", user="script").status == 200


def test_no_code_is_asked_for_where_the_password_is_changed(api: Api) -> None:
    with_phone(api)
    body = {"old_password": "mysecretpassword", "password": "anothersecret", "password_2": "anothersecret"}
    assert api.post("/auth/change-password", body, user="ada").status == 200
    assert log_in(api, password="anothersecret")["missing_OTP"] is True


def test_nobody_turns_it_on_or_off_by_a_change_of_the_person(api: Api) -> None:
    phone = with_phone(api)
    body = {"totp_enabled": False, "totp_secret": pyotp.random_base32(), "otp_recovery_codes": [], "fido_enabled": True}
    for user in ("ada", "admin"):
        assert api.put(f"/data/persons/{api.people['ada']['id']}", body, user=user).status == 200
    assert log_in(api)["two_factor_authentication_enabled"] == ["recovery_code", "totp"]
    assert log_in(api, totp=phone.code).status == 200
    assert log_in(api, ADMIN).status == 200


def test_the_wrong_code_of_the_tests_is_wrong() -> None:
    assert other_than("999999") == "000000"
