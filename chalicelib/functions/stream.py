"""The stream function: carries the events of the journal on, and takes up the jobs that were left meanwhile."""

from functools import partial
from typing import Any, Final

from chalicelib.domain.jobs import apart
from chalicelib.events.carrying import carry
from chalicelib.functions import jobs
from chalicelib.functions.event_listeners import LISTENERS

_SECONDS_FOR_JOBS: Final = 20.0


def handle(stream_event: dict[str, Any]) -> dict[str, Any]:
    """Takes on a batch of the table's stream; gives Lambda's `batchItemFailures`."""
    failures = carry(stream_event, LISTENERS)
    # Nothing of the batch comes again for the sake of a job: what is left is taken up with the next one, or swept.
    apart.each([("Taking up jobs", partial(jobs.take_up, _SECONDS_FOR_JOBS))])
    return failures
