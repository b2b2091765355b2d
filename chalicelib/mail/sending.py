"""Sending letters through SES, the only place that knows it.

A letter that cannot be sent is logged and told to whoever sent it; it never breaks what it tells about.
"""

import json
import logging
from functools import lru_cache
from typing import Any, Final, Protocol

from chalicelib.mail.letters import Letter
from chalicelib.settings import current

_log = logging.getLogger("vulpes.mail")
_CHARSET: Final = "UTF-8"


class NotSent(Exception):
    """A letter was refused, or the service did not answer."""


class PostOffice(Protocol):
    """What takes letters to their recipients."""

    def deliver(self, letter: Letter) -> None:
        """Takes a letter; NotSent where it refuses."""


class SimpleEmailService:
    """Amazon SES."""

    def deliver(self, letter: Letter) -> None:
        """Sends a letter; NotSent where SES refuses it or is not reached.

        Only the kind of refusal is told: its text names the recipient, who is nobody's business in a log.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        body = {"Text": _content(letter.text), "Html": _content(letter.html)}
        try:
            _client(current().ses_endpoint).send_email(
                Source=current().mail_sender,
                Destination={"ToAddresses": [letter.recipient]},
                Message={"Subject": _content(letter.subject), "Body": body},
            )
        except ClientError as problem:
            raise NotSent(problem.response["Error"]["Code"]) from problem
        except BotoCoreError as problem:
            raise NotSent(type(problem).__name__) from problem


class Nowhere:
    """For a stage without a mail service: letters end here."""

    def deliver(self, letter: Letter) -> None:
        """Refuses every letter."""
        del letter
        raise NotSent("NoMailService")


def office() -> PostOffice:
    """The post office of this stage: SES, or none where a local stage names no endpoint."""
    settings = current()
    return SimpleEmailService() if settings.ses_endpoint or settings.stage != "local" else Nowhere()


def send(letter: Letter) -> bool:
    """Sends a letter and tells whether it went out."""
    try:
        office().deliver(letter)
    except NotSent as problem:
        _log.warning(json.dumps({"mail": "not sent", "subject": letter.subject, "reason": str(problem)}))
        return False
    return True


def _content(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": _CHARSET}


@lru_cache(maxsize=2)
def _client(endpoint: str) -> Any:
    # A client costs a fifth of a second at a cold start, and most requests send nothing.
    import boto3
    from botocore.config import Config

    patience = Config(connect_timeout=3, read_timeout=6, retries={"max_attempts": 2, "mode": "standard"})
    return boto3.client("ses", region_name=current().region, endpoint_url=endpoint or None, config=patience)
