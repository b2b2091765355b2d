"""The stream function: events of the journal, in the order of their writing, on to those who listen."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.records.production import API_EVENT
from chalicelib.store import objects
from chalicelib.store.bulk_writing import FROM_ELSEWHERE

_log = logging.getLogger("vulpes.events")
_IN_JOURNAL = f"#{API_EVENT.table}"
Event = dict[str, Any]
Listener = Callable[[Event], None]


def carry(stream_event: dict[str, Any], listeners: Mapping[str, Listener]) -> dict[str, Any]:
    """Takes on the new journal items of a DynamoDB stream event; delivery is at least once.

    listeners: who hears of an event, by its name. Gives Lambda's `batchItemFailures`: where a listener fails, this
    event and those after it come again, so that none is left out and the order stays; what was taken on does not.
    """
    for record in stream_event.get("Records", ()):
        event = _event_in(record)
        if event is None:
            continue
        _log.info(json.dumps({"event": event["name"], "id": event["id"], "data": event["data"]}))
        try:
            if (listener := listeners.get(event["name"])) is not None:
                listener(event)
        except Exception:
            _log.exception("The event %s was not taken on; it comes again.", event["id"])
            return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
    return {"batchItemFailures": []}


def _event_in(record: dict[str, Any]) -> Event | None:
    """The event that a change of the table added to the journal; None for any other change.

    What came with a backup was carried on when it happened.
    """
    image = record.get("dynamodb", {}).get("NewImage", {})
    if record.get("eventName") != "INSERT" or not image.get("pk", {}).get("S", "").endswith(_IN_JOURNAL):
        return None
    if "doc" not in image or image.get("at", {}).get("S") == FROM_ELSEWHERE:
        return None
    event: Event = json.loads(image["doc"]["S"])
    if "big" in image and (spilled := objects.get(image["big"]["S"])) is not None:
        event |= json.loads(spilled).get("doc", {})
    return event
