"""What a failure of the database client means: whether something was written, and whether another try makes sense."""

from typing import Final, Literal

from chalicelib.errors import Unavailable
from chalicelib.store.transport import NotConnected

# refused: it will not be written, however often it is asked for. throttled, unsent: not written, another try may be.
# unclear: it may have been written, or may yet.
Meaning = Literal["refused", "throttled", "unsent", "unclear"]

_THROTTLED: Final = frozenset(
    (
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "ThrottledException",
        "RequestLimitExceeded",
        "ProvisionedThroughputExceeded",
        "ThrottlingError",
        "TransactionConflictException",
    )
)
# A clock that was off is put right with the answer that says so (store/wire.py).
_UNSENT: Final = frozenset(("InvalidSignatureException",))
_UNCLEAR: Final = frozenset(
    ("InternalServerError", "InternalFailure", "ServiceUnavailable", "TransactionInProgressException")
)


def meaning(problem: BaseException) -> Meaning:
    """What a failure of a request to the database says of it: an error of pynamodb, or of the connection."""
    cause = getattr(problem, "cause", None) or problem
    answered = getattr(cause, "response", None)
    if isinstance(answered, dict):
        code = answered.get("Error", {}).get("Code", "")
        if code in _THROTTLED:
            return "throttled"
        if code in _UNSENT:
            return "unsent"
        status = answered.get("ResponseMetadata", {}).get("HTTPStatusCode") or 400
        return "unclear" if code in _UNCLEAR or status >= 500 or code.startswith("5") else "refused"
    # All else, time-outs, broken connections, answers that are none: the request may have left.
    return "unsent" if isinstance(cause, NotConnected | Unavailable) else "unclear"
