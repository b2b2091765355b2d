"""The stream function: events of the journal, in the order of their writing, on to those who listen."""

import json
import logging
from collections.abc import Iterator
from typing import Any

from chalicelib.records.production import API_EVENT

_log = logging.getLogger("vulpes.events")


def carry(stream_event: dict[str, Any]) -> None:
    """Takes on the new journal items of a DynamoDB stream event; delivery is at least once."""
    for event in events_in(stream_event):
        _log.info(json.dumps({"event": event["name"], "id": event["id"], "data": event["data"]}))


def events_in(stream_event: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The journal's events in a stream event, as records."""
    suffix = f"#{API_EVENT.table}"
    for record in stream_event.get("Records", ()):
        image = record.get("dynamodb", {}).get("NewImage", {})
        if record.get("eventName") == "INSERT" and image.get("pk", {}).get("S", "").endswith(suffix) and "doc" in image:
            yield json.loads(image["doc"]["S"])
