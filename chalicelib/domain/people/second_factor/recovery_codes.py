"""Recovery codes: for who has lost the phone or the key. Kept as hashes, each good once.

Source: docs/contract/people.md 4.2.
"""

import secrets
import string
from typing import Final

from chalicelib.domain.people.second_factor import codes
from chalicelib.records.people import PERSON
from chalicelib.store.changes import Changes, write

COUNT: Final = 16
LENGTH: Final = 10
_ALPHABET: Final = string.ascii_uppercase + string.digits


def make(person_id: str) -> tuple[list[str], list[str]]:
    """New codes for a person, to be shown this once, and their hashes, to be kept."""
    made = ["".join(secrets.choice(_ALPHABET) for _ in range(LENGTH)) for _ in range(COUNT)]
    return made, [codes.hashed(person_id, code) for code in made]


def spend(person_id: str, code: str) -> bool:
    """Whether a code is one of the person's, who then has it no more (one read, one transaction)."""
    hashed = codes.hashed(person_id, code)

    def command(changes: Changes) -> bool:
        person = changes.read(PERSON, person_id)
        kept = person["otp_recovery_codes"] or []
        left = [one for one in kept if not codes.equal(one, hashed)]
        if len(left) == len(kept):
            return False
        changes.update(person, otp_recovery_codes=left)
        return True

    return write(command)
