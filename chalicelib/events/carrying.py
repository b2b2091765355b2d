"""The stream function: events of the journal, in the order of their writing, on to those who listen."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.records.production import API_EVENT
from chalicelib.store.bulk_writing import FROM_ELSEWHERE
from chalicelib.store.stream import Change, Image, changes_in, come_again, texts_in

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
    failures: list[Change] = []
    held_back: set[str] = set()
    for change in _told_in(stream_event):
        if change.home not in held_back and not _is_taken_on(change, listeners):
            held_back.add(change.home)
        if change.home in held_back:
            failures.append(change)
    return come_again(failures)


def events_in(stream_event: dict[str, Any]) -> list[Event]:
    """The events of a batch, in the order of their writing; one that cannot be read is left out."""
    found = []
    for change in _told_in(stream_event):
        try:
            found.append(_event_in(change.new))
        except Exception:
            _log.exception("The event %s cannot be told.", change.sk)
    return found


def _is_taken_on(change: Change, listeners: Mapping[str, Listener]) -> bool:
    try:
        event = _event_in(change.new)
        _log.info(json.dumps({"event": event["name"], "id": event["id"], "data": event.get("data")}))
        if (listener := listeners.get(event["name"])) is not None:
            listener(event)
    except Exception:
        _log.exception("The event %s was not taken on; it comes again.", change.sk)
        return False
    return True


def _told_in(stream_event: dict[str, Any]) -> list[Change]:
    """The changes that added an event to the journal; what came with a backup was carried on when it happened."""
    return [
        change
        for change in changes_in(stream_event)
        if change.is_insert
        and change.pk.endswith(f"#{API_EVENT.table}")
        and "doc" in change.new
        and change.new.get("at") != FROM_ELSEWHERE
    ]


def _event_in(image: Image) -> Event:
    """The event that an item of the journal holds; raises where it holds none, or where a part cannot be read."""
    texts, _ = texts_in(image)
    assert texts is not None, "What is no event is told nobody."
    event: Event = json.loads(texts.doc)
    if texts.own:
        # Who hears of it may hang on a record that is gone.
        event["subject"] = json.loads(texts.own).get("subject")
    return event
