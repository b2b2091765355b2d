"""Letters that come back, and complaints: what SES tells of them, who sees it, what goes there no more.

The messages have the shapes of the Amazon SES Developer Guide ("Contents of event data that Amazon SES publishes to
Amazon SNS").
"""

import json
import logging
from typing import Any

import pytest

from chalicelib.domain.people import mail, mail_problems
from chalicelib.functions import mail_feedback
from chalicelib.mail.feedback import read_feedback
from chalicelib.mail.sending import NotSent
from chalicelib.settings import current
from chalicelib.store import session
from tests.client import ADMIN, Api
from tests.unit.people.conftest import Configure, PostOffice, stored

ADA = "ada@example.com"
HELLO = "Successfully validated SNS topic for Amazon SES event publishing."


def letter(recipient: str) -> dict[str, Any]:
    return {
        "timestamp": "2026-01-27T14:59:35.000Z",
        "source": "kitsu@example.com",
        "sourceArn": "arn:aws:ses:eu-west-1:123456789012:identity/example.com",
        "sendingAccountId": "123456789012",
        "messageId": "00000138111222aa-33322211-cccc-cccc-cccc-ddddaaaa0680-000000",
        "destination": [recipient],
        "headersTruncated": False,
        "headers": [{"name": "To", "value": recipient}],
        "commonHeaders": {"to": [recipient], "subject": "[Kitsu] WIP"},
        "tags": {"ses:configuration-set": ["vulpes-prod-mail"]},
    }


def bounce(recipient: str = ADA, kind: str = "Permanent", subtype: str = "General", number: int = 1) -> str:
    told = {
        "feedbackId": f"00000138111222aa-33322211-cccc-cccc-cccc-ddddaaaa068a-{number:06}",
        "bounceType": kind,
        "bounceSubType": subtype,
        "bouncedRecipients": [
            {
                "emailAddress": recipient,
                "action": "failed",
                "status": "5.1.1",
                "diagnosticCode": "smtp; 550 5.1.1 user unknown",
            }
        ],
        "timestamp": "2026-01-27T14:59:38.237Z",
        "reportingMTA": "dsn; a27-30.smtp-out.eu-west-1.amazonses.com",
    }
    return json.dumps({"eventType": "Bounce", "bounce": told, "mail": letter(recipient)})


def complaint(recipient: str = ADA, kind: str = "abuse") -> str:
    told = {
        "feedbackId": "000001378603177f-18c07c78-fa81-4a58-9dd1-fedc3cb8f49a-000000",
        "complaintSubType": None,
        "complainedRecipients": [{"emailAddress": recipient}],
        "timestamp": "2026-01-28T10:00:00.000Z",
        "userAgent": "Amazon SES Mailbox Simulator",
        "complaintFeedbackType": kind,
        "arrivalDate": "2026-01-28T09:59:00.000Z",
    }
    return json.dumps({"eventType": "Complaint", "complaint": told, "mail": letter(recipient)})


def tell(*messages: str, topic: str | None = None) -> None:
    """Calls the function as SNS does."""
    records = [
        {
            "EventSource": "aws:sns",
            "EventVersion": "1.0",
            "Sns": {
                "Type": "Notification",
                "MessageId": f"95df01b4-ee98-5cb9-9903-4c221d41eb{number:02}",
                "TopicArn": topic or current().mail_topic,
                "Subject": "Amazon SES Email Event Notification",
                "Message": message,
                "Timestamp": "2026-01-27T14:59:39.000Z",
                "MessageAttributes": {},
            },
        }
        for number, message in enumerate(messages)
    ]
    with session.opened():
        mail_feedback.handle({"Records": records})


def problem(api: Api) -> str | None:
    found: str | None = api.get(f"/data/persons/{api.people['ada']['id']}")["mail_problem"]
    return found


def notify(number: int = 1) -> None:
    """A letter that an event leads to."""
    person = stored(ADA)
    mail.deliver_once("mail", f"event-{number}", person, "password_changed")


@pytest.fixture
def ada(api: Api, post: PostOffice) -> dict[str, Any]:
    return api.person(name="ada")


def test_a_letter_that_bounces_for_good_ends_the_letters_of_notifications(
    api: Api, ada: dict[str, Any], post: PostOffice
) -> None:
    # Addresses are compared as everywhere.
    tell(bounce(" Ada@Example.COM"))

    assert problem(api) == "bounced for good (General), 2026-01-27T14:59:38"
    notify()
    assert post.letters == []
    # What somebody asks for is tried, and says nothing of whether it arrives.
    api.post("/auth/reset-password", {"email": ADA}, user=None)
    assert [one.recipient for one in post.letters] == [ADA]
    assert problem(api) == "bounced for good (General), 2026-01-27T14:59:38"
    assert api.get("/status", user=None)["mail-up"] is True


def test_a_complaint_ends_them_as_well_but_one_that_is_taken_back(
    api: Api, ada: dict[str, Any], post: PostOffice
) -> None:
    tell(complaint(kind="not-spam"))
    assert problem(api) is None
    tell(complaint())
    assert problem(api) == "complaint: marked as spam, 2026-01-28T10:00:00"
    notify()
    assert post.letters == []


@pytest.mark.parametrize("kind", ["Transient", "Undetermined"])
def test_a_full_mailbox_is_told_until_the_next_letter(
    api: Api, ada: dict[str, Any], post: PostOffice, kind: str
) -> None:
    tell(bounce(kind=kind, subtype="MailboxFull"))
    assert problem(api) == "bounced for now (MailboxFull), 2026-01-27T14:59:38"
    notify()
    assert [one.recipient for one in post.letters] == [ADA]
    assert problem(api) is None


def test_an_address_that_is_given_up_stays_so_whatever_comes_after(api: Api, ada: dict[str, Any]) -> None:
    tell(bounce())
    tell(bounce(kind="Transient", number=2))
    mail_problems.note(stored(ADA), NotSent("Throttling", recipient=True))
    assert (problem(api) or "").startswith("bounced for good")


def test_an_administrator_clears_it_and_nobody_else(api: Api, ada: dict[str, Any], post: PostOffice) -> None:
    tell(bounce())
    path = f"/data/persons/{ada['id']}"
    assert api.put(path, {"mail_problem": None}, user="ada").status == 200
    assert problem(api) is not None
    assert api.put(path, {"mail_problem": None}).status == 200
    assert problem(api) is None
    # The same message, late and once more, changes nothing.
    tell(bounce())
    assert problem(api) is None
    notify()
    assert [one.recipient for one in post.letters] == [ADA]


def test_another_address_gets_letters(api: Api, ada: dict[str, Any], post: PostOffice) -> None:
    tell(bounce())
    assert api.put(f"/data/persons/{ada['id']}", {"email": "lovelace@example.com"}).status == 200
    mail.deliver_once("mail", "event-2", stored("lovelace@example.com"), "password_changed")
    assert [one.recipient for one in post.letters] == ["lovelace@example.com"]
    assert problem(api) is None
    # What is told late of the one before is nobody's.
    tell(bounce(number=2))
    assert problem(api) is None


def test_unknown_addresses_and_other_topics_are_ignored(api: Api, ada: dict[str, Any]) -> None:
    tell(bounce("nobody@example.com"), HELLO)
    tell(bounce(), topic="arn:aws:sns:eu-west-1:123456789012:somebody-elses")
    assert problem(api) is None


def test_what_cannot_be_noted_comes_again(api: Api, ada: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(mail_problems, "_note_feedback", fail)
        with pytest.raises(ExceptionGroup):
            tell(bounce())
    assert problem(api) is None
    tell(bounce())
    assert problem(api) is not None


def test_a_message_beside_one_that_cannot_be_read_is_taken(api: Api, ada: dict[str, Any]) -> None:
    with pytest.raises(ExceptionGroup):
        tell('{"eventType": "Bounce", "bounce": {}}', bounce())
    assert problem(api) is not None


@pytest.mark.parametrize("message", [HELLO, "[]", "{}", '{"eventType": "Delivery", "delivery": {}}'])
def test_other_messages_say_nothing_of_a_letter(message: str) -> None:
    assert read_feedback(message) is None


def test_the_address_is_in_no_log_and_in_no_answer(
    api: Api, ada: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "vulpes.mail"):
        tell(bounce())
    assert "bounced for good" in caplog.text
    assert ADA not in caplog.text
    assert b"mail_given_up" not in api.get(f"/data/persons/{ada['id']}").content


def test_letters_go_through_the_configuration_set(
    api: Api, bucket: str, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else SES tells nothing of them, where the identity of the sender is not the stack's own."""
    from chalicelib.mail import sending

    sent: dict[str, Any] = {}

    class Service:
        def send_email(self, **asked: Any) -> None:
            sent.update(asked)

    monkeypatch.setattr(sending, "_client", lambda _: Service())
    note = mail.written(stored(ADMIN), "password_changed")
    sending.SimpleEmailService().deliver(note)
    assert "ConfigurationSetName" not in sent
    configure(MAIL_SET="vulpes-prod-mail")
    sending.SimpleEmailService().deliver(note)
    assert sent["ConfigurationSetName"] == "vulpes-prod-mail"
