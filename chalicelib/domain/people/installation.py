"""What anybody may know of an installation: its versions, its settings, whether it is well.

Source: docs/contract/people.md 14.
"""

import os
import time
from pathlib import Path
from typing import Any, Final

from chalicelib.domain.people import mail_problems, organisation
from chalicelib.errors import VulpesError
from chalicelib.events.journal import emit_live
from chalicelib.records import clock
from chalicelib.settings import current
from chalicelib.store.changes import write

API: Final = "Zou"
VERSION: Final = "0.20.42"
_MEMORY: Final = Path("/proc/meminfo")
_PROCESSOR: Final = Path("/proc/stat")
_IDLE_FIELDS: Final = (3, 4)


def identity() -> dict[str, str]:
    """`{api, version}`: what clients know a server by."""
    return {"api": API, "version": VERSION}


def configuration() -> dict[str, Any]:
    """What a client asks before anybody has signed in. It makes no organisation: anybody may ask."""
    settings, studio = current(), organisation.find_organisation()
    sentry = {"dsn": settings.sentry_dsn, "sampleRate": settings.sentry_sample_rate}
    return {
        "is_self_hosted": True,
        "crisp_token": "",
        "dark_theme_by_default": bool(studio and studio["dark_theme_by_default"]),
        "indexer_configured": settings.search_advertised,
        "saml_enabled": settings.saml_enabled,
        "saml_idp_name": settings.saml_idp_name if settings.saml_enabled else "",
        "default_locale": settings.default_locale,
        "default_timezone": settings.default_timezone,
        **({"sentry": sentry} if settings.sentry_dsn else {}),
    }


def health() -> dict[str, Any]:
    """`{name, version, …-up}`.

    One read of the table tells of the records, of revoked tokens and counters, and of the journal of events: they all
    live in it. The queue is a managed service, up where one is configured. The search reads the records. Mail is down
    from the first letter that the service refused to the next one that it took.
    """
    table, mail_down = _look()
    found = {
        "name": API,
        "version": VERSION,
        "database-up": table,
        "event-stream-up": table,
        "key-value-store-up": table,
        "job-queue-up": bool(current().media_queue),
        "indexer-up": table,
        "mail-up": not mail_down,
    }
    return {**found, **mail_down}


def _look() -> tuple[bool, dict[str, str]]:
    """Whether the table answers (its stamp is read), and since when mail is down and why, if it is."""
    try:
        return True, mail_problems.down()
    except VulpesError:
        return False, {}


def health_lines() -> str:
    """The health as lines `key: value`: those that have always been there, whoever reads them goes by their number."""
    words = {True: "up", False: "down"}
    lines = {name: value for name, value in health().items() if not name.startswith("mail")}
    return "".join(f"{name}: {words.get(value, value)}\n" for name, value in lines.items())


def health_figures() -> dict[str, int]:
    """The health as numbers, 1 for up, and the time in seconds."""
    ups = {name: int(value) for name, value in health().items() if name.endswith("-up")}
    return {**ups, "time": int(time.time())}


def resources() -> dict[str, Any]:
    """What the machine that answers has left: `{date, cpu, memory, jobs}`; null where it does not tell."""
    return {
        "date": clock.shown(clock.now()),
        "cpu": {"percent": _busy_percent(), "loadavg": [round(load, 2) for load in os.getloadavg()]},
        "memory": _memory(),
        # Media jobs run in functions of their own, never in the one that answers.
        "jobs": {"running_jobs": 0},
    }


def _busy_percent() -> float | None:
    """The share of processor time that was not idle since the machine started."""
    first = _lines(_PROCESSOR)[:1]
    times = [int(word) for word in first[0].split()[1:]] if first else []
    idle = sum(times[field] for field in _IDLE_FIELDS if field < len(times))
    return round(100 * (1 - idle / sum(times)), 1) if sum(times) else None


def _memory() -> dict[str, Any]:
    """Bytes of memory: `{total, used, available, percent}`."""
    told = {name: int(rest.split()[0]) * 1024 for name, _, rest in (line.partition(":") for line in _lines(_MEMORY))}
    total, available = told.get("MemTotal"), told.get("MemAvailable")
    if total is None or available is None:
        return dict.fromkeys(("total", "used", "available", "percent"))
    used = total - available
    return {"total": total, "used": used, "available": available, "percent": round(100 * used / total, 1)}


def _lines(path: Path) -> list[str]:
    # Only Linux, on which functions run, tells it this way.
    return path.read_text().splitlines() if path.exists() else []


def announce_test() -> None:
    """Sends `main:test` to those who listen."""
    write(lambda changes: emit_live(changes, "main:test"))
