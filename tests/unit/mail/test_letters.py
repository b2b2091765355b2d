"""Letters: their languages, their two forms, what SES says to them."""

import logging
from html.parser import HTMLParser

import pytest

from chalicelib.mail import english, french, sending
from chalicelib.mail.letters import Letter, write_letter
from infra.local.cloud import free_port

LINK = "https://studio.example.com/reset-change-password?email=ada%40example.com&token=ABC"
TASK_LINK = "https://studio.example.com/productions/p/shots/tasks/t"
PERSON = {"name": "Ada", "studio": "Blue Whale", "email": "ada@example.com"}
PLAYLIST = {
    "playlist": "Dailies",
    "production": "Big Buck",
    "author_name": "Ben Diaz",
    "link": "https://kitsu.example.com/productions/1/playlists/2",
}
TASK = {
    "author": "Ben",
    "author_name": "Ben Diaz",
    "status": "WFA",
    "task": "Big Buck / SQ01 / SH010 / Animation",
    "link": TASK_LINK,
    "quote": "Less bounce.\nMore weight.",
}
# What each letter tells, and the subject it has for that in English and in French.
LETTERS: dict[str, tuple[dict[str, str], str, str]] = {
    "invitation": ({"days": "7", "link": LINK}, "Blue Whale invites you", "Invitation de Blue Whale"),
    "password_reset": (
        {"hours": "2", "link": LINK},
        "Blue Whale: a new password",
        "Blue Whale : nouveau mot de passe",
    ),
    "password_changed": ({}, "Blue Whale: your password was changed", "Blue Whale : votre mot de passe a changé"),
    "password_set": (
        {},
        "Blue Whale: an administrator set your password",
        "Blue Whale : un administrateur a choisi votre mot de passe",
    ),
    "two_factor_code": ({"code": "012345", "minutes": "5"}, "Blue Whale: your code", "Blue Whale : votre code"),
    "two_factor_disabled": (
        {},
        "Blue Whale: your second factor was switched off",
        "Blue Whale : la double authentification est désactivée",
    ),
    "webhook_disabled": (
        {"webhook": "AYON", "host": "ayon.example.com", "quote": "No message was taken since Monday."},
        "Blue Whale: the webhook AYON was switched off",
        "Blue Whale : le webhook AYON est désactivé",
    ),
    "comment": (
        TASK,
        "[Kitsu] WFA - Ben commented on Big Buck / SQ01 / SH010 / Animation",
        "[Kitsu] WFA - Ben a commenté Big Buck / SQ01 / SH010 / Animation",
    ),
    "mention": (
        TASK,
        "[Kitsu] WFA - Ben mentioned you on Big Buck / SQ01 / SH010 / Animation",
        "[Kitsu] WFA - Ben vous a mentionné sur Big Buck / SQ01 / SH010 / Animation",
    ),
    "reply": (
        TASK,
        "[Kitsu] WFA - Ben replied on Big Buck / SQ01 / SH010 / Animation",
        "[Kitsu] WFA - Ben a répondu sur Big Buck / SQ01 / SH010 / Animation",
    ),
    "reply-mention": (
        TASK,
        "[Kitsu] WFA - Ben mentioned you on Big Buck / SQ01 / SH010 / Animation",
        "[Kitsu] WFA - Ben vous a mentionné sur Big Buck / SQ01 / SH010 / Animation",
    ),
    "assignation": (
        {**TASK, "quote": ""},
        "[Kitsu] You were assigned to Big Buck / SQ01 / SH010 / Animation",
        "[Kitsu] Big Buck / SQ01 / SH010 / Animation vous est assigné",
    ),
    "playlist_ready": (
        PLAYLIST,
        "[Kitsu] Big Buck: the playlist Dailies is ready for you",
        "[Kitsu] Big Buck : la playlist Dailies est prête pour vous",
    ),
    "playlist_built": (
        {**PLAYLIST, "quote": ""},
        "[Kitsu] Big Buck: the movie of Dailies is there",
        "[Kitsu] Big Buck : le film de Dailies est prêt",
    ),
}


class Page(HTMLParser):
    """What a person sees of a page, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.links: list[str | None] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_data(self, data: str) -> None:
        self.text += data


def letter_of(name: str, locale: str | None = "en_US", /, **facts: str) -> Letter:
    return write_letter(name, "ada@example.com", locale, **{**PERSON, **LETTERS[name][0], **facts})


def test_both_languages_have_the_same_letters() -> None:
    assert english.LETTERS.keys() == french.LETTERS.keys() == LETTERS.keys()


@pytest.mark.parametrize("locale", ["en_US", "fr_FR"])
@pytest.mark.parametrize("name", sorted(LETTERS))
def test_a_letter_has_its_subject_its_link_and_both_forms(name: str, locale: str) -> None:
    facts, in_english, in_french = LETTERS[name]
    letter = letter_of(name, locale)
    page = Page(letter.html)
    assert letter.recipient == "ada@example.com"
    assert letter.subject == (in_english if locale == "en_US" else in_french)
    assert letter.text.startswith("Hello Ada, " if locale == "en_US" else "Bonjour Ada, ")
    assert page.text.count("Ada, ") == 1
    assert f'<html lang="{locale[:2]}">' in letter.html
    assert "{" not in letter.subject + letter.text + page.text
    assert page.links == [link for link in [facts.get("link")] if link]
    for told in (facts.get("link", ""), facts.get("code", "")):
        assert told in letter.text
        assert told in page.text
    for line in facts.get("quote", "").splitlines():
        assert f"\n> {line}\n" in letter.text
        assert line in page.text


@pytest.mark.parametrize("locale", ["de_DE", "", None])
def test_people_of_other_languages_read_english(locale: str | None) -> None:
    assert letter_of("password_reset", locale) == letter_of("password_reset", "en_GB")


def test_names_and_words_cannot_break_out_of_the_page() -> None:
    hostile = "<script>alert('Ada')</script> {link} &amp;"
    letter = letter_of("comment", name=hostile, author_name=hostile, task=hostile, quote=hostile, studio=hostile)
    page = Page(letter.html)
    assert "<script>" not in letter.html
    assert page.text.count(hostile) == 6
    assert page.links == [TASK_LINK]


def test_a_subject_is_one_line() -> None:
    assert letter_of("assignation", task="Big\r\nBcc: eve@example.com").subject.splitlines() == [
        "[Kitsu] You were assigned to Big Bcc: eve@example.com"
    ]


@pytest.fixture
def letter() -> Letter:
    return letter_of("password_changed")


def test_ses_sends_both_forms(bucket: str, letter: Letter) -> None:
    from moto.ses.models import ses_backends

    sending.send(letter)
    sent = ses_backends["123456789012"]["eu-west-1"].sent_messages[-1]
    assert sent.destinations["ToAddresses"] == ["ada@example.com"]
    assert sent.subject == letter.subject


def test_a_refusal_is_logged_without_the_address(
    bucket: str, letter: Letter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from chalicelib.settings import current

    monkeypatch.setenv("VULPES_MAIL_SENDER", "nobody@unverified.example.com")
    current.cache_clear()
    with caplog.at_level(logging.WARNING, "vulpes.mail"), pytest.raises(sending.NotSent) as refused:
        sending.send(letter)
    assert (str(refused.value), refused.value.recipient, refused.value.later) == ("MessageRejected", False, False)
    assert "MessageRejected" in caplog.text
    assert "ada@example.com" not in caplog.text


@pytest.mark.parametrize(
    ("code", "message", "recipient", "later"),
    [
        ("InvalidParameterValue", "Missing final '@domain'", True, False),
        ("MessageRejected", "Address blacklisted: ADA@example.com", True, False),
        ("MessageRejected", "Email address is not verified: studio@example.com", False, False),
        ("MailFromDomainNotVerifiedException", "", False, False),
        ("Throttling", "Maximum sending rate exceeded.", False, True),
    ],
)
def test_a_refusal_is_about_the_recipient_or_the_service(code: str, message: str, recipient: bool, later: bool) -> None:
    refusal = sending._refusal({"Code": code, "Message": message}, "ada@example.com")
    assert (refusal.recipient, refusal.later, str(refusal)) == (recipient, later, code)


def test_a_service_out_of_reach_may_take_it_later(letter: Letter, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.settings import current

    monkeypatch.setenv("VULPES_SES_ENDPOINT", f"http://127.0.0.1:{free_port()}")
    current.cache_clear()
    with pytest.raises(sending.NotSent) as refused:
        sending.send(letter)
    assert refused.value.later
    current.cache_clear()


def test_a_stage_without_a_mail_service_says_so(table: str, letter: Letter, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "vulpes.mail"), pytest.raises(sending.NotSent):
        sending.send(letter)
    assert "NoMailService" in caplog.text
