"""What a failure of the database client means: whether something was written, and whether another try makes sense."""

from typing import Final, Literal

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
_UNCLEAR: Final = frozenset(
    ("InternalServerError", "InternalFailure", "ServiceUnavailable", "TransactionInProgressException")
)


def meaning(problem: BaseException) -> Meaning:
    """What a failure of pynamodb or botocore says of the request that was sent."""
    from botocore import exceptions

    cause = getattr(problem, "cause", None) or problem
    answered = getattr(cause, "response", None)
    if isinstance(answered, dict):
        code = answered.get("Error", {}).get("Code", "")
        if code in _THROTTLED:
            return "throttled"
        status = answered.get("ResponseMetadata", {}).get("HTTPStatusCode") or 400
        return "unclear" if code in _UNCLEAR or status >= 500 or code.startswith("5") else "refused"
    unsent = (
        exceptions.EndpointConnectionError,
        exceptions.ConnectTimeoutError,
        exceptions.ProxyConnectionError,
        exceptions.SSLError,
        exceptions.NoCredentialsError,
        exceptions.PartialCredentialsError,
    )
    # All else, time-outs, broken connections, answers that are none: the request may have left.
    return "unsent" if isinstance(cause, unsent) else "unclear"
