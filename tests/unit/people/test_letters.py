"""Letters: their languages, their two forms, what happens when they are refused."""

import logging

import pytest

from chalicelib.mail import english, french, sending
from chalicelib.mail.letters import Letter, write_letter

FACTS = {
    "name": "Ada",
    "studio": "Blue Whale",
    "email": "ada@example.com",
    "hours": "2",
    "days": "7",
    "code": "123456",
    "minutes": "5",
}
LINK = "https://studio.example.com/reset-change-password?email=ada%40example.com&token=ABC"


def test_both_languages_have_the_same_letters() -> None:
    assert english.LETTERS.keys() == french.LETTERS.keys()
    for name, letter in english.LETTERS.items():
        assert bool(letter.action) == bool(french.LETTERS[name].action)


@pytest.mark.parametrize("locale", ["en_US", "fr_FR", "de_DE", None])
@pytest.mark.parametrize("name", sorted(english.LETTERS))
def test_every_letter_can_be_written(name: str, locale: str | None) -> None:
    letter = write_letter(name, "ada@example.com", locale, **FACTS, link=LINK if english.LETTERS[name].action else "")
    assert letter.recipient == "ada@example.com"
    assert "Blue Whale" in letter.subject
    assert "Ada" in letter.text
    assert "{" not in letter.subject + letter.text
    assert (LINK in letter.text) == bool(english.LETTERS[name].action)


def test_french_people_read_french() -> None:
    letter = write_letter("password_reset", "ada@example.com", "fr_FR", **FACTS, link=LINK)
    assert letter.text.startswith("Bonjour Ada")
    assert "Choisir un nouveau mot de passe</a>" in letter.html


def test_names_cannot_break_out_of_the_page() -> None:
    facts = {**FACTS, "name": "<script>alert('Ada')</script> {link}"}
    letter = write_letter("password_reset", "ada@example.com", "en_US", **facts, link=LINK)
    assert "<script>" not in letter.html
    assert "&lt;script&gt;" in letter.html
    assert (
        'href="https://studio.example.com/reset-change-password?email=ada%40example.com&amp;token=ABC"' in letter.html
    )


@pytest.fixture
def letter() -> Letter:
    return write_letter("password_changed", "ada@example.com", "en_US", **FACTS)


def test_ses_sends_both_forms(bucket: str, letter: Letter) -> None:
    from moto.ses.models import ses_backends

    assert sending.send(letter)
    sent = ses_backends["123456789012"]["eu-west-1"].sent_messages[-1]
    assert sent.destinations["ToAddresses"] == ["ada@example.com"]
    assert sent.subject == letter.subject


def test_a_refusal_is_logged_without_the_address_and_breaks_nothing(
    bucket: str, letter: Letter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from chalicelib.settings import current

    monkeypatch.setenv("VULPES_MAIL_SENDER", "nobody@unverified.example.com")
    current.cache_clear()
    with caplog.at_level(logging.WARNING, "vulpes.mail"):
        assert not sending.send(letter)
    assert "MessageRejected" in caplog.text
    assert "ada@example.com" not in caplog.text


def test_a_stage_without_a_mail_service_says_so(table: str, letter: Letter, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "vulpes.mail"):
        assert not sending.send(letter)
    assert "NoMailService" in caplog.text
