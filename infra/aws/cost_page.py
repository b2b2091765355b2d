"""docs/cost.md, out of the figures of `cost.py` and `prices.py`."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from infra.aws import cost, live
from infra.aws.cost import Studio
from infra.aws.prices import PRICES
from infra.aws.template import LOG_DAYS

_TYPICAL: Final = Studio(100)
_TEXT: Final = Path(__file__).with_name("cost_page.md")
_BUDGET: Final = 20.0
_NAMES: Final = ("api", "site", "edge", "sqs", "calls", "gb_seconds", "reads", "writes")


def page() -> str:
    """The page as Markdown."""
    typical = _TYPICAL
    return _TEXT.read_text().format(
        typical=typical,
        studios=_studios(),
        hours=_hours(),
        prices=_prices(),
        names=" | ".join(_NAMES),
        rule=" --- |" * (len(_NAMES) + 1),
        file_gb=PRICES["file_gb"].dollars,
        wait=live.WAIT_SECONDS,
        floor=cost.HOUR // live.WAIT_SECONDS,
        session_bytes=cost.SESSION_BYTES,
        ping_minutes=cost.PING_MINUTES,
        pong_ms=f"{cost.PONG_SECONDS * 1000:.0f}",
        pong_reads=f"{cost.PONG_READS:.0f}",
        pong_writes=f"{cost.PONG_WRITES:.0f}",
        most_writes=f"{cost.most_writes(typical, _BUDGET):.0f}",
        most_writes_heard_by_all=f"{cost.most_writes(replace(typical, hearing=1), _BUDGET):.0f}",
        heard_by_100=f"{typical.heard_an_hour:.0f}",
        heard_by_500=f"{Studio(500).heard_an_hour:.0f}",
        live=f"{_live(typical):.0f}",
        always=f"{_always():.0f}",
        sockets=f"{_sockets():.0f}",
        log_days=LOG_DAYS["prod"],
        poll_logs=f"{cost.polls(typical) * cost.ACCESS_LOG_GB:.1f}",
        poll_logs_dollars=f"{PRICES['log_gb'].of(cost.polls(typical) * cost.ACCESS_LOG_GB, free=False):.2f}",
        call_logs=f"{_logs(typical):.1f}",
        call_logs_dollars=f"{PRICES['log_gb'].of(_logs(typical), free=False):.2f}",
        log_free=f"{PRICES['log_gb'].free:.0f}",
        traces=f"{cost.traces(typical) / 1e6:.1f}",
        traces_dollars=f"{PRICES['traces'].of(cost.traces(typical)):.2f}",
    )


def _logs(studio: Studio) -> float:
    return cost.live(studio)["log_gb"] + cost.rest(studio)["log_gb"]


def _studios() -> str:
    rows = []
    for people in (0, 10, 100, 500):
        whole, live, files = cost.split(Studio(people))
        bare = cost.dollars(cost.live(Studio(people)), free=False) + cost.dollars(cost.rest(Studio(people)), free=False)
        rows.append(f"| {people or 'nobody'} | {whole:.2f} $ | {live:.2f} $ | {files:.2f} $ | {bare:.2f} $ |")
    return "\n".join(rows)


def _hours() -> str:
    rows = []
    for messages in (0, 15, 60, 120, 400):
        amounts = cost.session_hour(messages)
        told = " | ".join(f"{amounts[name]:.1f}" for name in _NAMES)
        month = cost.dollars({name: amount * _TYPICAL.session_hours for name, amount in amounts.items()})
        rows.append(f"| {messages} | {told} | {month:.2f} |")
    return "\n".join(rows)


def _live(studio: Studio) -> float:
    return cost.split(studio)[1]


def _always() -> float:
    return _live(replace(_TYPICAL, hours=24, days=30.4, writes=_TYPICAL.writes * _TYPICAL.days / 30.4))


def _sockets() -> float:
    told = _TYPICAL.session_hours * (_TYPICAL.heard_an_hour + 2 * 60 / cost.PING_MINUTES)
    return _TYPICAL.session_hours * 60 * 0.25e-6 + told * 1e-6


def _prices() -> str:
    def free(amount: float) -> str:
        return f"{amount:,.0f}" if amount else ""

    return "\n".join(
        f"| {price.what} | {price.dollars:g} | {price.per:,.0f} | {free(price.free)} |" for price in PRICES.values()
    )
