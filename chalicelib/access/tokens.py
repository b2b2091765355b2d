"""JSON Web Tokens: issuing, reading, revoking (docs/contract/people.md section 2.1)."""

import contextlib
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.errors import InvalidToken, NotSignedIn
from chalicelib.records.record import Record
from chalicelib.store import keys
from chalicelib.store.changes import write
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
_ALGORITHM: Final = "HS256"


@dataclass(frozen=True)
class Claims:
    """What a token says. `generation` tells whether the person was made inactive since it was issued."""

    person_id: str
    token_id: str
    identity: str
    expires: int | None

    @property
    def generation(self) -> int:
        """Counts how often the person had been made inactive when the token was issued."""
        told = self.token_id.split(".", 1)[0]
        return int(told) if told.isdigit() else 0


def issue(person: Record, sort: str = "access", identity: str = "person", expires: int | None = None) -> str:
    """A new token for a person: `access` or `refresh`; `expires` (epoch seconds) replaces the usual life."""
    now = int(time.time())
    token_id = f"{person.get('token_generation') or 0}.{uuid.uuid4()}"
    life = ACCESS_SECONDS if sort == "access" else REFRESH_SECONDS
    return _sign(person.id, token_id, sort, identity, now, expires or now + life)


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
    """Makes a token void for the rest of its life."""
    expires = claims.expires or int(time.time()) + ACCESS_SECONDS
    write(lambda changes: changes.put(Entry(*keys.revoked(claims.token_id), at="revoked", ttl=expires + 3600)))
