"""The data folder: one stack at a time, its secret, and how far the functions have come."""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from infra.local.problem import StartProblem

_OWNER_FOLDER: Final = 0o700
_OWNER_FILE: Final = 0o600


class DataFolder:
    """A folder that belongs to one running stack. Without a path it is a temporary one, gone at the end."""

    def __init__(self, path: Path | None) -> None:
        self.temporary = path is None
        self._umask: int | None = None
        try:
            if path is None:
                path = Path(tempfile.mkdtemp(prefix="vulpes-"))
            self.path = path.resolve()
            self.path.mkdir(parents=True, exist_ok=True, mode=_OWNER_FOLDER)
            # One that others could enter may hold what they can read; it is gone through once.
            self._was_open = bool(self.path.stat().st_mode & 0o077)
            self.path.chmod(_OWNER_FOLDER)
            self._lock = (self.path / "lock").open("a")
        except OSError as error:
            raise StartProblem(
                f"The data folder {path} cannot be written ({error.strerror}). Choose another with --data."
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    @property
    def lock_descriptor(self) -> int:
        """The descriptor that carries the lock: a child that inherits it holds the folder until it ends, too."""
        return self._lock.fileno()

    def acquire(self, patience: float = 10.0) -> None:
        """Makes this process the owner; StartProblem where another stack is."""
        end = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._close_to_others()
                return
            except OSError as error:
                if time.monotonic() > end:
                    raise StartProblem(
                        f"Another server works on the data folder {self.path}. Stop it, or choose another with --data."
                    ) from error
                time.sleep(0.05)

    def _close_to_others(self) -> None:
        """What is in the folder, and what this process and its engine write from now on, is the owner's alone."""
        self._umask = os.umask(0o077)
        for file in self.path.rglob("*") if self._was_open else ():
            # The work of another function may end between the look and this.
            with contextlib.suppress(FileNotFoundError):
                if not file.is_symlink():
                    file.chmod(_OWNER_FOLDER if file.is_dir() else _OWNER_FILE)

    def release(self) -> None:
        """Lets others have the folder; a temporary one is removed."""
        if self._umask is not None:
            os.umask(self._umask)
            self._umask = None
        if not self._lock.closed:
            fcntl.flock(self._lock, fcntl.LOCK_UN)
            self._lock.close()
        if self.temporary:
            shutil.rmtree(self.path, ignore_errors=True)

    def secret(self) -> str:
        """The secret that signs tokens, made once: who is signed in stays so over a restart."""
        file = self.path / "secret"
        if not file.exists():
            write_whole(file, secrets.token_urlsafe(48).encode(), mode=0o600)
        return file.read_text().strip()


class Progress:
    """Small facts that outlive the process: positions in the stream, last runs of schedules."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._facts: dict[str, Any] = {}
        with contextlib.suppress(OSError, ValueError):
            self._facts = json.loads(file.read_text())

    def get(self, name: str) -> Any:
        """A fact, None where nobody noted it."""
        return self._facts.get(name)

    def note(self, name: str, value: Any) -> None:
        """Keeps a fact; it is on disk when this returns."""
        with self._lock:
            self._facts[name] = value
            write_whole(self._file, json.dumps(self._facts, indent=1).encode())


def write_whole(file: Path, data: bytes, mode: int = _OWNER_FILE) -> None:
    """Writes a file so that a crash leaves the old one or the new one, never half of it."""
    fresh = file.with_name(file.name + ".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as target:
        target.write(data)
    fresh.replace(file)
