"""Naming conventions of clips: `${project_name}_${sequence_name}-${shot_name}` (docs/contract/interchange.md 3)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from chalicelib.errors import Invalid

FIELD: Final = "naming_convention"
_VARIABLE: Final = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_IN_A_NAME: Final = re.compile(r"\w*")
# Reading a name takes the square of its length for each variable at worst; names of shots have 160 characters.
_MOST_CHARACTERS, _MOST_VARIABLES = 200, 8


@dataclass(frozen=True)
class Convention:
    """A naming convention, and whether the case of letters counts where names are compared with it."""

    text: str
    match_case: bool = True

    def __post_init__(self) -> None:
        if len(self.text) > _MOST_CHARACTERS or len(_VARIABLE.findall(self.text)) > _MOST_VARIABLES:
            expected = f"at most {_MOST_CHARACTERS} characters, {_MOST_VARIABLES} of them variables"
            raise Invalid("The naming convention is too long.", FIELD, expected)

    def filled(self, values: Mapping[str, str]) -> str:
        """The name of what has these values, to be compared with `compared` ones."""
        return self.compared(_VARIABLE.sub(lambda found: values.get(found[1] or found[2], found[0]), self.text))

    def compared(self, name: str) -> str:
        """A name as it is compared."""
        return name if self.match_case else name.lower()

    def read(self, name: str) -> Mapping[str, str] | None:
        """What a name tells of each variable, in the case it is written in; None where it does not begin like that.

        Each variable is as long a run of letters, digits and `_` as the rest allows.
        """
        return self._read(name, 0, 0, set()) if len(name) <= _MOST_CHARACTERS else None

    @cached_property
    def _parts(self) -> Sequence[tuple[str, str]]:
        """Texts, each with the variable before it; the first has none."""
        parts, variable, end = [], "", 0
        for found in _VARIABLE.finditer(self.text):
            parts.append((variable, self.text[end : found.start()]))
            variable, end = found[1] or found[2], found.end()
        return [*parts, (variable, self.text[end:])]

    def _read(self, name: str, at: int, number: int, failed: set[tuple[int, int]]) -> dict[str, str] | None:
        if number == len(self._parts):
            return {}
        if (at, number) in failed:
            return None
        variable, text = self._parts[number]
        run = _IN_A_NAME.match(name, at)
        longest = run.end() if run and variable else at
        for end in range(longest, at if variable else at - 1, -1):
            if name.startswith(text, end):
                rest = self._read(name, end + len(text), number + 1, failed)
                if rest is not None:
                    return {variable: name[at:end], **rest} if variable else rest
        failed.add((at, number))
        return None
