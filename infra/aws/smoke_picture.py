"""Whether what is uploaded becomes a picture: from the bucket by its notification and the queue to the media function.

Each step that fails says what to look at next (docs/runbook.md).
"""

import contextlib
import struct
import time
import zlib
from collections.abc import Iterator
from typing import Any, Final

from infra.aws.site_client import CheckError, Listener, ask, ask_json, send_file, sign_in

# A function that never ran is unpacked first, with ffmpeg; a message that it failed at comes again in half a minute.
READY_SECONDS: Final = 150.0
_PAUSE_SECONDS: Final = 1.0
_NAME: Final = "check.png"
_LOG: Final = "`aws logs tail /aws/lambda/{stack}-media --since 10m`"
_QUEUE: Final = "`aws sqs get-queue-attributes --attribute-names All --queue-url` MediaQueueUrl of the outputs"
_BUCKET: Final = (
    "the policy of the bucket (FilesBucket in the outputs of the stack), and what the API may do with uploads/"
)


def picture(site: str, email: str, password: str, preview_id: str, stack: str) -> None:
    """A picture is sent for a preview, becomes ready, is read, and is told of. Raises CheckError."""
    token = sign_in(site, email, password)
    preview = f"/api/data/preview-files/{preview_id}"
    listener = Listener(site, token)
    with contextlib.ExitStack() as leaves:
        leaves.callback(_quietly, listener)
        _send(site, preview, token, stack)
        _wait(site, preview, token, stack)
        with _looking(f"what the preview says: GET {preview}, and {_LOG.format(stack=stack)}"):
            found = ask(site, f"/api/pictures/thumbnails/preview-files/{preview_id}.png", token=token)
            if not found.startswith(b"\x89PNG"):
                raise CheckError(f"its thumbnail is no PNG: {found[:40]!r}")
        with _looking(
            f"the function that carries events on: `aws logs tail /aws/lambda/{stack}-carry-events --since 10m`"
        ):
            listener.hear('42/events,["preview-file:update"', preview_id)


def png(width: int = 48, height: int = 27) -> bytes:
    """A small picture."""
    rows = b"".join(
        b"\x00" + bytes((x * 5, y * 9, 120)[part] for x in range(width) for part in range(3)) for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _send(site: str, preview: str, token: str, stack: str) -> None:
    content = png()
    with _looking(f"the API: `aws logs tail /aws/lambda/{stack}-api --since 10m`"):
        offered = ask_json(site, f"{preview}/upload", {"filename": _NAME, "size": len(content)}, token)
    with _looking(_BUCKET):
        send_file(offered["url"], offered["fields"], _NAME, content)
    with _looking(f"the API: `aws logs tail /aws/lambda/{stack}-api --since 10m`"):
        ask(site, f"{preview}/upload/complete", b"{}", token)


def _wait(site: str, preview: str, token: str, stack: str) -> None:
    until = time.monotonic() + READY_SECONDS
    while True:
        told: Any = ask_json(site, preview, token=token)
        if told["status"] == "ready":
            return
        if told["status"] == "broken":
            raise CheckError(f"the picture is broken. Look at {_LOG.format(stack=stack)}")
        if time.monotonic() >= until:
            raise CheckError(
                f"the picture is still {told['status']} after {READY_SECONDS:.0f} s: nobody took it out of the queue, "
                f"or the bucket did not tell the queue. Look at {_QUEUE}; and at {_LOG.format(stack=stack)}"
            )
        time.sleep(_PAUSE_SECONDS)


@contextlib.contextmanager
def _looking(at: str) -> Iterator[None]:
    try:
        yield
    except CheckError as problem:
        raise CheckError(f"{problem}. Look at {at}") from problem


def _quietly(listener: Listener) -> None:
    # Sessions that nobody closes end by themselves.
    with contextlib.suppress(CheckError):
        listener.end()
