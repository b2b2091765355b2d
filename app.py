"""The Chalice app: the HTTP entry and the functions that events call. Nothing else."""

from typing import Any

from chalicelib import routes
from chalicelib.http.application import VulpesApp, request_id
from chalicelib.http.log import RequestLog
from chalicelib.settings import current
from chalicelib.store import large_answers, session
from chalicelib.store.patience import REQUEST_SECONDS

app = VulpesApp(
    app_name="vulpes",
    routes=routes.declarations(),
    around=lambda: session.opened(seconds=REQUEST_SECONDS, request_id=request_id()),
    overflow=large_answers.keep,
    log=RequestLog(counter=session.cost),
)


@app.on_sqs_message(queue=current().media_queue, batch_size=1, name="media")
def media(event: Any) -> None:
    """Makes the derived pictures and movies of what was uploaded."""
    from chalicelib.functions.media import handle_queue_event

    with session.opened():
        handle_queue_event(event.to_dict())


@app.on_sqs_message(queue=current().outbox_queue, batch_size=1, name="deliver")
def deliver(event: Any) -> None:
    """Sends what waits for webhooks and chat services."""
    from chalicelib.functions.outbox import handle_queue_event

    with session.opened():
        handle_queue_event(event.to_dict())


@app.on_sns_message(topic=current().mail_topic, name="mail_feedback")
def mail_feedback(event: Any) -> None:
    """Notes on people that letters to them came back, or that they complained of one."""
    from chalicelib.functions import mail_feedback as function

    with session.opened():
        function.handle(event.to_dict())


@app.on_dynamodb_record(stream_arn=current().stream, name="carry_events")
def carry_events(event: Any) -> dict[str, Any]:
    """Carries the events of the journal on, in the order in which they were written."""
    from chalicelib.functions import stream

    with session.opened():
        return stream.handle(event.to_dict())


@app.on_dynamodb_record(
    stream_arn=current().stream, name="audit", batch_size=500, maximum_batching_window_in_seconds=10
)
def audit(event: Any) -> dict[str, Any]:
    """Keeps who changed what, for the audit."""
    from chalicelib.functions import audit as function

    with session.opened():
        return function.handle(event.to_dict())


@app.schedule("rate(15 minutes)", name="sweep")
def sweep(event: Any) -> None:
    """Takes up what was left half-way: previews that hang, deletions that were cut off."""
    del event
    from chalicelib.functions.sweep import sweep as take_up

    with session.opened():
        take_up()


@app.schedule("rate(4 minutes)", name="look_after_live")
def look_after_live(event: Any) -> None:
    """Asks the clients of the event stream whether they are still there, and clears away those that are not."""
    del event
    from chalicelib.functions.live import look_after

    with session.opened():
        look_after()
