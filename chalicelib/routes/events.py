"""What happened lately (docs/contract/production.md section 11)."""

from typing import Any

import msgspec

from chalicelib.access import rules
from chalicelib.domain.journal import feed
from chalicelib.http.call import Call
from chalicelib.http.routing import Area


class Happened(msgspec.Struct):
    """One event of the journal."""

    id: str
    created_at: str
    name: str
    user_id: str | None
    data: Any


area = Area("events", "The journal of the studio.")


@area.get(
    "/data/events/last",
    access=rules.manager,
    answer=list[Happened],
    query={
        "before": "A day or a moment (UTC), not included.",
        "after": "A day or a moment (UTC), not included.",
        "limit": "How many at most, 100 unless told otherwise.",
        "project_id": "Of that production alone.",
        "name": "Of that very name alone.",
        "only_files": "`true`: only those that tell of a new file or picture.",
        feed.CURSOR: "The id of the event read last: the list goes on after it, whatever happened meanwhile.",
    },
)
def list_last_events(call: Call) -> list[dict[str, Any]]:
    """Lists the newest events, newest first."""
    return feed.last(call.caller, call.query)
