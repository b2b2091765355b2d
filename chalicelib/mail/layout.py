"""How a letter looks: as plain text, and as a page whose styles stand in its elements, as mail programs want it."""

import html
from dataclasses import dataclass
from typing import Final

_BODY: Final = "margin:0;padding:24px 12px;background:#f2f3f5;font-family:Helvetica,Arial,sans-serif;color:#222"
_CARD: Final = (
    "max-width:560px;margin:0 auto;padding:28px 32px;background:#fff;border:1px solid #e1e3e6;border-radius:6px;"
    "font-size:15px;line-height:1.5"
)
_HEAD: Final = "margin:0 0 20px;font-size:13px;font-weight:bold;letter-spacing:.04em;color:#5a6068"
_BUTTON: Final = (
    "display:inline-block;padding:11px 22px;background:#007a33;color:#fff;border-radius:4px;font-weight:bold;"
    "text-decoration:none"
)
_QUOTE: Final = (
    "margin:0 0 16px;padding:10px 16px;background:#f6f7f8;border-left:4px solid #c3c8ce;white-space:pre-line"
)
_FIGURE: Final = "margin:0 0 16px;font-family:Menlo,Consolas,monospace;font-size:30px;letter-spacing:.2em"
_SMALL: Final = "margin:0 0 16px;font-size:12px;color:#5a6068;word-break:break-all"
_FOOT: Final = "margin:0 0 8px;font-size:13px;color:#5a6068"


@dataclass(frozen=True)
class Parts:
    """What stands in a letter; `figure`, `quote` and `link` are empty where there is none."""

    studio: str
    paragraphs: list[str]
    figure: str
    quote: str
    action: str
    link: str


def as_text(parts: Parts) -> str:
    """The letter as plain text."""
    first, *rest = parts.paragraphs
    quote = "\n".join(f"> {line}" for line in parts.quote.splitlines())
    return "\n\n".join(part for part in (first, parts.figure, quote, parts.link, *rest) if part) + "\n"


def as_html(parts: Parts, language: str) -> str:
    """The letter as a page; what people wrote is escaped."""
    first, *rest = parts.paragraphs
    link = html.escape(parts.link)
    button = f'<p style="margin:0 0 16px"><a href="{link}" style="{_BUTTON}">{html.escape(parts.action)}</a></p>'
    lines = [
        _paragraph(_HEAD, parts.studio),
        _paragraph("margin:0 0 16px", first),
        _paragraph(_FIGURE, parts.figure),
        _paragraph(_QUOTE, parts.quote, "blockquote"),
        *([button, _paragraph(_SMALL, parts.link)] if link else []),
        *(_paragraph(_FOOT, paragraph) for paragraph in rest),
    ]
    card = "\n".join(line for line in lines if line)
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head><meta charset="utf-8"></head>\n<body style="{_BODY}">\n'
        f'<div style="{_CARD}">\n{card}\n</div>\n</body>\n</html>\n'
    )


def _paragraph(style: str, text: str, tag: str = "p") -> str:
    return f'<{tag} style="{style}">{html.escape(text)}</{tag}>' if text else ""
