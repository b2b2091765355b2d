"""Who changed what (docs/audit.md)."""

from typing import Any

import msgspec

from chalicelib.access import rules
from chalicelib.domain.audit import lists
from chalicelib.domain.audit.entries import AuditEntry
from chalicelib.http.call import Call
from chalicelib.http.routing import Area


class AuditPage(msgspec.Struct):
    """A page of the audit; `next_cursor` is null where there is no more."""

    data: list[AuditEntry]
    limit: int
    next_cursor: str | None


area = Area("audit", "Who changed which field of which record, from what to what.")


@area.get(
    "/data/audit",
    access=rules.manager,
    answer=AuditPage,
    query={
        "record_id": "Of that record alone, whether it is still there or not.",
        "person_id": "What that person changed.",
        "project_id": "Of that production alone.",
        "kind": "Of records of that table alone: `task`.",
        "before": "A day or a moment (UTC), not included.",
        "after": "A day or a moment (UTC), not included.",
        "limit": "How many at most: 100 unless told otherwise, 1000 at most.",
        "cursor": "The `next_cursor` of the page before.",
    },
)
def list_changes(call: Call) -> dict[str, Any]:
    """Lists changes of records, newest first."""
    return lists.of(call.caller, call.query)
