"""Which other origins may call from a browser (contract: clients.md, kitsu-publisher)."""

import re
from collections.abc import Sequence

from chalicelib.http.answers import Answer

_DAY = "86400"
_NAMES = re.compile(r"[A-Za-z0-9\-, ]{1,500}")
_USUAL = "Authorization, Content-Type, If-None-Match, Range"
_EXPOSED = "Content-Disposition, Content-Range, ETag, Location"


def headers_for(origin: str, allowed: Sequence[str]) -> dict[str, str]:
    """The headers of every answer.

    With no configured origin anybody may call with a bearer token, but no browser sends cookies along. A configured
    one is echoed and may use cookies; any other gets nothing.
    """
    if not allowed:
        return {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": _EXPOSED}
    if origin not in allowed:
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": _EXPOSED,
    }


def preflight(headers: dict[str, str], methods: Sequence[str]) -> Answer:
    """The answer to OPTIONS on a path that knows these methods."""
    listed = ", ".join(methods)
    found = {"Allow": listed}
    if "access-control-request-method" in headers:
        asked = headers.get("access-control-request-headers", "")
        found["Access-Control-Allow-Methods"] = listed
        found["Access-Control-Allow-Headers"] = asked if _NAMES.fullmatch(asked) else _USUAL
        found["Access-Control-Max-Age"] = _DAY
    return Answer(b"", 204, found)
