"""Sending the messages to a destination: a round of the queue function (docs/adr/0017-webhooks.md).

One function at a time works for a destination, so that a slow one takes one function and no more from all others. A
message that fails comes again after growing pauses, for a day; an attempt that is cut off is made once more, so that a
receiver may get a message twice, under the same id.
"""

import contextvars
import json
import logging
import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol

import msgspec

from chalicelib.outgoing import requests
from chalicelib.outgoing.addresses import NotAllowed, NotSent
from chalicelib.records import clock
from chalicelib.store import outbox
from chalicelib.store.outbox import Attempt, Message, Turn

_log = logging.getLogger("vulpes.outbox")
# A day, all in all: 5 s, 30 s, 2 min, 10 min, half an hour, and hours.
PAUSES: Final = (5, 30, 120, 600, 1800, 3600, 7200, 14_400, 21_600, 36_000)
AT_ONCE: Final = 8
# The function has 60 s (.chalice/config.json); an attempt that begins at the end of the round takes ten.
SECONDS_OF_A_ROUND: Final = 35.0
# Who fails all of so many is not asked for the rest at once.
_REST_SECONDS: Final = 60.0
_LONGEST_AFTER: Final = 3600
_MOST_ATTEMPTS_KEPT: Final = 20
_LONGEST_ANSWER: Final = 500


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt. `again`: another one may help; `after`: no sooner than in so many seconds."""

    attempt: Attempt
    delivered: bool
    again: bool = True
    after: float = 0.0


@dataclass(frozen=True)
class Verdict:
    """What the answer to an attempt means: whether the message was taken, and else whether another attempt may help."""

    reply: requests.Reply
    delivered: bool
    again: bool = True


Outcomes = Sequence[tuple[Message, Outcome]]


class Sender(Protocol):
    """Knows how the messages to a destination are sent."""

    def send(self, message: Message) -> Outcome:
        """Makes one attempt; called by several threads."""

    def note(self, outcomes: Outcomes) -> bool:
        """Takes notice of what became of some attempts; whether the destination is to be sent more."""


def deliver(destination: str, sender: Sender | None) -> None:
    """Sends what is due to a destination, for half a minute at most, and sees to it that somebody comes for the rest.

    sender: None where the destination is gone, or switched off.
    """
    until = time.monotonic() + SECONDS_OF_A_ROUND
    while sender is not None and (turn := Turn.take(destination)) is not None:
        try:
            pause = _work(destination, sender, turn, until)
        finally:
            turn.give_up()
        # What came between the last look and now found the turn taken, and was left to this one.
        due = outbox.earliest(destination) if pause is not None else None
        if pause is None or due is None:
            return
        now = clock.now()
        if (due := max(due, clock.shift(now, seconds=pause))) > now:
            outbox.come_again(destination, due)
            return
        if time.monotonic() > until:
            outbox.wake(destination)
            return


def _work(destination: str, sender: Sender, turn: Turn, until: float) -> float | None:
    """Sends what is due; gives for how many seconds the destination is to be left alone, None where for good."""
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="outbox") as workers:
        while time.monotonic() <= until and turn.goes_on() and (messages := outbox.due(destination, AT_ONCE)):
            futures = [workers.submit(contextvars.copy_context().run, _sent, sender, one) for one in messages]
            outcomes = [(message, future.result()) for message, future in zip(messages, futures, strict=True)]
            outbox.save(_after(message, outcome) for message, outcome in outcomes)
            _log_attempts(outcomes)
            if not sender.note(outcomes):
                return None
            if len(outcomes) == AT_ONCE and not any(outcome.delivered for _, outcome in outcomes):
                return _REST_SECONDS
    return 0.0


def _sent(sender: Sender, message: Message) -> Outcome:
    try:
        return sender.send(message)
    except Exception:
        _log.exception("The message %s to %s is tried again.", message.id, message.destination)
        return not_sent("Something failed here.", again=True)


def _after(message: Message, outcome: Outcome) -> Message:
    """The message after an attempt."""
    change = partial(
        msgspec.structs.replace,
        message,
        tries=message.tries + 1,
        attempts=[*message.attempts, outcome.attempt][-_MOST_ATTEMPTS_KEPT:],
    )
    if outcome.delivered or not outcome.again or message.tries >= len(PAUSES):
        return change(status="delivered" if outcome.delivered else "failed", next_attempt_at=None)
    pause = max(PAUSES[message.tries] * random.uniform(0.9, 1.1), outcome.after)
    return change(next_attempt_at=clock.shift(clock.now(), seconds=pause))


def attempt(call: Callable[[], Verdict]) -> Outcome:
    """Makes the requests of one attempt, and tells what became of it."""
    at, began = clock.shown(clock.now()), time.monotonic()
    seen = partial(Attempt, at=at)
    try:
        verdict = call()
    except NotSent as problem:
        tried = seen(seconds=_since(began), problem=str(problem))
        return Outcome(tried, delivered=False, again=not isinstance(problem, NotAllowed))
    reply = verdict.reply
    answer = reply.body.decode(errors="replace")[:_LONGEST_ANSWER]
    tried = seen(seconds=_since(began), status=reply.status, answer=answer)
    return Outcome(tried, verdict.delivered, verdict.again, _asked_to_wait(reply))


def not_sent(problem: str, again: bool = False) -> Outcome:
    """What became of a message that nobody could be asked to take."""
    return Outcome(Attempt(clock.shown(clock.now()), 0.0, problem=problem), delivered=False, again=again)


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)


def _asked_to_wait(reply: requests.Reply) -> float:
    """For how long the answer asks to be left alone, in seconds; an hour at most."""
    told = reply.headers.get("retry-after", "")
    return float(min(int(told), _LONGEST_AFTER)) if told.isascii() and told.isdigit() and len(told) < 10 else 0.0


def _log_attempts(outcomes: Outcomes) -> None:
    for message, outcome in outcomes:
        told: dict[str, Any] = {"outbox": message.destination, "message": message.id, "delivered": outcome.delivered}
        tried = outcome.attempt
        _log.info(json.dumps({**told, "status": tried.status, "seconds": tried.seconds, "problem": tried.problem}))
