"""Letters the studio sends: a text in the language of the person, as plain text and as HTML."""

import html
from dataclasses import dataclass
from typing import Final

from chalicelib.mail import english, french
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

    locale: `fr_FR` gets French, what is not translated English. facts: what the template names, `link` among them where
    the letter has something to follow. KeyError for a letter or a fact that is missing.
    """
    template = _LANGUAGES.get((locale or "")[:2], english.LETTERS)[name]
    link = facts.get("link", "")
    paragraphs = [paragraph.format(**facts) for paragraph in template.paragraphs]
    return Letter(
        recipient,
        template.subject.format(**facts),
        _text(paragraphs, link),
        _page([html.escape(paragraph) for paragraph in paragraphs], html.escape(template.action), html.escape(link)),
    )


def _text(paragraphs: list[str], link: str) -> str:
    first, *rest = paragraphs
    return "\n\n".join([first, *([link] if link else []), *rest]) + "\n"


def _page(paragraphs: list[str], action: str, link: str) -> str:
    first, *rest = (f"<p>{paragraph}</p>" for paragraph in paragraphs)
    button = (
        f'<p><a href="{link}" style="background:#00b242;color:#fff;padding:10px 20px;border-radius:4px;'
        f'text-decoration:none">{action}</a></p>\n<p style="font-size:12px;color:#777">{link}</p>'
        if link
        else ""
    )
    style = "font-family:sans-serif;font-size:15px;color:#333;max-width:560px;margin:0 auto;padding:20px"
    body = "\n".join(part for part in (first, button, *rest) if part)
    return f'<!doctype html>\n<html><body style="{style}">\n{body}\n</body></html>\n'
