"""The stream function: carries the events of the journal on, and takes up the jobs that were left meanwhile."""

from typing import Any, Final

from chalicelib.events.carrying import carry
from chalicelib.functions import jobs
from chalicelib.functions.event_listeners import LISTENERS

_SECONDS_FOR_JOBS: Final = 20.0


def handle(stream_event: dict[str, Any]) -> dict[str, Any]:
    """Takes on a batch of the table's stream; gives Lambda's `batchItemFailures`."""
    failures = carry(stream_event, LISTENERS)
    jobs.take_up(_SECONDS_FOR_JOBS)
    return failures
