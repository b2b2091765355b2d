"""Moves a studio.

    python -m infra.migrate export --to FOLDER     writes the studio as JSON Lines and files
    python -m infra.migrate restore --from FOLDER  reads them into an empty studio
    python -m infra.migrate kitsu --from URL --email ADDRESS [--production NAME …] [--no-files] [--letters]
                                                   moves a studio here from a running Kitsu, or what changed there since

The studio is that of the environment (VULPES_TABLE, VULPES_BUCKET, AWS_REGION, AWS credentials), or the data folder
of a local server that is stopped: --data FOLDER. See docs/migration.md.
"""

import argparse
import getpass
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from chalicelib.errors import VulpesError
from infra.local.problem import StartProblem
from infra.migrate import studio
from infra.migrate.backup_folder import BackupFolder, BackupProblem
from infra.migrate.progress import Progress
from infra.migrate.source import SourceProblem


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; 1 where it did not come to its end, 2 where the two sides differ at the end."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    options = _parser().parse_args(arguments)
    try:
        return int(_COMMANDS[options.command](options))
    except (BackupProblem, SourceProblem, StartProblem) as problem:
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
    kitsu = commands.add_parser("kitsu", help="moves a studio here from a running Kitsu")
    kitsu.add_argument("--from", required=True, metavar="URL", dest="source")
    kitsu.add_argument("--email", default="", help="of an administrator there; KITSU_TOKEN (of a bot) stands in for it")
    kitsu.add_argument("--password", default="", help="else KITSU_PASSWORD, else it is asked for")
    kitsu.add_argument("--production", action="append", default=[], metavar="NAME", help="this one; may be repeated")
    kitsu.add_argument(
        "--files", action=argparse.BooleanOptionalAction, default=True, help="with files (as by default)"
    )
    kitsu.add_argument("--letters", action="store_true", help="asks people by mail to choose a password")
    kitsu.add_argument("--state", type=Path, default=Path("migration.json"), help="keeps how far it has come")
    for command in commands.choices.values():
        command.add_argument("--data", type=Path, metavar="FOLDER", help="the data folder of a local server")
    return parser


def _export(options: argparse.Namespace) -> int:
    from infra.migrate.export import export

    with studio.opened(options.data, must_exist=True):
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


def _kitsu(options: argparse.Namespace) -> int:
    from infra.migrate import report
    from infra.migrate.kitsu import Migration
    from infra.migrate.source import Source
    from infra.migrate.state import State

    token = os.environ.get("KITSU_TOKEN", "")
    password = options.password or os.environ.get("KITSU_PASSWORD", "")
    if not token and not options.email:
        raise SourceProblem("Say who signs in over there: --email, or KITSU_TOKEN with the token of a bot.")
    if not token and not password:
        password = getpass.getpass(f"Password of {options.email} at {options.source}: ")
    source = Source(options.source, options.email, password, token)
    source.open()
    with studio.opened(options.data) as note:
        migration = Migration(source, State(options.state, source.url), Progress(), options.production, options.files)
        found = migration.run()
        note()
        if password:
            migration.keep_password(password)
        letters = migration.send_letters() if options.letters else 0
    print("\n".join(report.report(found)))
    if letters:
        print(f"{letters:,} people were asked by mail to choose a password.")
    return 2 if report.differ(found) else 0


_COMMANDS = {"kitsu": _kitsu, "export": _export, "restore": _restore}

if __name__ == "__main__":
    sys.exit(run())
