"""Fills a production into the embedded engine, measures each budget of the design, prints a table.

    python -m infra.bench [--shots 10000] [--write docs/performance.md]

Ratios count, not seconds: CPU is that of the process, which holds the handler and the client side of the database.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from infra.bench import cold_start
from infra.bench.cold_start import Row

_EMAIL, _PASSWORD = "bench@example.com", "mysecretpassword"


def run() -> int:
    """Runs the bench; gives the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.bench", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--shots", type=int, default=1000, help="how many shots the production has")
    parser.add_argument("--write", type=Path, help="puts the table into that file, too")
    options = parser.parse_args()
    from infra.local.cloud import free_port
    from infra.local.engine import Engine, find_engine

    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(find_engine(), Path(folder) / "records.db", free_port())
        engine.start()
        try:
            engine.wait()
            _environment(engine.url)
            rows = _rows(options.shots)
        finally:
            engine.stop()
    text = _table(rows)
    print(text)
    if options.write:
        # What was measured or computed elsewhere follows the table, under a heading of its own, and stays.
        before = options.write.read_text() if options.write.exists() else ""
        options.write.write_text("\n## ".join([text, *before.split("\n## ")[1:]]))
    return 0


def _environment(endpoint: str) -> None:
    os.environ.update(
        AWS_ACCESS_KEY_ID="bench",
        AWS_SECRET_ACCESS_KEY="bench",
        AWS_REGION="eu-west-1",
        AWS_DEFAULT_REGION="eu-west-1",
        VULPES_DYNAMODB_ENDPOINT=endpoint,
        VULPES_TABLE="bench",
        # Plain JSON is measured, besides gzip: what Lambda could not carry so would go out packed.
        VULPES_ANSWER_LIMIT="1000000000",
        VULPES_TOKEN_SECRETS="a-secret-of-the-bench-that-is-long-enough",
    )


def _rows(shot_count: int) -> list[Row]:
    from app import app
    from chalicelib.http.log import RequestLog
    from chalicelib.store.partitions import OVERLAP_SECONDS
    from chalicelib.store.table import create_table
    from infra.admin import init_studio
    from infra.bench import rows as measured
    from infra.bench.measuring import Asking
    from infra.bench.studio import fill

    app.request_log = RequestLog(sink=lambda _: None)
    create_table()
    init_studio(_EMAIL, _PASSWORD)
    began = time.perf_counter()
    studio = fill(shot_count)
    print(f"filled {len(studio.tasks)} tasks in {time.perf_counter() - began:.1f} s", file=sys.stderr)
    # A container asks again for what was written in the last seconds: measured is a production at rest.
    time.sleep(OVERLAP_SECONDS + 1)
    asking = Asking(app)
    token = asking.sign_in(_EMAIL, _PASSWORD)
    return cold_start.rows(token) + [row for measure in measured.ALL for row in measure(asking, studio)]


def _table(rows: list[Row]) -> str:
    told = {True: "met", False: "**above**", None: "-"}
    lines = [
        "# Performance",
        "",
        f"Measured by `make bench` with Python {platform.python_version()} on {os.cpu_count()} cores; the database is",
        "the embedded engine. CPU is that of the handler's process. Ratios count, not seconds.",
        "",
        "| work | budget | measured | |",
        "| --- | --- | --- | --- |",
        *(f"| {work} | {budget} | {figure} | {told[met]} |" for work, budget, figure, met in rows),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(run())
