"""Previews whose file never came: after a day they are broken, and say why (docs/contract/files.md 6.3)."""

from contextlib import suppress
from functools import partial
from typing import Final

from chalicelib.domain.dependents import places
from chalicelib.domain.files import processing
from chalicelib.domain.jobs import apart
from chalicelib.errors import Invalid, NotFound
from chalicelib.records import clock
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.record import Record
from chalicelib.store import objects, reads

HOURS: Final = 24
NEVER_SENT: Final = f"No file came within {HOURS} hours. Send it now, or add another preview."
LOST: Final = "The file that was sent is not there any more. Send it again with another preview."
_STATUS: Final = "processing"


def give_up() -> int:
    """Breaks the previews whose file never came; gives how many (one query a production, on an index of these alone).

    Whose upload waits for work, or was begun within the day, is left alone: preparation.retry_stuck sees to it.
    """
    day_ago = clock.shift(clock.now(), hours=-HOURS)
    span = ("..", f"{_STATUS}#", f"{_STATUS}#{day_ago}")
    homes = places.all_productions()
    found = reads.parallel([partial(reads.query, PREVIEW_FILE, home, "unfinished", span) for home in homes])
    broken = []

    def look_at(preview: Record) -> None:
        if _is_left(preview, day_ago) and not _has_arrived(preview) and _break(preview):
            broken.append(preview.id)

    apart.every((f"Breaking {one.id}", partial(look_at, one)) for part in found for one in part)
    return len(broken)


def _is_left(preview: Record, day_ago: str) -> bool:
    begun = (preview.get("upload") or {}).get("at", "")
    return str(preview["status"]) == _STATUS and max(begun, preview["updated_at"]) < day_ago


def _has_arrived(preview: Record) -> bool:
    upload = preview.get("upload") or {}
    return bool(upload) and objects.size(upload["key"]) is not None


def _break(preview: Record) -> bool:
    reason = NEVER_SENT if preview["original_name"] is None else LOST
    with suppress(NotFound, Invalid):
        processing.give_up(preview, reason)
        return True
    return False
