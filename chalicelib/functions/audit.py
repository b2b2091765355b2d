"""The audit function: keeps what the stream of the table tells of changes."""

from typing import Any

from chalicelib.domain.audit import keeping


def handle(stream_event: dict[str, Any]) -> dict[str, Any]:
    """Takes on a batch of the table's stream; gives Lambda's `batchItemFailures`."""
    return keeping.keep(stream_event)
