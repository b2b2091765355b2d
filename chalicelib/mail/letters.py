"""Letters the studio sends: a text in the language of the person, as plain text and as HTML."""

from dataclasses import dataclass
from typing import Final

from chalicelib.mail import english, french, layout
from chalicelib.mail.template import Template

_LANGUAGES: Final[dict[str, dict[str, Template]]] = {"en": english.LETTERS, "fr": french.LETTERS}


@dataclass(frozen=True)
class Letter:
    """A letter as it is sent."""

    recipient: str
    subject: str
    text: str
    html: str


def write_letter(name: str, recipient: str, locale: str | None, /, **facts: str) -> Letter:
    """The letter of that name for a person.

    locale: `fr_FR` gets French, what is not translated English. facts: what the template names; `link` where the
    letter has something to follow, `quote` where it tells somebody's words. KeyError for a letter or a fact that is
    missing.
    """
    language = (locale or "")[:2] if (locale or "")[:2] in _LANGUAGES else "en"
    template = _LANGUAGES[language][name]
    parts = layout.Parts(
        studio=facts["studio"],
        paragraphs=[paragraph.format(**facts) for paragraph in template.paragraphs],
        figure=template.figure.format(**facts),
        quote=facts.get("quote", "").strip(),
        action=template.action,
        link=facts.get("link", ""),
    )
    # A subject is one line, whatever a production is called.
    subject = " ".join(template.subject.format(**facts).split())
    return Letter(recipient, subject, layout.as_text(parts), layout.as_html(parts, language))
