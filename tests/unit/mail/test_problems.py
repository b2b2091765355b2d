"""Letters that are refused: who sees it, when it is over."""

from typing import Any

import pytest

from chalicelib.domain.people import mail_problems
from chalicelib.errors import WriteConflict
from chalicelib.mail import sending
from chalicelib.mail.letters import Letter
from chalicelib.mail.sending import NotSent
from chalicelib.store import session
from tests.client import ADMIN, Api
from tests.unit.people.conftest import PostOffice, stored


def forget(api: Api, email: str) -> Any:
    return api.post("/auth/reset-password", {"email": email}, user=None)


def problem_of(api: Api, person_id: str) -> str | None:
    problem: str | None = api.get(f"/data/persons/{person_id}")["mail_problem"]
    return problem


def test_a_refused_letter_is_on_the_person_and_in_the_status(api: Api, post: PostOffice) -> None:
    ada = api.person(name="ada")
    assert api.get("/status", user=None)["mail-up"] is True
    assert problem_of(api, ada["id"]) is None
    post.closed = True
    assert forget(api, "ada@example.com").status == 200
    told = api.get("/status", user=None).json
    assert told["mail-up"] is False
    assert told["mail-down-because"] == "Closed"
    assert problem_of(api, ada["id"]) == f"Closed, {told['mail-down-since']}"
    assert b"ada" not in api.get("/status", user=None).content
    assert api.get("/status/influx", user=None)["mail-up"] == 0


def test_it_is_over_with_the_next_letter(api: Api, post: PostOffice) -> None:
    ada = api.person(name="ada")
    post.closed = True
    forget(api, "ada@example.com")
    post.closed = False
    forget(api, ADMIN)
    # The service takes letters again; whether it takes theirs is not known yet.
    assert api.get("/status", user=None)["mail-up"] is True
    assert (problem_of(api, ada["id"]) or "").startswith("Closed, ")
    forget(api, "ada@example.com")
    assert problem_of(api, ada["id"]) is None
    assert not {"mail-down-since", "mail-down-because"} & set(api.get("/status", user=None).json)


def test_an_address_that_is_refused_says_nothing_of_the_service(
    api: Api, post: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(letter: Letter) -> None:
        raise NotSent("MessageRejected", recipient=True)

    ada = api.person(name="ada")
    monkeypatch.setattr(post, "deliver", refuse)
    forget(api, "ada@example.com")
    assert api.get("/status", user=None)["mail-up"] is True
    assert (problem_of(api, ada["id"]) or "").startswith("MessageRejected, ")


def test_the_sandbox_is_called_by_its_name(api: Api, post: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new account writes to those alone whom SES has verified: strangers get nothing, and somebody asks why."""

    def refuse(letter: Letter) -> None:
        message = f"Email address is not verified. The following identities failed the check: {letter.recipient}"
        raise sending._refusal({"Code": "MessageRejected", "Message": message}, letter.recipient)

    ada = api.person(name="ada")
    monkeypatch.setattr(post, "deliver", refuse)
    forget(api, "ada@example.com")

    told = api.get("/status", user=None).json
    assert (told["mail-up"], told["mail-down-because"]) == (False, sending.SANDBOX)
    assert (problem_of(api, ada["id"]) or "").startswith(f"{sending.SANDBOX}, ")


def test_who_may_not_send_is_no_problem_of_the_recipient() -> None:
    message = "not authorized to perform ses:SendEmail on resource arn:aws:ses:eu-west-1:1:identity/ada@example.com"
    assert sending._refusal({"Code": "AccessDenied", "Message": message}, "ada@example.com").recipient is False
    assert sending._refusal({"Code": "MessageRejected", "Message": "ada@example.com: no"}, "ada@example.com").recipient


def test_the_problem_is_for_administrators(api: Api, post: PostOffice) -> None:
    ada = api.person(name="ada")
    api.person("manager")
    post.closed = True
    forget(api, "ada@example.com")
    assert [one["mail_problem"] is None for one in api.get("/data/persons").json].count(False) == 1
    for user in ("manager", "ada"):
        for path in (f"/data/persons/{ada['id']}", "/data/persons", "/auth/authenticated", "/data/user/context"):
            assert b"mail_problem" not in api.get(path, user=user).content
        assert b"mail_down_since" not in api.get("/data/organisations", user=user).content


def test_a_problem_leaves_the_person_as_they_were(api: Api, post: PostOffice) -> None:
    api.person(name="ada")
    post.closed = True
    forget(api, "ada@example.com")
    before = stored("ada@example.com")
    version = before.version
    mail_problems.note(before, NotSent("Closed"))
    assert stored("ada@example.com").version == version
    assert api.put(f"/data/persons/{before.id}", {"mail_problem": "none", "phone": "1"}).status == 200
    assert stored("ada@example.com")["mail_problem"] == before["mail_problem"]


def test_a_note_that_cannot_be_kept_breaks_nothing(
    api: Api, post: PostOffice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def give_way(command: Any) -> None:
        raise WriteConflict("Too many others change this right now.")

    api.person(name="ada")
    post.closed = True
    monkeypatch.setattr(mail_problems, "write", give_way)
    assert forget(api, "ada@example.com").status == 200
    assert "could not be noted" in caplog.text


def test_a_letter_that_goes_out_writes_nothing(api: Api, post: PostOffice) -> None:
    api.person(name="ada")
    api.get("/data/organisations")
    ada = stored("ada@example.com")
    with session.opened() as here:
        mail_problems.clear(ada)
    assert here.calls == {"GetItem": 1}
