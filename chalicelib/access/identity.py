"""From a token to the caller: one read, which also brings the stamp of the reference data."""

from chalicelib.access.caller import Caller
from chalicelib.access.tokens import Claims, marks, read
from chalicelib.errors import NotSignedIn
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.store import keys, reads, reference, session


def caller_of(token_text: str | None) -> Caller:
    """The caller who holds an access token; raises what `tokens.read` raises, NotSignedIn for a revoked one."""
    return holder(read(token_text))


def refreshing(token_text: str | None) -> Caller:
    """The caller who holds a refresh token."""
    return holder(read(token_text, "refresh"))


def holder(claims: Claims) -> Caller:
    """The caller who holds the token of these claims; NotSignedIn for a revoked one (one read)."""
    revoked = marks(claims)
    rows = reads.items([keys.STAMP_KEY, *revoked])
    reference.note_stamp(rows.get(keys.STAMP_KEY))
    if any(mark in rows for mark in revoked):
        raise NotSignedIn("This token is no longer valid.")
    caller = holder_unless_revoked(claims)
    session.current().caller_id = caller.id
    return caller


def holder_unless_revoked(claims: Claims) -> Caller:
    """The same where the token is known not to be logged out: what the person's record says of it."""
    person = reference.find(PERSON, claims.person_id)
    if person is None or not person["active"]:
        raise NotSignedIn("This token is no longer valid.")
    if claims.identity == "person":
        if claims.generation < (person.get("token_generation") or 0) and not _is_kept(claims, person):
            raise NotSignedIn("This token is no longer valid.")
    elif claims.token_id != person.get("jti"):
        raise NotSignedIn("This token was replaced by another one.")
    return Caller(person, claims.identity, claims.token_id, claims.session_id)


def _is_kept(claims: Claims, person: Record) -> bool:
    """Whether it is of the session in which the person ended all others."""
    return claims.session_id == person.get("kept_session")
