"""How far a command has come: a bar on a terminal, else a line now and then."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

_WIDTH: Final = 30
_BAR_SECONDS: Final = 0.1
_LINE_SECONDS: Final = 10.0


class Step:
    """A part of the work; `total` is 0 where nobody knows how much there is. Threads may share it."""

    def __init__(self, label: str, total: int, output: TextIO) -> None:
        self.label = label
        self.total = total
        self.done = 0
        self._output = output
        self._is_terminal = output.isatty()
        self._told = time.monotonic()
        self._lock = threading.Lock()

    def advance(self, count: int = 1) -> None:
        """Tells that so much more is done."""
        with self._lock:
            self.done += count
            pause = _BAR_SECONDS if self._is_terminal else _LINE_SECONDS
            if time.monotonic() - self._told >= pause:
                self._told = time.monotonic()
                self._show("\r" if self._is_terminal else "", "" if self._is_terminal else "\n")

    def close(self) -> None:
        """Shows where it ended."""
        with self._lock:
            self._show("\r" if self._is_terminal else "", "\n")

    def _show(self, before: str, after: str) -> None:
        of = f" of {max(self.total, self.done):,}" if self.total else ""
        bar = f" [{self._bar()}]" if self._is_terminal and self.total else ""
        self._output.write(f"{before}{self.label:<24}{bar} {self.done:,}{of}{after}")
        self._output.flush()

    def _bar(self) -> str:
        filled = min(_WIDTH, _WIDTH * self.done // max(self.total, 1))
        return "#" * filled + "." * (_WIDTH - filled)


class Progress:
    """Shows the steps of a command on a stream, standard error by default."""

    def __init__(self, output: TextIO | None = None) -> None:
        self._output = output or sys.stderr

    @contextmanager
    def step(self, label: str, total: int = 0) -> Iterator[Step]:
        """A part of the work, shown until the body ends."""
        step = Step(label, total, self._output)
        yield step
        step.close()

    def say(self, line: str) -> None:
        """Shows a line of its own."""
        self._output.write(f"{line}\n")
        self._output.flush()
