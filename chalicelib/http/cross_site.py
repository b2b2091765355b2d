"""Writes that another site makes in the name of whoever visits it.

A browser sends cookies along whoever makes it ask. So a request that is known by its cookie and changes something has
to come from a page of ours: browsers tell that by `Origin` and `Sec-Fetch-Site`, which no page can forge. What sends
neither is no browser, or an old one, which `SameSite=Lax` keeps from sending the cookie. A bearer token is never sent
unasked, so requests that carry one are not looked at.
"""

from typing import Final
from urllib.parse import urlsplit

from chalicelib.errors import Forbidden
from chalicelib.http.call import Call
from chalicelib.settings import Settings

_OURS: Final = ("same-origin", "none")
_PORTS: Final = {"http": 80, "https": 443}


def refuse(call: Call, known: Settings) -> None:
    """Raises Forbidden where another site asks for a change by the cookie of its visitor."""
    if call.caller is None or call.has_bearer or not (call.route.changes or call.method != "GET"):
        return
    site, origin = call.headers.get("sec-fetch-site", "").strip().lower(), call.headers.get("origin", "").strip()
    if site in _OURS or (not origin and not site) or (origin and _is_ours(origin, call, known)):
        return
    raise Forbidden("Another site asks for this in your name; ask from the site itself, or with a token.")


def _is_ours(origin: str, call: Call, known: Settings) -> bool:
    told = _origin(origin)
    if told is None:
        return False
    # Who speaks plainly to a site that is reached by TLS may be anybody on the way.
    schemes = ("https",) if call.is_secure else ("http", "https")
    here = {_origin(f"{scheme}://{call.headers.get('host', '')}") for scheme in schemes}
    return told in here | {_origin(one) for one in (known.site_url, *known.cors_origins)}


def _origin(address: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an address; None where it has none (`null` is what a browser says of what it hides)."""
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    return (parts.scheme, parts.hostname, port) if parts.scheme in _PORTS and parts.hostname else None
