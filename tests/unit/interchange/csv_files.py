"""CSV files as tests send them."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from infra.local.inside import form_with_file
from tests.client import Api

Rows = Iterable[Sequence[Any]]


def file_of(rows: Rows, separator: str = ",") -> bytes:
    """The bytes of a file that holds these rows, the first one the head."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode()


def send(api: Api, path: str, rows: Rows | bytes, user: str = "admin", mime: str = "text/csv", **query: Any) -> Any:
    """Imports rows, or the bytes of a file; the reply."""
    data = rows if isinstance(rows, bytes) else file_of(rows)
    raw, headers = form_with_file("import.csv", data, mime)
    return api.call("POST", path, raw=raw, headers=headers, user=user, params=query)


def actions(reply: Any) -> list[str]:
    """What a dry run says of each row."""
    assert reply.status == 200, reply.content
    return [row["action"] for row in reply.json]
