"""Moves a studio.

    python -m infra.migrate export --to FOLDER     writes the studio as JSON Lines and files
    python -m infra.migrate restore --from FOLDER  reads them into an empty studio

The studio is that of the environment (VULPES_TABLE, VULPES_BUCKET, AWS_REGION, AWS credentials), or the data folder
of a local server that is stopped: --data FOLDER. See docs/migration.md.
"""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from chalicelib.errors import VulpesError
from infra.local.problem import StartProblem
from infra.migrate import studio
from infra.migrate.backup_folder import BackupFolder, BackupProblem
from infra.migrate.progress import Progress


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; 1 where it did not come to its end, 2 where the two sides differ at the end."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    options = _parser().parse_args(arguments)
    try:
        return int(_COMMANDS[options.command](options))
    except (BackupProblem, StartProblem) as problem:
        print(problem, file=sys.stderr)
    except VulpesError as problem:
        print(problem.message, file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped. The same command goes on from here.", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.migrate", description="Moves a studio.")
    commands = parser.add_subparsers(dest="command", required=True)
    export = commands.add_parser("export", help="writes a studio as JSON Lines and files")
    export.add_argument("--to", type=Path, required=True, metavar="FOLDER")
    restore = commands.add_parser("restore", help="reads what was exported into an empty studio")
    restore.add_argument("--from", type=Path, required=True, metavar="FOLDER", dest="source")
    for command in commands.choices.values():
        command.add_argument("--data", type=Path, metavar="FOLDER", help="the data folder of a local server")
    return parser


def _export(options: argparse.Namespace) -> int:
    from infra.migrate.export import export

    with studio.opened(options.data):
        made = export(BackupFolder(options.to), Progress())
    print(
        f"{sum(made.records.values()):,} records and {made.files:,} files ({made.bytes:,} bytes) are in {options.to}."
    )
    print("It holds password hashes and second factors: keep it as you keep passwords.")
    return 0


def _restore(options: argparse.Namespace) -> int:
    from infra.migrate.restore import restore

    with studio.opened(options.data) as note:
        counts = restore(BackupFolder(options.source), Progress())
        note()
    wrong = {table: pair for table, pair in counts.items() if pair[0] != pair[1]}
    for table, (there, here) in wrong.items():
        print(f"{table}: {there:,} in the backup, {here:,} in the studio", file=sys.stderr)
    if not wrong:
        print(f"{sum(there for there, _ in counts.values()):,} records were restored.")
    return 2 if wrong else 0


_COMMANDS = {"export": _export, "restore": _restore}

if __name__ == "__main__":
    sys.exit(run())
