"""Messages in Discord: the studio's bot writes to a person, who is on a server that it is on.

A person is named by their id (digits) or by their name; names are looked for among the members of the bot's servers.
Who was found, and the channel to them, is remembered by the container.
"""

import re
import time
from typing import Any, Final
from urllib.parse import quote

from chalicelib.domain.notifications.chat_texts import ChatText, answer_of, body_of, is_for_now
from chalicelib.domain.outbox.rounds import Verdict
from chalicelib.outgoing import requests
from chalicelib.outgoing.addresses import NotSent
from chalicelib.outgoing.requests import Reply
from chalicelib.settings import current

_ID: Final = re.compile(r"[0-9]{15,25}")
_MOST_REMEMBERED: Final = 1000
_channels: Final[dict[tuple[str, str], str]] = {}


class _Refused(Exception):
    """One of the requests that come before the message was refused."""

    def __init__(self, reply: Reply, again: bool) -> None:
        super().__init__()
        self.reply = reply
        self.again = again


def send_to_discord(token: str, user: str, text: ChatText) -> Verdict:
    """Sends a message to a person; up to 22 requests before, the first time, and none later."""
    bot, known = _Bot(token), _channels.pop((token, user), None)
    try:
        channel = known or bot.channel_to(bot.person(user))
    except _Refused as problem:
        return Verdict(problem.reply, delivered=False, again=problem.again)
    # No word of a comment calls everybody on a server.
    content = {"content": text.shown(), "allowed_mentions": {"parse": []}}
    reply = bot.ask("POST", f"/channels/{channel}/messages", content)
    delivered, passes = 200 <= reply.status < 300, is_for_now(reply)
    if delivered or passes:
        if len(_channels) >= _MOST_REMEMBERED:
            _channels.clear()
        _channels[token, user] = channel
    # What was remembered may be no more: then the next attempt looks anew.
    return Verdict(reply, delivered, again=passes or known is not None)


class _Bot:
    """The studio's bot; all its requests of an attempt have ten seconds."""

    def __init__(self, token: str) -> None:
        self._headers = {
            "Authorization": f"Bot {token}",
            "User-Agent": f"DiscordBot ({current().site_url}, 1)",
            "Content-Type": "application/json",
        }
        self._until = time.monotonic() + requests.SECONDS

    def ask(self, method: str, path: str, content: dict[str, Any] | None = None) -> Reply:
        """The answer to a request. NotSent where there is none in time."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise NotSent("There was no answer in time.")
        body = body_of(content) if content is not None else None
        return requests.send(method, f"{current().discord_api}{path}", self._headers, body, left)

    def person(self, user: str) -> str:
        """The id of a person."""
        if _ID.fullmatch(user):
            return user
        reply, servers = self._answered("GET", "/users/@me/guilds?limit=20")
        wanted = user.removeprefix("@").casefold()
        name = wanted.partition("#")[0]
        for server in servers if isinstance(servers, list) else []:
            path = f"/guilds/{_id_in(server, reply)}/members/search?limit=10&query={quote(name, safe='')}"
            reply, members = self._answered("GET", path)
            for member in members if isinstance(members, list) else []:
                if wanted in _names(member.get("user") or {}):
                    return _id_in(member["user"], reply)
        raise _Refused(reply, again=False)

    def channel_to(self, person: str) -> str:
        """The id of the channel between the bot and a person."""
        reply, channel = self._answered("POST", "/users/@me/channels", {"recipient_id": person})
        return _id_in(channel, reply)

    def _answered(self, method: str, path: str, content: dict[str, Any] | None = None) -> tuple[Reply, Any]:
        reply = self.ask(method, path, content)
        if reply.status != 200:
            raise _Refused(reply, is_for_now(reply))
        return reply, answer_of(reply)


def _names(user: dict[str, Any]) -> set[str]:
    """What a person may be called: the name, and the name with the number that older ones have."""
    name = str(user.get("username") or "").casefold()
    return {name, f"{name}#{user.get('discriminator')}"}


def _id_in(told: Any, reply: Reply) -> str:
    found = str(told.get("id")) if isinstance(told, dict) else ""
    if not _ID.fullmatch(found):
        raise _Refused(reply, again=False)
    return found
