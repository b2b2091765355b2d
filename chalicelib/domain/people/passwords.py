"""Passwords: their rules, their salted hashes (docs/contract/people.md section 3)."""

from typing import Final

from chalicelib.errors import Invalid
from chalicelib.settings import current

# With this one nobody gets in; it only opens the way to choose another (section 2.3).
DEFAULT: Final = "default"
# bcrypt looks at no more, and its hashes in existing installations were made of no more.
_MOST_BYTES: Final = 72
_SALT_AND_HASH: Final = 53


def hashed(password: str) -> str:
    """The salted hash of a password. Costs CPU time on purpose (`settings.bcrypt_rounds`)."""
    import bcrypt

    return bcrypt.hashpw(_bytes(password), bcrypt.gensalt(current().bcrypt_rounds)).decode()


def matches(password: str, kept: str | None) -> bool:
    """Whether a password is the one that was hashed.

    Takes as long without a hash as with one, so that the time of an answer tells nobody who has an account.
    """
    import bcrypt

    decoy = f"$2b${current().bcrypt_rounds:02d}$" + "." * _SALT_AND_HASH
    try:
        same = bcrypt.checkpw(_bytes(password), (kept or decoy).encode())
    except ValueError:
        # What an import brought along and is no hash of ours lets nobody in.
        return False
    return same and kept is not None


def validate(password: str, repeated: str) -> None:
    """Raises Invalid for a password that is too short, or not the one that was typed again."""
    refuse_short(password)
    if password != repeated:
        raise Invalid("The two passwords differ.", "password", "the same password twice")


def refuse_short(password: str) -> None:
    """Raises Invalid for a password that is too short."""
    least = current().password_length
    if len(password) < least:
        raise Invalid("The password is too short.", "password", f"at least {least} characters")


def _bytes(password: str) -> bytes:
    return password.encode(errors="replace")[:_MOST_BYTES]
