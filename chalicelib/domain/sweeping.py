"""What the schedule function takes up again."""

from chalicelib.domain.production.deletion import resume_deletions
from chalicelib.media.work import retry_stuck


def sweep() -> None:
    """Resumes deletions that were cut off, and processes previews anew that hang."""
    resume_deletions()
    retry_stuck()
