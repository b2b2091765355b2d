"""The stream function: events of the journal, in the order of their writing, on to those who listen."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.records.production import API_EVENT
from chalicelib.store import objects
from chalicelib.store.bulk_writing import FROM_ELSEWHERE

_log = logging.getLogger("vulpes.events")
Event = dict[str, Any]
Listener = Callable[[Event], None]


def carry(stream_event: dict[str, Any], listeners: Mapping[str, Listener]) -> dict[str, Any]:
    """Takes on the new journal items of a DynamoDB stream event; delivery is at least once.

    listeners: who hears of an event, by its name. Gives Lambda's `batchItemFailures`: an event that cannot be read, or
    that its listener does not take, comes again, and so do those after it of the same home, whose order stays. What
    others wrote is not held up: that of another home is taken on, and comes again as Lambda goes back to the first
    failure; whoever listens does a thing once per event (store/deliveries.py).
    """
    failures: list[dict[str, str]] = []
    held_back: set[str] = set()
    for record in stream_event.get("Records", ()):
        home = _home_of(record)
        if home is None:
            continue
        if home not in held_back and not _is_taken_on(record, listeners):
            held_back.add(home)
        if home in held_back:
            failures.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
    return {"batchItemFailures": failures}


def events_in(stream_event: dict[str, Any]) -> list[Event]:
    """The events of a batch, in the order of their writing; one that cannot be read is left out."""
    found = []
    for record in stream_event.get("Records", ()):
        if _home_of(record) is not None:
            try:
                found.append(_event_in(record["dynamodb"]["NewImage"]))
            except Exception:
                _log.exception("The event %s cannot be told.", record["dynamodb"].get("Keys"))
    return found


def everything(stream_event: dict[str, Any]) -> dict[str, Any]:
    """Lambda's `batchItemFailures` that have all of a batch come again."""
    numbers = [record["dynamodb"]["SequenceNumber"] for record in stream_event.get("Records", ())]
    return {"batchItemFailures": [{"itemIdentifier": number} for number in numbers]}


def _is_taken_on(record: dict[str, Any], listeners: Mapping[str, Listener]) -> bool:
    try:
        event = _event_in(record["dynamodb"]["NewImage"])
        _log.info(json.dumps({"event": event["name"], "id": event["id"], "data": event.get("data")}))
        if (listener := listeners.get(event["name"])) is not None:
            listener(event)
    except Exception:
        _log.exception("The event %s was not taken on; it comes again.", record["dynamodb"].get("Keys"))
        return False
    return True


def _home_of(record: dict[str, Any]) -> str | None:
    """The home of the event that a change of the table added to the journal; None for any other change.

    What came with a backup was carried on when it happened.
    """
    image = record.get("dynamodb", {}).get("NewImage", {})
    pk = image.get("pk", {}).get("S", "")
    if record.get("eventName") != "INSERT" or not pk.endswith(f"#{API_EVENT.table}"):
        return None
    home: str = pk.partition("#")[0]
    return home if "doc" in image and image.get("at", {}).get("S") != FROM_ELSEWHERE else None


def _event_in(image: dict[str, Any]) -> Event:
    """The event that an item of the journal holds; raises where it holds none, or where a part cannot be read."""
    event: Event = json.loads(image["doc"]["S"])
    if "own" in image:
        # Who hears of it may hang on a record that is gone.
        event["subject"] = json.loads(image["own"]["S"]).get("subject")
    if "big" in image and (spilled := objects.get(image["big"]["S"])) is not None:
        event |= json.loads(spilled).get("doc", {})
    return event
