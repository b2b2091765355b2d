"""Messages in Slack: `chat.postMessage` with the studio's bot token, to the member id of a person."""

from typing import Final

from chalicelib.domain.notifications.chat_texts import ChatText, answer_of, body_of, is_for_now
from chalicelib.domain.outbox.rounds import Verdict
from chalicelib.outgoing import requests
from chalicelib.settings import current

# Slack answers 200 and says in the body what is wrong; of these another try may help.
_LATER: Final = frozenset(
    ("ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout")
)


def send_to_slack(token: str, user: str, text: ChatText) -> Verdict:
    """Sends a message to a member (`U…`)."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json; charset=utf-8"}
    body = body_of({"channel": user, "text": text.shown(_escaped), "unfurl_links": False})
    reply = requests.send("POST", f"{current().slack_api}/chat.postMessage", headers, body)
    told = answer_of(reply)
    told = told if isinstance(told, dict) else {}
    delivered = reply.status == 200 and told.get("ok") is True
    return Verdict(reply, delivered, again=is_for_now(reply) or told.get("error") in _LATER)


def _escaped(text: str) -> str:
    """The three characters that mean something to Slack: `<!channel>` calls everybody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
