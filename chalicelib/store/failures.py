"""What a failure of the database means: whether something was written, and whether another try makes sense.

The one place that knows the codes of refusals, by their names without `Exception` or `Error`: those of requests and
those in the reasons of a transaction are the same words.
"""

from typing import Final, Literal

import msgspec

from chalicelib.errors import Unavailable
from chalicelib.store.transport import NotConnected

# refused: it will not be written, however often it is asked for. throttled, unsent: not written, another try may be.
# unclear: it may have been written, or may yet.
Meaning = Literal["refused", "throttled", "unsent", "unclear"]

_MEANINGS: Final[dict[str, Meaning]] = {
    "ProvisionedThroughputExceeded": "throttled",
    "Throttling": "throttled",
    "Throttled": "throttled",
    "RequestLimitExceeded": "throttled",
    "TransactionConflict": "throttled",
    # A clock that was off is put right with the answer that says so (store/wire.py).
    "InvalidSignature": "unsent",
    "InternalServer": "unclear",
    "InternalFailure": "unclear",
    "ServiceUnavailable": "unclear",
    "TransactionInProgress": "unclear",
}
_CONDITION: Final = "ConditionalCheckFailed"


class _Refusal(msgspec.Struct):
    type: str = msgspec.field(default="", name="__type")


_decode: Final = msgspec.json.Decoder(_Refusal).decode


def meaning(problem: BaseException) -> Meaning:
    """What a failure of a request to the database says of it: an error of pynamodb, or of the connection."""
    cause = getattr(problem, "cause", None) or problem
    answered = getattr(cause, "response", None)
    if isinstance(answered, dict):
        return of_code(_code(answered), answered.get("ResponseMetadata", {}).get("HTTPStatusCode") or 400)
    # All else, time-outs, broken connections, answers that are none: the request may have left.
    return "unsent" if isinstance(cause, NotConnected | Unavailable) else "unclear"


def of_answer(status: int, body: bytes) -> Meaning:
    """The same of an answer as it came."""
    try:
        code = _decode(body).type.rpartition("#")[2]
    except (msgspec.DecodeError, UnicodeError):
        code = ""
    return of_code(code, status)


def of_code(code: str, status: int = 400) -> Meaning:
    """The same of a code, of a request or among the reasons of a transaction."""
    known = _MEANINGS.get(_plain(code))
    return known or ("unclear" if status >= 500 or code.startswith("5") else "refused")


def is_condition(code: str) -> bool:
    """Whether a code says that a condition did not hold."""
    return _plain(code) == _CONDITION


def is_condition_failed(problem: BaseException) -> bool:
    """Whether a write was refused because its condition did not hold."""
    answered = getattr(getattr(problem, "cause", None) or problem, "response", None)
    return isinstance(answered, dict) and is_condition(_code(answered))


def _code(answered: dict[str, object]) -> str:
    told = answered.get("Error")
    return str(told.get("Code", "")) if isinstance(told, dict) else ""


def _plain(code: str) -> str:
    return code.removesuffix("Exception").removesuffix("Error")
