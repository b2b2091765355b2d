"""A stack around a small app, in a process that a test may kill: `python -m tests.stack.run_stack FOLDER`.

Prints its addresses as one line of JSON. Its functions note what they get in files of the folder; the queue function
fails as long as there is no file `working`.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from infra.local.stack import Stack
from tests.stack.conftest import EchoApp


def tell(words: dict[str, Any]) -> None:
    """Prints a line whole: functions tell theirs from threads of their own, and `print` writes line and end apart."""
    os.write(sys.stdout.fileno(), f"{json.dumps(words)}\n".encode())


def main(folder: Path) -> None:
    """Runs until its input ends."""
    app = EchoApp()

    @app.on_sqs_message(queue="vulpes-media")
    def make_previews(event: Any) -> None:
        if not (folder / "working").exists():
            raise RuntimeError("not yet")
        note("messages", [record.body for record in event])

    @app.on_dynamodb_record(stream_arn="the table's")
    def carry_on(event: Any) -> None:
        note("changes", [record.keys["sk"]["S"] for record in event])

    def note(name: str, lines: list[str]) -> None:
        with (folder / name).open("a") as file:
            file.writelines(f"{line}\n" for line in lines)
        tell({name: lines})

    with Stack(data=folder, app=app) as stack:
        addresses = {"url": stack.url, "cloud": stack.cloud_url, "database": stack.database_url}
        tell(addresses)
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
