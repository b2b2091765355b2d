"""A post office that keeps letters, and short ways to what these tests look at."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.people import lookup, visitor_rate_limit
from chalicelib.domain.people.second_factor import totp
from chalicelib.mail import sending
from chalicelib.mail.letters import Letter
from chalicelib.records.fields import Kind
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.settings import current
from chalicelib.store import keys, reads, session
from chalicelib.store.changes import write


class PostOffice:
    """Keeps what it is given; refuses everything while it is closed."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.closed = False

    def deliver(self, letter: Letter) -> None:
        if self.closed:
            raise sending.NotSent("Closed")
        self.letters.append(letter)

    @property
    def last(self) -> Letter:
        return self.letters[-1]

    @property
    def token(self) -> str:
        """The token in the link of the last letter."""
        found = re.search(r"token=(\w+)", self.last.text)
        assert found is not None
        return found[1]


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    office = PostOffice()
    monkeypatch.setattr(sending, "office", lambda: office)
    return office


Configure = Callable[..., None]


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Configure:
    """Sets settings by the names of their variables: `configure(PERSON_LIMIT=3)`."""

    def set_all(**values: Any) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"VULPES_{name}", str(value))
        current.cache_clear()

    return set_all


def stored(email: str) -> Record:
    """The record of a person as it is now."""
    session.current().stamp = None
    found = lookup.by_email(email)
    assert found is not None
    return found


def change(email: str, **values: Any) -> None:
    """Changes a record behind the back of the API: to let time pass, say."""
    person = stored(email)
    write(lambda changes: changes.update(changes.read(PERSON, person.id), **values))
    session.current().stamp = None


def create(kind: Kind, **values: Any) -> Record:
    """A record made behind the back of the API."""
    made = write(lambda changes: changes.create(kind, values))
    session.current().stamp = None
    return made


def failures_of(name: str) -> int:
    """How many failures are counted of a visitor right now: `login#127.0.0.1`."""
    row = reads.item(*keys.attempts(name, int(time.time()) // visitor_rate_limit.WINDOW_SECONDS))
    return int(row.v.N) if row else 0


class HalfMinutes:
    """A clock for codes of applications, which stands until a test lets time pass."""

    def __init__(self) -> None:
        self.seconds = 1_700_000_000

    def __call__(self) -> int:
        return self.seconds

    def pass_by(self, seconds: int = 30) -> None:
        self.seconds += seconds


@pytest.fixture
def half_minutes(monkeypatch: pytest.MonkeyPatch) -> HalfMinutes:
    clock = HalfMinutes()
    monkeypatch.setattr(totp, "now", clock)
    return clock
