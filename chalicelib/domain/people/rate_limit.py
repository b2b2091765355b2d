"""How often something may be tried in ten minutes."""

from typing import Final

from chalicelib.errors import TooManyRequests
from chalicelib.store import throttle

_WINDOW_SECONDS: Final = 600


def is_beyond(name: str, most: int) -> bool:
    """Counts a try, unless there were `most` of that name already: then tells so (one call)."""
    return throttle.take(name, _WINDOW_SECONDS, most) is None


def refuse_beyond(name: str, most: int) -> None:
    """Counts a try; raises TooManyRequests for one beyond `most` of that name."""
    if is_beyond(name, most):
        raise TooManyRequests("That was tried too often; wait ten minutes.")
