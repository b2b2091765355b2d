"""What the schedule function takes up again."""

from typing import Final

from chalicelib.domain import deletions
from chalicelib.domain.people import removal
from chalicelib.domain.production import deletion
from chalicelib.media.work import retry_stuck
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT

_DELETIONS: Final[dict[str, deletions.Resume]] = {PROJECT.table: deletion.resume, PERSON.table: removal.resume}


def sweep() -> None:
    """Resumes deletions that were cut off, and processes previews anew that hang."""
    resume_deletions()
    retry_stuck()


def resume_deletions() -> None:
    """Takes up the deletions that were cut off."""
    deletions.take_up(_DELETIONS)
