"""Whether an installation works, seen from outside: `python -m infra.aws.smoke https://…`. It changes nothing.

Live events are asked for as clients do: a session is opened, said hello to, and answered through its queue. So
distribution, function at the edge, both APIs, the function, table, queue and mapping template have to be there.
"""

import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any, Final

# A poll is answered within 20 s.
_SECONDS: Final = 30.0
# The name of a new distribution is known everywhere after a minute or two; until then nobody answers.
PATIENCE_SECONDS: Final = 180.0
_LIVE: Final = "/socket.io/?EIO=4&transport=polling"


class CheckError(Exception):
    """What does not work; the message says what was seen."""


def report(site: str, patience: float = PATIENCE_SECONDS) -> int:
    """Checks an installation and prints what works; 1 where something does not."""
    failed = 0
    for what, check in CHECKS.items():
        try:
            _patiently(check, site, patience)
        except CheckError as problem:
            failed = 1
            print(f"not well: {what}: {problem}", file=sys.stderr)
        else:
            print(f"well: {what}")
    return failed


def api(site: str) -> None:
    """The API says which one it is."""
    told = _json(site, "/api/")
    if "api" not in told or "version" not in told:
        raise CheckError(f"/api/ says {told}")


def parts(site: str) -> None:
    """Each part is up, as the API sees it."""
    down = [name for name, up in _json(site, "/api/status").items() if name.endswith("-up") and up is not True]
    if down:
        raise CheckError(f"/api/status says no to {', '.join(sorted(down))}")


def pages(site: str) -> None:
    """There is a page."""
    page = _ask(site, "/")
    if b"<html" not in page.lower():
        raise CheckError("/ is no page")


def live(site: str) -> None:
    """A client is heard, and hears."""
    opened = _ask(site, _LIVE).decode()
    if not opened.startswith("0{"):
        raise CheckError(f"a session is not opened: {opened[:200]}")
    session = f"{_LIVE}&sid={json.loads(opened[1:])['sid']}"
    said = _ask(site, session, b"40")
    heard = _ask(site, session).decode()
    if said != b"ok" or not heard.startswith("40"):
        raise CheckError(f"hello is answered by {said[:100]!r} and {heard[:200]}")
    _ask(site, session, b"1")


CHECKS: Final[dict[str, Callable[[str], None]]] = {
    "the API answers": api,
    "its parts are up": parts,
    "the site has a page": pages,
    "live events come through": live,
}


def _patiently(check: Callable[[str], None], site: str, patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            check(site.rstrip("/"))
        except CheckError:
            if time.monotonic() >= until:
                raise
            time.sleep(min(5.0, patience))
        else:
            return


def _json(site: str, path: str) -> Any:
    try:
        told = json.loads(_ask(site, path))
    except ValueError as problem:
        raise CheckError(f"{path} answers no JSON") from problem
    if not isinstance(told, dict):
        raise CheckError(f"{path} says {told}")
    return told


def _ask(site: str, path: str, body: bytes | None = None) -> bytes:
    headers = {"Content-Type": "text/plain;charset=UTF-8"} if body is not None else {}
    request = urllib.request.Request(site + path, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            content: bytes = answer.read()
    except urllib.error.HTTPError as problem:
        with problem:
            raise CheckError(f"{path} answers {problem.code}: {problem.read()[:200]!r}") from problem
    except OSError as problem:
        raise CheckError(f"{path} does not answer ({problem})") from problem
    return content


if __name__ == "__main__":
    sys.exit(report(sys.argv[1], patience=0.0))
