"""Whether a record has a value already, so that writing it would change nothing."""

from typing import Any, Final

from chalicelib.records.record import Record

_NO_FRACTION: Final = ".000000"


def is_kept(record: Record, name: str, value: Any) -> bool:
    """Whether a record has a value already; whole seconds are kept without their fraction."""
    kept = record.get(name)
    if name in record.kind.datetimes and isinstance(kept, str) and isinstance(value, str):
        return kept.removesuffix(_NO_FRACTION) == value.removesuffix(_NO_FRACTION)
    return bool(kept == value)
