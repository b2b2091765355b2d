"""The one family of errors: each knows its HTTP status, all are answered in one shape."""

from typing import Any


def error_body(message: str, data: Any = None, **extra: Any) -> dict[str, Any]:
    """The body of every error, whoever answers it: the same text twice, `data` for programs, keys a client reads.

    gazu shows the first true value of `error` and `message`, so both are the text; a `true` in `error` would be all
    that its user is told.
    """
    return {"error": message, "message": message, "data": data, **extra}


class VulpesError(Exception):
    """Something the caller is told: `message` for people, `data` for programs, `extra` for keys a client reads."""

    status = 500

    def __init__(self, message: str, data: Any = None, **extra: Any) -> None:
        super().__init__(message)
        self.message = message
        self.data = data
        self.extra = extra


class Invalid(VulpesError):
    """Wrong input (400); `field` and `expected` name what is wrong and what would be right."""

    status = 400

    def __init__(self, message: str, field: str | None = None, expected: str | None = None, **extra: Any) -> None:
        data = {"field": field, "expected": expected} if field else extra.pop("data", None)
        super().__init__(message, data, **extra)


class Duplicate(Invalid):
    """A broken uniqueness (400): somebody has that name, address or key already."""


class StillReferenced(Invalid):
    """A record that others point at cannot be deleted (400)."""


class NotSignedIn(VulpesError):
    """No token, or one that is revoked, expired, or of somebody gone (401)."""

    status = 401


class Forbidden(VulpesError):
    """The caller may not do that (403)."""

    status = 403

    def __init__(self, message: str = "You are not allowed to do this.", data: Any = None, **extra: Any) -> None:
        super().__init__(message, data, **extra)


class NotFound(VulpesError):
    """No such thing, or nothing the caller may know of (404)."""

    status = 404


class MethodNotAllowed(VulpesError):
    """The path exists, the method does not (405)."""

    status = 405


class TooLarge(VulpesError):
    """A body over the limit (413); `data` names the route for large files."""

    status = 413


class UnsupportedMediaType(VulpesError):
    """A write whose content type is not JSON (415)."""

    status = 415


class InvalidToken(VulpesError):
    """A token that is none, has a wrong signature, or is of the other sort (422)."""

    status = 422


class WriteConflict(VulpesError):
    """Too many others wrote the same record at once; nothing was written (503, try again)."""

    status = 503


class Unavailable(VulpesError):
    """The database or the bucket does not answer in time, or takes no more; nothing was written (503, try again)."""

    status = 503


class OutcomeUnknown(Unavailable):
    """A write was sent and no answer came in time: it may have held, or may yet (503). Nothing is undone then."""


class TooManyRequests(VulpesError):
    """Asked too often (429, later again)."""

    status = 429
