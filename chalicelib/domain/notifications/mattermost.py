"""Messages in Mattermost: the studio's incoming webhook, into the direct channel of a person (`@name`)."""

from chalicelib.domain.notifications.chat_texts import ChatText, body_of, is_for_now
from chalicelib.domain.outbox.rounds import Verdict
from chalicelib.outgoing import requests


def send_to_mattermost(address: str, user: str, text: ChatText) -> Verdict:
    """Sends a message to who is called so there. address: `https://…/hooks/…`."""
    body = body_of({"channel": f"@{user.removeprefix('@')}", "text": text.shown()})
    reply = requests.send("POST", address, {"Content-Type": "application/json"}, body)
    return Verdict(reply, delivered=200 <= reply.status < 300, again=is_for_now(reply))
