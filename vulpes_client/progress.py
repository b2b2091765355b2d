"""A bar on the terminal."""

import os
import sys
from typing import Optional, TextIO

_WIDTH = 30


class Bar:
    """Shows how much of a file is there, on one line; nothing where nobody looks."""

    def __init__(self, file_path: str, stream: Optional[TextIO] = None) -> None:
        self._name = os.path.basename(file_path)
        self._stream = stream or sys.stderr
        self._seen = self._stream.isatty()

    def __call__(self, there: int, size: int) -> None:
        """Draws it anew: `there` of `size` bytes."""
        if not self._seen:
            return
        filled = _WIDTH * there // max(size, 1)
        bar = "#" * filled + "." * (_WIDTH - filled)
        end = "\n" if there >= size else ""
        text = f"\r{self._name} [{bar}] {there / 1e6:.0f} of {size / 1e6:.0f} MB{end}"
        self._stream.write(text)
        self._stream.flush()
