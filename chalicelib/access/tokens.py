"""JSON Web Tokens: issuing, reading, revoking (docs/contract/people.md section 2.1)."""

import contextlib
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.errors import InvalidToken, NotSignedIn
from chalicelib.records import clock
from chalicelib.records.record import Record
from chalicelib.store import keys
from chalicelib.store.changes import Changes, write
from chalicelib.store.entry import Entry
from chalicelib.store.secrets import token_secrets


@contextlib.contextmanager
def _hidden(module: str) -> Iterator[None]:
    """Has imports in the body find no such module, unless it was imported before; for the time an app starts alone."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[module]


# PyJWT loads cryptography wherever it is installed, for signatures that are never taken here: a sixth of a cold start.
with _hidden("cryptography"):
    import jwt

ACCESS_SECONDS: Final = 7 * 86_400
REFRESH_SECONDS: Final = 15 * 86_400
_DAY: Final = 86_400
_ALGORITHM: Final = "HS256"
_ALONE: Final = ".alone"


@dataclass(frozen=True)
class Claims:
    """What a token says.

    The id of a login's token is `<generation>.<session>.<a number of its own>`, and `.alone` where it was refreshed by
    a script, which keeps what it had before.
    """

    person_id: str
    token_id: str
    identity: str
    expires: int | None

    @property
    def generation(self) -> int:
        """How often everything of the person had been ended when the token was issued."""
        told = self.token_id.split(".", 1)[0]
        return int(told) if told.isdigit() else 0

    @property
    def session_id(self) -> str:
        """What the tokens of one login have in common."""
        return self.token_id.split(".")[1] if "." in self.token_id else self.token_id

    @property
    def is_alone(self) -> bool:
        """Whether it ends without the session that it is of."""
        return self.token_id.endswith(_ALONE)


def issue(person: Record, sort: str = "access", session_id: str = "", alone: bool = False) -> str:
    """A new token of a login: `access` or `refresh`; of a session of its own where none is named."""
    now = int(time.time())
    token_id = f"{person.get('token_generation') or 0}.{session_id or _number()}.{_number()}{_ALONE if alone else ''}"
    life = ACCESS_SECONDS if sort == "access" else REFRESH_SECONDS
    return _sign(person.id, token_id, sort, "person", now, now + life)


def issue_pair(person: Record) -> tuple[str, str]:
    """The access token and the refresh token of a new session."""
    session_id = _number()
    return issue(person, "access", session_id), issue(person, "refresh", session_id)


def _number() -> str:
    return uuid.uuid4().hex


def issue_script_token(person: Record, token_id: str, expires: int | None) -> str:
    """The token of a bot or a script; valid while the person keeps its `token_id`.

    Source: docs/contract/people.md section 6.
    """
    identity = "bot" if person["is_bot"] else "person_api"
    return _sign(person.id, token_id, "access", identity, int(time.time()), expires)


def _sign(person_id: str, token_id: str, sort: str, identity: str, now: int, expires: int | None) -> str:
    claims: dict[str, Any] = {
        "fresh": False,
        "iat": now,
        "jti": token_id,
        "type": sort,
        "sub": person_id,
        "nbf": now,
        "identity_type": identity,
    }
    if expires is not None:
        claims["exp"] = expires
    return jwt.encode(claims, token_secrets()[0], algorithm=_ALGORITHM)


def read(text: str | None, sort: str = "access") -> Claims:
    """The claims of a token of that sort.

    Raises NotSignedIn (401) for none or an expired one, InvalidToken (422) for what is no token of ours or is of the
    other sort.
    """
    if not text:
        raise NotSignedIn("You are not signed in.")
    claims = _verified(text)
    if claims.get("type") != sort:
        raise InvalidToken(f"A token of the sort {sort!r} is expected here.")
    return Claims(str(claims["sub"]), str(claims["jti"]), str(claims.get("identity_type", "person")), claims.get("exp"))


def _verified(text: str) -> dict[str, Any]:
    for secret in token_secrets():
        try:
            return jwt.decode(
                text, secret, algorithms=[_ALGORITHM], options={"require": ["sub", "jti", "type"]}, leeway=2
            )
        except jwt.InvalidSignatureError:
            continue
        except jwt.ExpiredSignatureError:
            # gazu refreshes its token on exactly these words (docs/contract/clients.md).
            raise NotSignedIn("Signature has expired") from None
        except jwt.InvalidTokenError:
            break
    raise InvalidToken("This is not a valid token.")


def revoke(claims: Claims) -> None:
    """Makes a token void for the rest of its life, with its session: the refresh token that it came with, and what that
    gave; one that is alone ends alone."""
    marked, end = claims.token_id, claims.expires or int(time.time()) + ACCESS_SECONDS
    if not claims.is_alone:
        marked, end = claims.session_id, max(end, int(time.time()) + REFRESH_SECONDS)

    def command(changes: Changes) -> None:
        changes.put(Entry(*keys.revoked(marked), at="revoked", ttl=end + 3600))
        # Sessions of the event stream end by it at once (domain/live/), and it is forgotten when they are gone.
        changes.put(Entry(*keys.live_end(marked), at=clock.now(), ttl=int(time.time()) + _DAY))

    write(command)


def marks(claims: Claims) -> list[tuple[str, str]]:
    """The keys under which it may be marked as revoked."""
    return [keys.revoked(claims.token_id), keys.revoked(claims.session_id)]
