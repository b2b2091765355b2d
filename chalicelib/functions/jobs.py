"""Taking up the jobs that were left: every module that declares some is imported here (domain/jobs/job.py)."""

from typing import Final

from chalicelib.domain.audit import forgetting
from chalicelib.domain.comments import automations, posting
from chalicelib.domain.counters import readiness
from chalicelib.domain.dependents import moving, removal
from chalicelib.domain.files import revision_copy
from chalicelib.domain.jobs import job
from chalicelib.domain.notifications import creation, deletion
from chalicelib.domain.people.crud import days_off
from chalicelib.domain.playlists import build_jobs
from chalicelib.domain.production import budgets
from chalicelib.interchange.csv_imports import continuation as csv_continuation
from chalicelib.interchange.kitsu import continuation as kitsu_continuation
from chalicelib.interchange.shotgun import continuation as shotgun_continuation

DECLARED_IN: Final = (
    automations,
    budgets,
    build_jobs,
    creation,
    csv_continuation,
    days_off,
    deletion,
    forgetting,
    kitsu_continuation,
    moving,
    posting,
    readiness,
    removal,
    revision_copy,
    shotgun_continuation,
)


def take_up(seconds: float) -> int:
    """Runs the jobs that their requests did not live to run, for so long; gives how many were tried."""
    return job.take_up(seconds)
