"""How many people a studio may have (docs/contract/people.md section 5)."""

import uuid

from chalicelib.errors import Invalid
from chalicelib.records.fields import STUDIO
from chalicelib.records.people import PERSON
from chalicelib.settings import current
from chalicelib.store import keys, reads, reference
from chalicelib.store.changes import Changes


def claim_place(changes: Changes, count: int = 1) -> None:
    """Takes a place for one more active person, or for several at once; bots need none.

    Raises Invalid where the studio has as many as it may have. Of several who come in at once one does at a time: a
    command whose count another one has overtaken begins again (one read, the persons that changed, one item).
    """
    key = keys.claim(STUDIO, PERSON, "active")
    seen = reads.claimant(key)
    # Whoever took a place before that look has to be among those that are counted.
    reference.look_again()
    limit = current().person_limit
    active = sum(bool(one["active"]) and not one["is_bot"] for one in reference.every(PERSON).values())
    if active + count > limit:
        raise Invalid("The studio has as many active people as it may have.", data={"limit": limit})
    changes.claim(key, str(uuid.uuid4()), seen)
