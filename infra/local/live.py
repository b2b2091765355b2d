"""The event stream in front of the API: what the distribution and the gateway do on AWS.

The paths of Socket.IO become those of the API (infra/aws/edge.js does the same), and whoever waits for packets is
answered from the queue of their session, through the mapping template of the gateway.
"""

import re
from typing import Final
from urllib.parse import parse_qs

from infra.aws.live import MOST_MESSAGES, WAIT_SECONDS
from infra.local.live_queues import LiveQueues, Missing
from infra.local.live_template import GONE, poll, received
from infra.local.wire import Reply, Request

STREAM_PATH: Final = "/socket.io"
_POLL: Final = re.compile(r"/live/([A-Za-z0-9_-]{1,64})")


def api_path(method: str, path: str, query: str) -> str:
    """The path of the API that is asked for by a path of Socket.IO; any other stays as it is."""
    if path.rstrip("/") != STREAM_PATH:
        return path
    told = parse_qs(query)
    sid = told.get("sid", [""])[0]
    if not re.fullmatch("[A-Za-z0-9_-]+", sid) or told.get("transport") != ["polling"]:
        return "/live"
    return f"/live/{sid}" if method == "GET" else "/live"


class Polls:
    """Answers those who wait for packets."""

    def __init__(self, queues: LiveQueues) -> None:
        self._queues = queues

    def answer(self, request: Request, path: str) -> Reply | None:
        """The reply to a request that waits for packets; None for any other."""
        found = _POLL.fullmatch(path)
        if found is None or request.method != "GET":
            return None
        try:
            bodies = self._queues.receive(self._queues.prefix + found[1], MOST_MESSAGES, WAIT_SECONDS)
        except Missing:
            told = poll(400, GONE)
        else:
            told = poll(200, received(bodies))
        return Reply(told.status, list(told.headers.items()), told.body.encode())
