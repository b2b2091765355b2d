"""Where a file that is too large for a request is sent to: one form, or parts that are sent side by side.

An upload in parts can be gone on with after a break, by whoever still has the file: `resume` is the client's own word
for this very content (its name, size and date, say, or its checksum), and the same word finds what arrived.
Source: docs/operations.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.errors import Invalid, TooLarge
from chalicelib.store import objects

LARGEST: Final = 5 * 1024**3
# Up to here one form takes the file; beyond it parts are sent side by side, and again where one fails.
LARGEST_FORM: Final = 100_000_000
MOST_PARTS: Final = 200
SMALLEST_PART: Final = 32 * 1024**2
# Who wants to go on after a break loses at most this much of a slow line's work; S3 takes no smaller part than 5 MB.
SMALLEST_RESUMED_PART: Final = 8 * 1024**2
LONGEST_RESUME: Final = 200
FORM_SECONDS: Final = 3600
PARTS_SECONDS: Final = 6 * 3600


@dataclass(frozen=True, slots=True)
class Offer:
    """What was offered: the object's key, the id of an upload in parts, and what the client is told."""

    key: str
    upload_id: str | None
    told: dict[str, Any]

    def goes_on_with(self, before: Mapping[str, Any]) -> bool:
        """Whether it is that former upload, which has to stay."""
        return self.upload_id is not None and self.upload_id == before.get("upload_id")


def require_size(size: int) -> None:
    """Raises Invalid for a size that is none, TooLarge for one above 5 GB."""
    if size < 1:
        raise Invalid("The size is no number of bytes.", "size", "a whole number above zero")
    if size > LARGEST:
        raise TooLarge(f"A file holds at most {LARGEST} bytes.", {"limit": LARGEST})


def offer(key: str, size: int, resume: str | None = None, before: Mapping[str, Any] | None = None) -> Offer:
    """Offers to take an object of that size.

    `{"method": "POST", "url", "fields"}`: one form, the file last; or, above 100 MB and with `resume`,
    `{"method": "PUT", "part_size", "parts": [{"number", "url"}], "arrived": [number]}`. Both with `key` and
    `expires_in` (seconds). before: the upload noted last for this record (`{"key", "size", "upload_id", "resume"}`),
    which is gone on with where size and `resume` are the same. Errors: Invalid, TooLarge.
    """
    require_size(size)
    if resume is None:
        return _form(key, size) if size <= LARGEST_FORM else _parts(key, size, SMALLEST_PART)
    if not 0 < len(resume) <= LONGEST_RESUME:
        raise Invalid("resume is no word for a file.", "resume", f"1 to {LONGEST_RESUME} characters")
    former = before or {}
    if former.get("upload_id") and (former.get("resume"), former["size"]) == (resume, size):
        arrived = objects.arrived_parts(former["key"], former["upload_id"])
        if arrived is not None:
            numbers = [part["PartNumber"] for part in arrived]
            return _parts(former["key"], size, SMALLEST_RESUMED_PART, former["upload_id"], numbers)
    return _parts(key, size, SMALLEST_RESUMED_PART)


def _form(key: str, size: int) -> Offer:
    form = objects.upload_form(key, size, FORM_SECONDS)
    return Offer(key, None, {"key": key, "method": "POST", **form, "expires_in": FORM_SECONDS})


def _parts(key: str, size: int, smallest: int, upload_id: str = "", arrived: list[int] | None = None) -> Offer:
    part_size = max(smallest, -(-size // MOST_PARTS))
    upload_id = upload_id or objects.begin_parts(key)
    urls = objects.part_addresses(key, upload_id, -(-size // part_size), PARTS_SECONDS)
    told = {
        "key": key,
        "method": "PUT",
        "part_size": part_size,
        "parts": [{"number": number, "url": url} for number, url in enumerate(urls, 1)],
        "arrived": arrived or [],
        "expires_in": PARTS_SECONDS,
    }
    return Offer(key, upload_id, told)
