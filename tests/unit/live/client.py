"""A client of the event stream, as long as nothing is to be waited for."""

import json
from typing import Any

from tests.client import Api
from tests.unit.live.conftest import Queues

HANDSHAKE = {"EIO": "4", "transport": "polling"}


class Client:
    """A session of the event stream; `token` goes along with the first request, as python-engineio has it."""

    def __init__(self, api: Api, queues: Queues, token: str | None = None, **headers: str) -> None:
        self._api, self._queues = api, queues
        if token:
            headers["Authorization"] = f"Bearer {token}"
        opened = api.get("/live", HANDSHAKE, user=None, headers=headers)
        assert opened.status == 200, opened.content
        assert opened.content[:1] == b"0"
        self.id: str = json.loads(opened.content[1:])["sid"]

    def say(self, *packets: str, token: str | None = None, **more: Any) -> Any:
        """Says packets at once; the answer."""
        headers = {"Content-Type": "text/plain;charset=UTF-8", **more.pop("headers", {})}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        raw = "\x1e".join(packets).encode()
        return self._api.post("/live", raw=raw, params={**HANDSHAKE, "sid": self.id}, user=None, headers=headers)

    def heard(self) -> list[str]:
        """The packets that it was told since it last looked."""
        return self._queues.heard(self.id)

    def events(self) -> list[tuple[str, Any]]:
        """The events among them."""
        found = [json.loads(one.removeprefix("42/events,")) for one in self.heard() if one.startswith("42/events,")]
        return [(name, data) for name, data in found]


def joined(api: Api, queues: Queues, user: str) -> Client:
    """A client that hears of events as somebody."""
    client = Client(api, queues, api.tokens[user])
    assert client.say("40/events,").status == 200
    (answer,) = client.heard()
    assert answer.startswith('40/events,{"sid":'), answer
    return client
