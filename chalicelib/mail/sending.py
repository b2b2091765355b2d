"""Sending letters through SES, the only place that knows it.

A letter that cannot be sent is logged and told to whoever sends it; domain/people/mail.py notes it for admins.
"""

import json
import logging
from functools import lru_cache
from typing import Any, Final, Protocol

from chalicelib.mail.letters import Letter
from chalicelib.settings import current

_log = logging.getLogger("vulpes.mail")
_CHARSET: Final = "UTF-8"
# SES takes no letters to what is no address.
_MALFORMED: Final = "InvalidParameterValue"
# An account that may write to nobody yet but those whom SES has verified itself.
SANDBOX: Final = "Sandbox of SES: ask AWS for production access"
_UNVERIFIED: Final = "email address is not verified"
_DENIED: Final = ("AccessDenied", "AccessDeniedException")
_LATER: Final = ("Throttling", "ThrottlingException", "ServiceUnavailable", "InternalFailure")


class NotSent(Exception):
    """A letter was refused, or the service did not answer; the text is the reason, in few words without a comma.

    `recipient`: it is their address that is refused, others get their letters. `later`: it may go out if it is sent
    again.
    """

    def __init__(self, reason: str, *, recipient: bool = False, later: bool = False) -> None:
        super().__init__(reason)
        self.recipient = recipient
        self.later = later


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
                **_tracked(),
            )
        except ClientError as problem:
            raise _refusal(problem.response["Error"], letter.recipient) from problem
        except BotoCoreError as problem:
            raise NotSent(type(problem).__name__, later=True) from problem


def _tracked() -> dict[str, str]:
    """What becomes of the letter is told through the stage's configuration set, whoever made the identity."""
    return {"ConfigurationSetName": current().mail_set} if current().mail_set else {}


def _refusal(told: dict[str, Any], recipient: str) -> NotSent:
    """What SES refused: a message that names the recipient is about them, any other about the service.

    But where the recipient is not verified it is the sandbox, which refuses all strangers; and who may not write to one
    address, as the role of the function has it, is told of that address too.
    """
    code, message = str(told.get("Code")), str(told.get("Message")).lower()
    named = recipient.lower() in message
    if named and _UNVERIFIED in message:
        return NotSent(SANDBOX)
    return NotSent(code, recipient=code == _MALFORMED or (named and code not in _DENIED), later=code in _LATER)


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


def send(letter: Letter) -> None:
    """Sends a letter; NotSent, which is in the log then, where it did not go out."""
    try:
        office().deliver(letter)
    except NotSent as problem:
        _log.warning(json.dumps({"mail": "not sent", "subject": letter.subject, "reason": str(problem)}))
        raise


def _content(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": _CHARSET}


@lru_cache(maxsize=2)
def _client(endpoint: str) -> Any:
    # A client costs a fifth of a second at a cold start, and most requests send nothing.
    import boto3
    from botocore.config import Config

    patience = Config(connect_timeout=3, read_timeout=6, retries={"max_attempts": 2, "mode": "standard"})
    return boto3.client("ses", region_name=current().region, endpoint_url=endpoint or None, config=patience)
