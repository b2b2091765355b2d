"""The stream function: carries the events of the journal on, and takes up the jobs that were left meanwhile."""

import contextvars
import threading
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from chalicelib.domain.jobs import apart
from chalicelib.domain.live import broadcast
from chalicelib.domain.webhooks import publishing
from chalicelib.events.carrying import Event, carry, events_in
from chalicelib.functions import jobs
from chalicelib.functions.event_listeners import LISTENERS
from chalicelib.store.stream import changes_in, come_again

_SECONDS_FOR_JOBS: Final = 20.0
# Whoever is still to be told by then hears nothing of it: the next batch waits.
_SECONDS_FOR_TELLING: Final = 10.0


def handle(stream_event: dict[str, Any]) -> dict[str, Any]:
    """Takes on a batch of the table's stream; gives Lambda's `batchItemFailures`.

    Those who listen are told meanwhile: that neither holds up letters and messages nor lets them be sent again.
    """
    events = events_in(stream_event)
    telling = threading.Thread(
        target=partial(contextvars.copy_context().run, _tell, events), name="telling", daemon=True
    )
    telling.start()
    # No other server is called here: what it is to be sent stands in the table then, or the events come again.
    untold = apart.each([("Telling webhooks", partial(publishing.publish, events))])
    failures = carry(stream_event, LISTENERS)
    failures = come_again(changes_in(stream_event)) if untold else failures
    telling.join(_SECONDS_FOR_TELLING)
    # Nothing of the batch comes again for the sake of a job: what is left is taken up with the next one, or swept.
    apart.each([("Taking up jobs", partial(jobs.take_up, _SECONDS_FOR_JOBS))])
    return failures


def _tell(events: Sequence[Event]) -> None:
    apart.each([("Telling those who listen", lambda: broadcast.tell(events))])
