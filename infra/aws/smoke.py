"""Whether an installation works, seen from outside: `python -m infra.aws.smoke https://…`. It changes nothing.

A deployment also signs in, as somebody who is there for that alone (visitor.py), writes something of their own, reads
it, and hears of an event. Live events are asked for as clients do: a session is opened, said hello to, and answered
through its queue. So distribution, function at the edge, both APIs, the function, table, queue and mapping template
have to be there.
"""

import argparse
import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

# A poll is answered within 20 s.
_SECONDS: Final = 30.0
# The name of a new distribution is known everywhere after a minute or two; until then nobody answers.
PATIENCE_SECONDS: Final = 180.0
_MOST_POLLS: Final = 4
_LIVE: Final = "/socket.io/?EIO=4&transport=polling"


class Visitor(NamedTuple):
    """Somebody who signs in."""

    email: str
    password: str


class CheckError(Exception):
    """What does not work; the message says what was seen."""


def report(site: str, patience: float = PATIENCE_SECONDS, visitor: Visitor | None = None) -> int:
    """Checks an installation and prints what works; 1 where something does not.

    visitor: who signs in; without one nobody does.
    """
    failed = 0
    more: dict[str, Callable[[str], None]]
    more = {"what is written is read, and an event is heard": partial(signed_in, visitor=visitor)} if visitor else {}
    for what, check in {**CHECKS, **more}.items():
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


def signed_in(site: str, visitor: Visitor) -> None:
    """Somebody signs in, writes and reads, and hears of what happens."""
    signed = _json(site, "/api/auth/login", {"email": visitor.email, "password": visitor.password})
    token = signed.get("access_token", "")
    asked = {"list_type": "asset", "name": "deployment check", "query": "check"}
    made = _json(site, "/api/data/user/filters", asked, token)
    if made["id"] not in json.dumps(_json(site, "/api/data/user/filters", token=token)):
        raise CheckError("what was written is not read")
    session = f"{_LIVE}&sid={json.loads(_ask(site, _LIVE).decode()[1:])['sid']}"
    _ask(site, session, f"40/events,{json.dumps({'token': token})}".encode())
    _hear(site, session, "40/events,")
    _json(site, "/api/status/test-event")
    _hear(site, session, '42/events,["main:test"')
    _ask(site, session, b"1")
    _ask(site, f"/api/data/user/filters/{made['id']}", token=token, method="DELETE")


def _hear(site: str, session: str, wanted: str) -> None:
    heard: list[str] = []
    # A poll takes one message, and is answered after 20 s where there is none.
    for _ in range(_MOST_POLLS):
        heard += _ask(site, session).decode().split("\x1e")
        if any(packet.startswith(wanted) for packet in heard):
            return
    raise CheckError(f"{wanted} does not come; {heard} did")


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


def _json(site: str, path: str, body: Any = None, token: str = "") -> Any:
    try:
        told = json.loads(_ask(site, path, json.dumps(body).encode() if body else None, token))
    except ValueError as problem:
        raise CheckError(f"{path} answers no JSON") from problem
    if not isinstance(told, dict):
        raise CheckError(f"{path} says {told}")
    return told


def _ask(site: str, path: str, body: bytes | None = None, token: str = "", method: str | None = None) -> bytes:
    kind = "application/json" if body and body.startswith(b"{") else "text/plain;charset=UTF-8"
    headers = {"Content-Type": kind} if body is not None else {}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(site + path, data=body, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            content: bytes = answer.read()
    except urllib.error.HTTPError as problem:
        with problem:
            raise CheckError(f"{path} answers {problem.code}: {problem.read()[:200]!r}") from problem
    except OSError as problem:
        raise CheckError(f"{path} does not answer ({problem})") from problem
    return content


def _address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise argparse.ArgumentTypeError(f"{text} is no address; it begins with https://")
    return text.rstrip("/").removesuffix("/api")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; the exit status is 1 where something does not work."""
    parser = argparse.ArgumentParser(prog="python -m infra.aws.smoke", description="Whether an installation works.")
    parser.add_argument("site", type=_address, help="its address: https://kitsu.example.com, without /api")
    return report(parser.parse_args(arguments).site, patience=0.0)


if __name__ == "__main__":
    sys.exit(main())
