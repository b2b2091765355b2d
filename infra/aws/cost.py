"""What a month on AWS costs, by how many people work in which way: `python -m infra.aws.cost` prints docs/cost.md.

Amounts are counted by the tests or the bench, or are assumptions; which is which stands beside each.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from infra.aws.alarms import alarms
from infra.aws.live import WAIT_SECONDS
from infra.aws.prices import PRICES

Amounts = Counter[str]

HOUR: Final = 3600
# Memory of the functions in GB (.chalice/config.json, stage prod).
API_GB: Final = 1.769
EVENTS_GB: Final = 0.5
# Counted in tests/unit/live/test_cost.py: requests to the database, as units, of a client that says that it is there.
PONG_READS: Final = 2.0
PONG_WRITES: Final = 2.0
# Bench (docs/performance.md): units of reading a record or an unchanged board. Counted (infra/bench/write_units.py): of
# a comment with its status change, which is the dearest of the usual writes (a new asset takes 12), and of its audit.
REQUEST_READS: Final = 5.0
WRITE_UNITS: Final = 48.0
AUDIT_UNITS: Final = 6.0
AUDIT_SECONDS: Final = 0.05
# Seconds of a function: Lambda bills by the time that it takes, waiting for the database included.
PONG_SECONDS: Final = 0.02
READ_SECONDS: Final = 0.03
WRITE_SECONDS: Final = 0.08
BATCH_SECONDS: Final = 0.15
PING_MINUTES: Final = 4
SWEEP_MINUTES: Final = 15
# Bytes of a session's item: a batch reads all of them.
SESSION_BYTES: Final = 350
# GB of logs a call of a function (Lambda's lines and its own), and a request at the gateway (access_logs.py); tests
# measure the latter.
CALL_LOG_GB: Final = 0.6e-6
ACCESS_LOG_GB: Final = 0.7e-6
# What X-Ray takes where it is on: a request a second, and of the rest a twentieth.
TRACED_SHARE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Studio:
    """How a studio works. All of it are assumptions: put your own.

    hours: with the interface open, a day. days: a month. writes: comments, times, statuses, uploads … of a person a
    day. hearing: the share of those connected that is told of a write (people of its production). reads: requests of a
    person a day besides. uploads: files a person a day, megabytes each; viewed: megabytes looked at a person a day.
    """

    people: int
    hours: float = 8
    days: float = 22
    writes: float = 20
    hearing: float = 0.33
    reads: float = 400
    uploads: float = 1
    megabytes: float = 10
    viewed: float = 150
    kept_months: float = 12

    @property
    def session_hours(self) -> float:
        """Hours a month in which somebody is connected, summed over people."""
        return self.people * self.hours * self.days

    @property
    def heard_an_hour(self) -> float:
        """Messages that a connected person is told an hour."""
        return self.people * self.writes * self.hearing / self.hours if self.hours else 0.0


def polls_an_hour(messages: float) -> float:
    """Polls of a session an hour that is told so many messages, at moments that know nothing of each other.

    A poll lasts until a message comes, 20 s at most.
    """
    if not messages:
        return HOUR / WAIT_SECONDS
    rate = messages / HOUR
    return messages / (1 - math.exp(-WAIT_SECONDS * rate))


def session_hour(messages: float) -> Amounts:
    """What an hour of a session takes that is told so many messages besides the questions whether it is there."""
    pings = 60 / PING_MINUTES
    polls = polls_an_hour(messages + pings)
    return Counter(
        {
            # A poll, and the answer to a ping.
            "api": polls + pings,
            "site": polls + pings,
            "edge": polls + pings,
            # Taken, and put.
            "sqs": polls + messages + pings,
            "calls": pings,
            "gb_seconds": pings * PONG_SECONDS * API_GB,
            "reads": pings * PONG_READS,
            "writes": pings * PONG_WRITES,
            "log_gb": pings * (CALL_LOG_GB + ACCESS_LOG_GB),
        }
    )


def batch(sessions: float) -> Amounts:
    """What it takes to tell of a batch of events besides the messages: a call, and reading who is there."""
    units = max(1.0, sessions * SESSION_BYTES / 4096)
    return Counter({"calls": 1.0, "gb_seconds": BATCH_SECONDS * EVENTS_GB, "reads": units})


def live(studio: Studio) -> Amounts:
    """Live events of a month."""
    told = studio.people * studio.writes * studio.days
    connected = studio.people * min(1.0, studio.hours / 8)
    opened = studio.people * studio.days * 2
    schedule = 30 * 24 * 60 / PING_MINUTES
    return _sum(
        _times(session_hour(studio.heard_an_hour), studio.session_hours),
        _times(batch(connected), told),
        # Opened and joined, and the queue made and taken away.
        Counter({"api": 3 * opened, "site": 3 * opened, "sqs": 3 * opened, "calls": 2 * opened, "writes": 6 * opened}),
        Counter(
            {"calls": schedule, "gb_seconds": schedule * 0.3 * EVENTS_GB, "reads": schedule * (2 + connected / 12)}
        ),
    )


def rest(studio: Studio) -> Amounts:
    """Everything else of a month."""
    month = studio.people * studio.days
    reads, writes, uploads = month * studio.reads, month * studio.writes, month * studio.uploads
    sweeps = 30 * 24 * 60 / SWEEP_MINUTES
    return Counter(
        {
            "api": reads + writes,
            "site": reads + writes,
            "edge": reads + writes,
            # A write is followed by a call of the function that notes who changed what.
            "calls": reads + 2 * writes + uploads + sweeps,
            "gb_seconds": reads * READ_SECONDS * API_GB
            + writes * (WRITE_SECONDS * API_GB + AUDIT_SECONDS * EVENTS_GB)
            + uploads * 5 * 3.0
            + sweeps * 1 * EVENTS_GB,
            "reads": reads * REQUEST_READS + sweeps * 20,
            "writes": writes * (WRITE_UNITS + AUDIT_UNITS),
            "table_gb": writes * studio.kept_months * 20e-6,
            "file_gb": uploads * studio.kept_months * studio.megabytes / 1000 * 1.5,
            "file_puts": uploads * 6,
            "file_gets": month * 60,
            "out": month * studio.viewed / 1000,
            "alarms": sum(what["Type"] == "AWS::CloudWatch::Alarm" for what in alarms("api").values()),
            "log_gb": (reads + writes) * (CALL_LOG_GB + ACCESS_LOG_GB),
            "traces": 0.0,
            "mails": month * 2,
        }
    )


def polls(studio: Studio) -> float:
    """Polls of live events a month."""
    return studio.session_hours * polls_an_hour(studio.heard_an_hour + 60 / PING_MINUTES)


def traces(studio: Studio) -> float:
    """Traces a month where X-Ray is on (tracing.py); polls have none."""
    asked = _sum(live(studio), rest(studio))["api"] - polls(studio)
    first = min(asked, studio.days * studio.hours * HOUR)
    return first + (asked - first) * TRACED_SHARE


def dollars(amounts: Mapping[str, float], free: bool = True) -> float:
    """The price of amounts, with or without what an account has for nothing."""
    return sum(PRICES[name].of(amount, free) for name, amount in amounts.items())


def split(studio: Studio) -> tuple[float, float, float]:
    """Dollars of a month: all, of it live events (what would be saved without), of it the files that are kept."""
    whole = _sum(live(studio), rest(studio))
    kept = dollars({"file_gb": whole["file_gb"]})
    return dollars(whole), dollars(whole) - dollars(rest(studio)), kept


def most_writes(studio: Studio, budget: float) -> float:
    """How much a person may write a day, so that live events alone stay within a budget (dollars a month)."""
    low, high = 0.0, 10_000.0
    for _ in range(60):
        middle = (low + high) / 2
        within = dollars(live(replace(studio, writes=middle))) <= budget
        low, high = (middle, high) if within else (low, middle)
    return low


def _sum(*parts: Amounts) -> Amounts:
    whole: Amounts = Counter()
    for part in parts:
        whole.update(part)
    return whole


def _times(amounts: Amounts, factor: float) -> Amounts:
    return Counter({name: amount * factor for name, amount in amounts.items()})


def main() -> None:
    """Prints the page."""
    from infra.aws.cost_page import page

    print(page(), end="")


PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "cost.md"

if __name__ == "__main__":
    main()
