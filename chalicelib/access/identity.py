"""From a token to the caller: one read, which also brings the stamp of the reference data."""

from chalicelib.access.caller import Caller
from chalicelib.access.tokens import Claims, marks, read
from chalicelib.errors import NotSignedIn
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.store import keys, reads, reference, session


def caller_of(token_text: str | None) -> Caller:
    """The caller who holds an access token; raises what `tokens.read` raises, NotSignedIn for a revoked one."""
    return _holder(read(token_text))


def refreshing(token_text: str | None) -> Caller:
    """The caller who holds a refresh token."""
    return _holder(read(token_text, "refresh"))


def _holder(claims: Claims) -> Caller:
    revoked = marks(claims)
    rows = reads.items([keys.STAMP_KEY, *revoked])
    reference.note_stamp(rows.get(keys.STAMP_KEY))
    person = reference.find(PERSON, claims.person_id)
    if person is None or not person["active"] or any(mark in rows for mark in revoked):
        raise NotSignedIn("This token is no longer valid.")
    if claims.identity == "person":
        if claims.generation < (person.get("token_generation") or 0) and not _is_kept(claims, person):
            raise NotSignedIn("This token is no longer valid.")
    elif claims.token_id != person.get("jti"):
        raise NotSignedIn("This token was replaced by another one.")
    session.current().caller_id = person.id
    return Caller(person, claims.identity, claims.token_id, claims.session_id)


def _is_kept(claims: Claims, person: Record) -> bool:
    """Whether it is of the session in which the person ended all others."""
    return claims.session_id == person.get("kept_session")
