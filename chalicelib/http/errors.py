"""Every failure as an answer of one shape: the text, what a program needs, and the keys a client reads besides."""

import re

import msgspec

from chalicelib.errors import Invalid, VulpesError, error_body
from chalicelib.http.answers import Answer

_MISSING = re.compile(r"Object missing required field `([^`]+)`")
_UNKNOWN = re.compile(r"Object contains unknown field `([^`]+)`")
# Seconds: a write that gave way to others, a visitor who failed too often.
_RETRY_AFTER = {429: "600", 503: "1"}
_EXPECTED = re.compile(r"Expected (.+?)(?:, got .+)?$", re.DOTALL)


def answer(problem: Exception) -> Answer:
    """The answer for an exception: VulpesErrors as they say, wrong input as 400, all others as a bare 500."""
    if isinstance(problem, msgspec.ValidationError):
        problem = invalid(problem)
    if not isinstance(problem, VulpesError):
        problem = VulpesError("Something went wrong on the server.")
    body = error_body(problem.message, problem.data, **problem.extra)
    return Answer(body, problem.status, _headers(problem))


def is_fault(problem: Exception) -> bool:
    """Whether the server is to blame, so that the log gets the traceback."""
    if isinstance(problem, VulpesError):
        return problem.status == 500
    return not isinstance(problem, msgspec.ValidationError)


def invalid(problem: msgspec.ValidationError) -> Invalid:
    """A failed conversion as a 400 that names the field and what it must be.

    msgspec says "Expected `int`, got `str` - at `$.rows[0].frames`" or "Object missing required field `name`".
    """
    what, _, place = str(problem).partition(" - at ")
    path = place.strip("`").removeprefix("$").removeprefix(".")
    if named := _MISSING.search(what) or _UNKNOWN.search(what):
        field = f"{path}.{named[1]}" if path else named[1]
        expected = "a value" if named.re is _MISSING else "no such field"
        return Invalid(f"{field}: {'is required' if named.re is _MISSING else 'is not known'}", field, expected)
    field = path or "body"
    wanted = _EXPECTED.search(what)
    return Invalid(f"{field}: {what}", field, wanted[1].replace("`", "") if wanted else what)


def _headers(problem: VulpesError) -> dict[str, str]:
    headers = {"Cache-Control": "no-store"}
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    elif problem.status == 405 and isinstance(problem.data, dict):
        headers["Allow"] = ", ".join(problem.data.get("allowed", ()))
    elif problem.status in _RETRY_AFTER:
        headers["Retry-After"] = _RETRY_AFTER[problem.status]
    return headers
