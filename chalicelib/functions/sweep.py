"""What the schedule function takes up again."""

from functools import partial
from typing import Final

from chalicelib.domain.files import missing_uploads, orphans
from chalicelib.domain.files.preparation import retry_stuck
from chalicelib.domain.jobs import apart, deletions
from chalicelib.domain.people.deletion import resume as resume_person
from chalicelib.domain.playlists.build_jobs import give_up_stuck
from chalicelib.domain.production.deletion import resume as resume_project
from chalicelib.functions import jobs, outbox
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT

_SECONDS_FOR_JOBS: Final = 120.0
_SECONDS_FOR_ORPHANS: Final = 60.0
_DELETIONS: Final[dict[str, deletions.Resume]] = {PROJECT.table: resume_project, PERSON.table: resume_person}


def sweep() -> None:
    """Does the jobs that were left, resumes deletions that were cut off, processes previews anew that hang,
    gives those up whose file never came, ends builds that hang; has messages sent that wait for it; clears away
    objects that nobody names.

    One of these that fails holds up none of the others; it raises in the end, so that the function counts as failed.
    """
    apart.every(
        (
            ("Taking up jobs", partial(jobs.take_up, _SECONDS_FOR_JOBS)),
            ("Resuming deletions", resume_deletions),
            ("Taking up uploads", retry_stuck),
            ("Waking for messages to other servers", outbox.wake_left),
            ("Ending builds", give_up_stuck),
            ("Breaking previews without a file", missing_uploads.give_up),
            ("Clearing away objects", partial(orphans.collect, _SECONDS_FOR_ORPHANS)),
        )
    )


def resume_deletions() -> None:
    """Takes up the deletions that were cut off."""
    deletions.take_up(_DELETIONS)
