"""The schedule of the event stream (domain/live/upkeep.py)."""

from chalicelib.domain.live import upkeep


def look_after() -> None:
    """Asks the clients for a sign of life, and clears away those that are gone."""
    upkeep.look_after()
