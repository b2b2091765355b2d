"""The pages that anybody may look at: what this is, how it is configured, whether it is well.

Source: docs/contract/people.md 14.
"""

from typing import Any

from chalicelib.access import rules as access
from chalicelib.domain.people import installation
from chalicelib.http.answers import Answer
from chalicelib.http.call import Call
from chalicelib.http.routing import Area

area = Area("status", "What anybody may know of an installation.")


@area.get("/", access=access.anybody)
def index(call: Call) -> dict[str, str]:
    """Tells which API this is."""
    del call
    return installation.identity()


@area.get("/config", access=access.anybody)
def config(call: Call) -> dict[str, Any]:
    """What a client asks before anybody has signed in."""
    del call
    return installation.configuration()


@area.get("/status", access=access.anybody)
def status(call: Call) -> dict[str, Any]:
    """Tells which parts are up."""
    del call
    return installation.health()


@area.get("/status.txt", access=access.anybody, answer="text/plain")
def status_text(call: Call) -> Answer:
    """Tells which parts are up, as lines of text."""
    del call
    return Answer(installation.health_lines().encode(), content_type="text/plain; charset=utf-8")


@area.get("/status/influx", access=access.anybody)
def status_figures(call: Call) -> dict[str, int]:
    """Tells which parts are up, as numbers."""
    del call
    return installation.health_figures()


@area.get("/status/resources", access=access.anybody)
def status_resources(call: Call) -> dict[str, Any]:
    """Tells what the machine has left."""
    del call
    return installation.resources()


@area.get("/status/test-event", access=access.anybody)
def test_event(call: Call) -> dict[str, bool]:
    """Sends an event to those who listen, so that one can see whether events arrive."""
    del call
    installation.announce_test()
    return {"success": True}
