"""Who signed in lately (docs/contract/production.md section 11)."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.crud.pagination import whole_number
from chalicelib.errors import Invalid
from chalicelib.records import clock
from chalicelib.records.fields import STUDIO
from chalicelib.records.people import LOGIN_LOG
from chalicelib.store import reads

_USUAL: Final = 100
_MOST: Final = 1000


def last(query: Mapping[str, str]) -> list[dict[str, Any]]:
    """The last logins, newest first: `{created_at, ip_address, person_id}`.

    query: `limit` (100, at most 1000), `before` (a moment). Raises Invalid for a malformed one.
    """
    count = whole_number(query, "limit", _USUAL)
    if count < 0:
        raise Invalid("limit is out of range.", "limit", "a number from 0 on")
    before = _moment(query.get("before"))
    condition = ("<", before) if before else None
    found = reads.first(LOGIN_LOG, STUDIO, min(count, _MOST), "created_at", condition, descending=True) if count else []
    return [
        {
            "created_at": clock.shown(log["created_at"]),
            "ip_address": log["ip_address"],
            "person_id": log["person_id"],
        }
        for log in found
    ]


def _moment(text: str | None) -> str | None:
    if not text:
        return None
    try:
        return clock.parse(text)
    except ValueError:
        raise Invalid("before is no moment.", "before", "YYYY-MM-DDTHH:MM:SS") from None
