"""How far a migration has come, in a file: what is done is not looked at again by the run that takes it up."""

from pathlib import Path
from typing import Final

import msgspec

from infra.local.folder import write_whole
from infra.migrate.target import Tally

STUDIO_STEP: Final = "studio"


class _State(msgspec.Struct):
    """`done`: by step (the studio, or the id of a production), what became of each kind; of the run under way alone."""

    source: str
    done: dict[str, dict[str, Tally]] = {}
    letters: list[str] = []


class State:
    """The state of moving one studio here."""

    def __init__(self, path: Path, source: str) -> None:
        self._path = path
        try:
            self._state = msgspec.json.decode(path.read_bytes(), type=_State)
        except (FileNotFoundError, msgspec.DecodeError):
            self._state = _State(source)
        if self._state.source != source:
            self._state = _State(source)

    def done(self, step: str) -> dict[str, Tally] | None:
        """What became of a step that the run under way has done already, else None."""
        return self._state.done.get(step)

    def note(self, step: str, tallies: dict[str, Tally]) -> None:
        """Notes that a step is done."""
        self._state.done[step] = tallies
        self._write()

    def is_told(self, person_id: str) -> bool:
        """Whether a letter went to somebody."""
        return person_id in self._state.letters

    def note_letter(self, person_id: str) -> None:
        """Notes that a letter went to somebody."""
        self._state.letters.append(person_id)
        self._write()

    def finish(self) -> None:
        """The run came to its end: the next one looks at everything."""
        self._state.done.clear()
        self._write()

    def _write(self) -> None:
        write_whole(self._path, msgspec.json.encode(self._state))
