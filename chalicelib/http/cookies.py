"""Reading `Cookie`, building `Set-Cookie`."""

import re
from collections.abc import Iterable

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE = re.compile(r"[!#-+\--:<-\[\]-~]*")


def parse_cookies(lines: Iterable[str]) -> dict[str, str]:
    """The cookies of some `Cookie` headers; of two with one name the first counts: browsers send the closer first."""
    found: dict[str, str] = {}
    for line in lines:
        for pair in line.split(";"):
            name, equals, value = pair.strip().partition("=")
            if equals:
                found.setdefault(name.strip(), value.strip().strip('"'))
    return found


def set_cookie(
    name: str,
    value: str,
    *,
    path: str = "/",
    max_age: int | None = None,
    secure: bool = False,
    http_only: bool = True,
    same_site: str = "Lax",
) -> str:
    """A `Set-Cookie` value for `Answer.cookies`; ValueError for a name, value or path that would break out of it."""
    if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value) or not re.fullmatch(r"/[!-:<-~]*", path):
        raise ValueError(f"the cookie {name!r} cannot be written")
    parts = [f"{name}={value}", f"Path={path}", f"SameSite={same_site}"]
    if max_age is not None:
        parts.append(f"Max-Age={max_age}")
    if http_only:
        parts.append("HttpOnly")
    if secure:
        parts.append("Secure")
    return "; ".join(parts)


def clear_cookie(name: str, *, path: str = "/", secure: bool = False) -> str:
    """A `Set-Cookie` value that makes the client forget a cookie; the path must be the one it was set with."""
    return set_cookie(name, "", path=path, max_age=0, secure=secure)
