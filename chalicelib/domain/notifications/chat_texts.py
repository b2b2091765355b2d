"""What is told in a chat: a line, what somebody wrote, where to look."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.outgoing.requests import Reply

# Discord takes 2,000 characters.
_LONGEST_QUOTE: Final = 1000
_LONGEST_SUBJECT: Final = 500
_TOO_MANY: Final = 429
_TIMEOUT: Final = 408
_FAULT: Final = 500


@dataclass(frozen=True)
class ChatText:
    """A message: `quote` is what somebody wrote, "" where there is nothing to quote."""

    subject: str
    quote: str
    link: str

    def shown(self, escape: Callable[[str], str] = str) -> str:
        """The text as Slack, Mattermost and Discord show it; `escape` makes harmless what would mean something."""
        lines = [escape(_cut(self.subject, _LONGEST_SUBJECT))]
        lines += [f"> {line}" for line in escape(_cut(self.quote.strip(), _LONGEST_QUOTE)).splitlines()]
        return "\n".join([*lines, self.link])


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def body_of(values: Mapping[str, Any]) -> bytes:
    """The body of a request."""
    return json.dumps(values).encode()


def answer_of(reply: Reply) -> Any:
    """What an answer says; None where it is no JSON."""
    try:
        return json.loads(reply.body)
    except ValueError:
        return None


def is_for_now(reply: Reply) -> bool:
    """Whether a refusal may pass: too many requests, or a fault there."""
    return reply.status in (_TIMEOUT, _TOO_MANY) or reply.status >= _FAULT
