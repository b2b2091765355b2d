"""How the check of a deployment asks an installation: requests, a file for the bucket, and a client of live events."""

import json
import secrets
import urllib.error
import urllib.request
from typing import Any, Final

# A poll is answered within 20 s.
_SECONDS: Final = 30.0
_MOST_POLLS: Final = 4
LIVE: Final = "/socket.io/?EIO=4&transport=polling"


class CheckError(Exception):
    """What does not work; the message says what was seen."""


def ask(site: str, path: str, body: bytes | None = None, token: str = "", method: str | None = None) -> bytes:
    """What the installation answers. Raises CheckError where it refuses, or does not answer."""
    kind = "application/json" if body and body.startswith(b"{") else "text/plain;charset=UTF-8"
    headers = {"Content-Type": kind} if body is not None else {}
    request = urllib.request.Request(site + path, data=body, headers=headers, method=method)
    if token:
        # Not to the bucket that a request is led on to: it refuses who has a token besides a signature.
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    return _opened(request, path)


def ask_json(site: str, path: str, body: Any = None, token: str = "") -> Any:
    """The same of an object. Raises CheckError where the answer is none."""
    try:
        told = json.loads(ask(site, path, json.dumps(body).encode() if body else None, token))
    except ValueError as problem:
        raise CheckError(f"{path} answers no JSON") from problem
    if not isinstance(told, dict):
        raise CheckError(f"{path} says {told}")
    return told


def sign_in(site: str, email: str, password: str) -> str:
    """The token of somebody."""
    signed = ask_json(site, "/api/auth/login", {"email": email, "password": password})
    return str(signed.get("access_token", ""))


def send_file(url: str, fields: dict[str, str], name: str, content: bytes) -> None:
    """Posts a file to the bucket, as the form that the API offered for it."""
    border = secrets.token_hex(16)
    parts = [_part(border, f'name="{field}"', value.encode()) for field, value in fields.items()]
    parts.append(_part(border, f'name="file"; filename="{name}"', content))
    body = b"".join([*parts, f"--{border}--\r\n".encode()])
    kind = {"Content-Type": f"multipart/form-data; boundary={border}"}
    # The address holds no secret: those are in the form.
    _opened(urllib.request.Request(url, data=body, headers=kind, method="POST"), url)


class Listener:
    """A client of live events that hears as somebody."""

    def __init__(self, site: str, token: str) -> None:
        self._site = site
        opened = ask(site, LIVE).decode()
        if not opened.startswith("0{"):
            raise CheckError(f"a session of live events is not opened: {opened[:200]}")
        self._session = f"{LIVE}&sid={json.loads(opened[1:])['sid']}"
        ask(site, self._session, f"40/events,{json.dumps({'token': token})}".encode())
        self.hear("40/events,")

    def hear(self, *wanted: str) -> None:
        """Waits for a packet with all these words in it, the first at its beginning. Raises CheckError."""
        heard: list[str] = []
        # A poll takes one message, and is answered after 20 s where there is none.
        for _ in range(_MOST_POLLS):
            heard += ask(self._site, self._session).decode().split("\x1e")
            if any(packet.startswith(wanted[0]) and all(word in packet for word in wanted) for packet in heard):
                return
        raise CheckError(f"{wanted[0]} does not come; {heard} did")

    def end(self) -> None:
        """Closes the session."""
        ask(self._site, self._session, b"1")


def _part(border: str, disposition: str, content: bytes) -> bytes:
    return f"--{border}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode() + content + b"\r\n"


def _opened(request: urllib.request.Request, shown: str) -> bytes:
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            content: bytes = answer.read()
    except urllib.error.HTTPError as problem:
        with problem:
            raise CheckError(f"{shown} answers {problem.code}: {problem.read()[:200]!r}") from problem
    except OSError as problem:
        raise CheckError(f"{shown} does not answer ({problem})") from problem
    return content
