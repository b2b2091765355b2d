"""Searching (docs/contract/interchange.md section 6)."""

from typing import Any

import msgspec

from chalicelib.access import rules
from chalicelib.domain.search import finding
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.routes.answer_schemas import Shape

area = Area("search", "Assets, shots and people by their words.")
_ROWS = {"type": "array", "items": {"type": "object"}}


class Search(msgspec.Struct):
    """A text, and where to look for it: in one production, in some of `assets`, `shots` and `persons`."""

    query: str
    project_id: str | None = None
    limit: int | None = None
    offset: int | None = None
    index_names: list[str] | None = None


@area.post(
    "/data/search",
    access=rules.signed_in,
    body=Search,
    answer=Shape(persons=_ROWS, assets=_ROWS, shots=_ROWS),
)
def search(call: Call) -> dict[str, Any]:
    """Searches assets, shots and people; the best come first, a typo is forgiven."""
    body: Search = call.body
    project_id = body.project_id.lower() if body.project_id else None
    limit = 3 if body.limit is None else body.limit
    return finding.found(call.caller, finding.Query(body.query, project_id, limit, body.offset or 0, body.index_names))
