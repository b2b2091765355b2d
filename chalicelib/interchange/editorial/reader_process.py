"""Reads cuts that may end the process that reads them in one of their own.

What reads OTIO is native code: forty bytes, `{"OTIO_SCHEMA": "Timeline.1", "tracks": null}`, end it, and with it every
request beside this one. The other kinds are read by Python, into objects that are whole.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from chalicelib.errors import Invalid
from chalicelib.interchange.editorial import timelines
from chalicelib.interchange.editorial.timelines import Clip

_NATIVE: Final = (".otio", ".otioz")
_SECONDS: Final = 20
_ROOT: Final = Path(__file__).resolve().parents[3]


def read(file_name: str, data: bytes, rate: float) -> list[Clip]:
    """The clips of a cut, as `timelines.read` tells them; Invalid, too, for what ends its reader or takes too long."""
    extension = timelines.extension_of(file_name)
    if extension not in _NATIVE:
        return timelines.read(file_name, data, rate)
    command = [sys.executable, "-m", __name__, extension, repr(rate)]
    try:
        ended = subprocess.run(
            command,
            input=data,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            env=_environment(),
        )
    except subprocess.TimeoutExpired:
        raise timelines.unreadable("It takes too long.") from None
    if ended.returncode != 0:
        raise timelines.unreadable("It is broken.")
    told = json.loads(ended.stdout)
    if "clips" not in told:
        raise Invalid(told["message"], data=told["data"])
    return [Clip(*clip) for clip in told["clips"]]


def _environment() -> dict[str, str]:
    """The modules of this process, wherever it has them from; none of its settings and credentials."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "VULPES_"))}
    return {**kept, "PYTHONPATH": os.pathsep.join([str(_ROOT), *filter(None, sys.path)])}


def main() -> None:
    """Tells the clips of what comes in, or why there are none, as JSON."""
    extension, rate = sys.argv[1:]
    try:
        told: dict[str, object] = {"clips": timelines.read(f"cut{extension}", sys.stdin.buffer.read(), float(rate))}
    except Invalid as problem:
        told = {"message": problem.message, "data": problem.data}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
