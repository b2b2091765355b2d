"""`python -m infra.local`: the whole of Vulpes on this machine, until Ctrl-C."""

import argparse
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path

from infra.local.problem import StartProblem
from infra.local.site import FACTS_PATH
from infra.local.stack import EMAIL, PASSWORD, Stack
from infra.site.archive import Site, SiteProblem
from infra.site.scripts import with_scripts


def main() -> int:
    """Runs the stack; the exit status is 0 after Ctrl-C or SIGTERM, 1 where it could not start."""
    begun = time.perf_counter()
    options = _options()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("infra").setLevel(logging.INFO)
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    try:
        site = with_scripts(Site.read(options.ui)) if options.ui else None
        stack = Stack(options.port, options.data, options.memory, options.empty, site=site, as_on_aws=options.as_on_aws)
        stack.start()
    except (StartProblem, SiteProblem) as problem:
        print(problem, file=sys.stderr)
        return 1
    print(_greeting(stack, time.perf_counter() - begun, FACTS_PATH if options.ui else "/"), flush=True)
    over.wait()
    # Who is in a hurry asks twice.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    print("Stopping ...", flush=True)
    stack.stop()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local",
        description="Vulpes on this machine, until Ctrl-C: API, database, files, mail, a demo production.",
    )
    parser.add_argument("--port", type=int, default=8080, help="where to listen (8080; 0: any free port)")
    kept = parser.add_mutually_exclusive_group()
    kept.add_argument(
        "--data", type=Path, default=Path("data"), help="the folder that keeps everything (./data)", metavar="FOLDER"
    )
    kept.add_argument("--memory", action="store_true", help="keep nothing")
    parser.add_argument("--empty", action="store_true", help="without the demo production")
    parser.add_argument(
        "--ui", type=Path, metavar="FOLDER|TGZ", help="serve this web interface at /: its release archive"
    )
    parser.add_argument("--as-on-aws", action="store_true", help="with the limits of Lambda: bodies of 4.5 MB, 20 s")
    return parser.parse_args()


def _greeting(stack: Stack, seconds: float, facts_path: str) -> str:
    kept = "nothing is kept (--memory)" if stack.folder.temporary else str(stack.folder.path)
    # A studio that was here before may have others.
    sign_in = f"{EMAIL} / {PASSWORD}" if stack.is_new else f"as before (at first {EMAIL} / {PASSWORD})"
    return f"""
Vulpes is ready ({seconds:.1f} s).

  Start here      {stack.url}{facts_path}
  API             {stack.url}/api
  Documentation   {stack.url}/api/apidocs
  Sign in         {sign_in}
  Mail lands in   {stack.mail_folder}
  Data            {kept}
  Requests        {stack.folder.path / "requests.log"}

Ctrl-C stops it.
"""


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    # All that has to end in order has. A thread that still waits for somebody else must not hold the process.
    os._exit(status)
