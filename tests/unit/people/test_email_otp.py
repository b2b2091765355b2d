"""Codes by mail (docs/contract/people.md section 4.3)."""

import logging
import re
from typing import Any

import pytest

from chalicelib.domain.people.second_factor import email_otp
from chalicelib.store import challenges, keys
from tests.client import Api
from tests.unit.people.conftest import PostOffice, change, stored
from tests.unit.people.factors import ADA, code_in, give_up, log_in, other_than, with_mailbox, with_phone


@pytest.fixture(autouse=True)
def ada(api: Api, post: PostOffice) -> dict[str, Any]:
    return api.person(name="ada")


def ask(api: Api, email: str | None = ADA) -> Any:
    return api.get("/auth/email-otp", {"email": email} if email is not None else None, user=None)


def let_five_minutes_pass() -> None:
    place = keys.challenge(stored(ADA).id, email_otp.METHOD)
    under_way = challenges.find(place)
    assert under_way is not None
    challenges.keep(place, under_way, seconds=-1)


def test_a_mailed_code_turns_it_on(api: Api, post: PostOffice) -> None:
    assert api.put("/auth/email-otp", user="ada").json == {"success": True}
    assert post.last.recipient == ADA
    assert not re.search(r"\d{6}", post.last.subject)
    reply = api.post("/auth/email-otp", {"email_otp": code_in(post)}, user="ada")
    assert (reply.status, len(reply["otp_recovery_codes"])) == (200, 16)
    person = stored(ADA)
    assert (person["email_otp_enabled"], person["preferred_two_factor_authentication"]) == (True, "email_otp")
    assert api.put("/auth/email-otp", user="ada").status == 400
    assert api.post("/auth/email-otp", {"email_otp": code_in(post)}, user="ada").status == 400


def test_french_people_get_their_code_in_french(api: Api, post: PostOffice) -> None:
    api.put(f"/data/persons/{api.people['ada']['id']}", {"locale": "fr_FR"})
    api.put("/auth/email-otp", user="ada")
    assert post.last.text.startswith("Bonjour Ada")
    code_in(post)


@pytest.mark.parametrize("body", [{}, {"email_otp": None}, {"email_otp": "12345"}, {"email_otp": ["1"]}])
def test_a_wrong_code_turns_nothing_on(api: Api, post: PostOffice, body: Any) -> None:
    api.put("/auth/email-otp", user="ada")
    assert api.post("/auth/email-otp", body, user="ada").status == 400
    assert api.post("/auth/email-otp", {"email_otp": code_in(post)}, user="ada").status == 200


def test_there_is_nothing_to_confirm_before_a_mail(api: Api) -> None:
    assert api.post("/auth/email-otp", {"email_otp": "123456"}, user="ada").status == 400


def test_a_code_is_late_after_five_minutes(api: Api, post: PostOffice) -> None:
    api.put("/auth/email-otp", user="ada")
    let_five_minutes_pass()
    reply = api.post("/auth/email-otp", {"email_otp": code_in(post)}, user="ada")
    assert (reply.status, reply["wrong_OTP"]) == (400, True)


def test_the_last_code_lets_in_once(api: Api, post: PostOffice) -> None:
    with_mailbox(api, post)
    assert log_in(api)["two_factor_authentication_enabled"] == ["recovery_code", "email_otp"]
    assert ask(api).json == {"success": True}
    first = code_in(post)
    assert ask(api).json == {"success": True}
    last = code_in(post)
    if first != last:
        assert log_in(api, email_otp=first)["wrong_OTP"] is True
    assert log_in(api, email_otp=last).status == 200
    assert log_in(api, email_otp=last)["wrong_OTP"] is True


def test_a_late_code_lets_nobody_in(api: Api, post: PostOffice) -> None:
    with_mailbox(api, post)
    ask(api)
    let_five_minutes_pass()
    assert log_in(api, email_otp=code_in(post))["wrong_OTP"] is True


def test_a_wrong_guess_leaves_the_code_good(api: Api, post: PostOffice) -> None:
    with_mailbox(api, post)
    ask(api)
    assert log_in(api, email_otp=other_than(code_in(post)))["wrong_OTP"] is True
    assert log_in(api, email_otp=int(code_in(post))).status == 200


def test_whoever_asks_is_told_no_more_than_whether_it_is_on(api: Api, post: PostOffice) -> None:
    assert ask(api, None).status == 400
    assert ask(api, " ").status == 400
    assert ask(api, "nobody@example.com").status == 404
    off = ask(api)
    assert off.status == 400
    with_mailbox(api, post)
    change(ADA, active=False)
    inactive = ask(api)
    assert (inactive.status, inactive["message"]) == (off.status, off["message"])
    change(ADA, active=True)
    sent = len(post.letters)
    assert ask(api, ADA.upper()).json == {"success": True}
    assert [letter.recipient for letter in post.letters[sent:]] == [ADA]


def test_who_signs_in_by_another_name_is_found_by_it(api: Api, post: PostOffice) -> None:
    change(ADA, desktop_login="ada.desk")
    with_mailbox(api, post)
    ask(api, "ada.desk")
    assert log_in(api, "ada.desk", email_otp=code_in(post)).status == 200


def test_nobody_floods_a_mailbox_or_voids_codes_for_ever(api: Api, post: PostOffice) -> None:
    with_mailbox(api, post)
    for _ in range(email_otp.MOST_MAILS + 5):
        assert ask(api).json == {"success": True}
    assert len(post.letters) == email_otp.MOST_MAILS
    assert log_in(api, email_otp=code_in(post)).status == 200


def test_a_visitor_who_tries_many_names_is_stopped(api: Api) -> None:
    told = [ask(api, f"somebody{number}@example.com").status for number in range(61)]
    assert told == [404] * 60 + [429]
    assert ask(api).status == 429, "else the answer would tell who has an account"


def test_a_mail_that_does_not_go_out_tells_nobody(api: Api, post: PostOffice, caplog: pytest.LogCaptureFixture) -> None:
    with_mailbox(api, post)
    post.closed = True
    with caplog.at_level(logging.WARNING, "vulpes.mail"):
        assert ask(api).json == {"success": True}
    assert "not sent" in caplog.text
    assert not re.search(r"\b\d{6}\b", caplog.text)


def test_without_an_address_there_is_nowhere_to_send_codes(api: Api) -> None:
    assert api.put(f"/data/persons/{api.people['ada']['id']}", {"email": None}).status == 200
    assert api.put("/auth/email-otp", user="ada").status == 400


def test_the_mailbox_is_given_up_with_a_proof(api: Api, post: PostOffice) -> None:
    assert give_up(api, "/auth/email-otp", email_otp="123456").status == 400
    recovery = with_mailbox(api, post)
    assert give_up(api, "/auth/email-otp").status == 400
    ask(api)
    assert give_up(api, "/auth/email-otp", email_otp=other_than(code_in(post))).status == 400
    assert give_up(api, "/auth/email-otp", email_otp=code_in(post)).json == {"success": True}
    assert stored(ADA)["otp_recovery_codes"] is None
    assert give_up(api, "/auth/email-otp", recovery_code=recovery[0]).status == 400


def test_a_right_proof_does_not_turn_off_what_is_not_on(api: Api, post: PostOffice) -> None:
    phone = with_phone(api)
    assert give_up(api, "/auth/email-otp", totp=phone.code).status == 400
    assert log_in(api, recovery_code=phone.recovery[0]).status == 200


def test_the_preference_moves_when_its_method_goes(api: Api, post: PostOffice) -> None:
    recovery = with_mailbox(api, post)
    phone = with_phone(api)
    assert phone.recovery == []
    assert log_in(api)["preferred_two_factor_authentication"] == "email_otp"
    assert give_up(api, "/auth/email-otp", totp=phone.code).status == 200
    assert log_in(api)["preferred_two_factor_authentication"] == "totp"
    assert log_in(api, recovery_code=recovery[3]).status == 200


def test_an_administrator_tells_by_mail_that_it_is_off(api: Api, post: PostOffice) -> None:
    with_mailbox(api, post)
    api.delete(f"/actions/persons/{api.people['ada']['id']}/disable-two-factor-authentication")
    assert post.last.recipient == ADA
    assert "second factor was switched off" in post.last.subject
    assert log_in(api).status == 200
