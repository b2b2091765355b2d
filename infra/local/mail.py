"""Mail that the app sends through SES lands in a folder, one `.eml` file each; the log names it and its link."""

import datetime
import json
import logging
import re
import secrets
from base64 import b64decode
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from infra.local.wire import Request

log = logging.getLogger("infra.local")


class MailFolder:
    """Keeps every message of an accepted SES request."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, request: Request, body: bytes) -> None:
        """Writes the message of a request that SES accepted; other SES requests carry none."""
        if request.path.endswith("/outbound-emails"):
            message = _second_edition(json.loads(body))
        else:
            message = _first_edition({name: values[0] for name, values in parse_qs(body.decode()).items()})
        if message is None:
            return
        subject = str(message["Subject"] or "no subject")
        plain = re.sub(r"[^A-Za-z0-9]+", "-", subject).strip("-")[:60]
        moment = datetime.datetime.now().strftime("%Y%m%d-%H%M%S-%f")
        file = self.folder / f"{moment}-{plain or 'mail'}-{secrets.token_hex(2)}.eml"
        file.write_bytes(message.as_bytes())
        log.info("Mail to %s: %s (%s)%s", message["To"] or "nobody", subject, file, _link_in(message))


def _link_in(message: EmailMessage) -> str:
    """What a letter asks to follow, so that nobody has to open a file for it."""
    text = message.get_body(("plain",))
    found = re.search(r"https?://\S+", text.get_content()) if text else None
    return f"\n  {found[0]}" if found else ""


def _second_edition(wanted: dict[str, Any]) -> EmailMessage | None:
    content = wanted.get("Content", {})
    if "Raw" in content:
        return _parsed(b64decode(content["Raw"]["Data"]))
    if "Simple" not in content:
        return None
    simple = content["Simple"]
    parts = {kind.lower(): part["Data"] for kind, part in simple["Body"].items()}
    people = {kind: wanted.get("Destination", {}).get(f"{kind}Addresses", []) for kind in ("To", "Cc", "Bcc")}
    return _message(wanted.get("FromEmailAddress", ""), people, simple["Subject"]["Data"], parts)


def _first_edition(fields: dict[str, str]) -> EmailMessage | None:
    match fields.get("Action"):
        case "SendRawEmail":
            return _parsed(b64decode(fields["RawMessage.Data"]))
        case "SendEmail":
            people = {
                kind: [value for name, value in fields.items() if name.startswith(f"Destination.{kind}Addresses.")]
                for kind in ("To", "Cc", "Bcc")
            }
            bodies = {"text": fields.get("Message.Body.Text.Data"), "html": fields.get("Message.Body.Html.Data")}
            parts = {kind: text for kind, text in bodies.items() if text is not None}
            return _message(fields.get("Source", ""), people, fields.get("Message.Subject.Data", ""), parts)
    return None


def _parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def _message(sender: str, people: dict[str, list[str]], subject: str, parts: dict[str, str]) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    for kind, addresses in people.items():
        if addresses:
            message[kind] = ", ".join(addresses)
    message["Subject"] = subject
    message.set_content(parts.get("text", ""))
    if "html" in parts:
        message.add_alternative(parts["html"], subtype="html")
    return message
