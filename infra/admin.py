"""Commands of an administrator of the installation.

    python -m infra.admin init --email admin@example.com [--password …]   the default data and an administrator
    python -m infra.admin administrator EMAIL [--password …]              makes one, or lets one in again
    python -m infra.admin password EMAIL [--password …]                   sets somebody's password
    python -m infra.admin status                                          what the studio holds

The studio is that of the environment (VULPES_TABLE, AWS_REGION, AWS credentials), or with --data FOLDER the one that a
local server keeps there, which has to be stopped. A password that is not given is asked for.
"""

import argparse
import getpass
import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from chalicelib.errors import VulpesError
from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.records.fields import Kind
from chalicelib.records.people import DEPARTMENT, PERSON
from chalicelib.records.production import PROJECT, PROJECT_STATUS, TASK_STATUS, TASK_TYPE
from chalicelib.store import reference
from chalicelib.store.changes import Changes, write
from infra.local.problem import StartProblem

_DEFAULTS = Path(__file__).parent / "defaults.json"
_SEEDED: tuple[tuple[str, Kind, tuple[str, ...]], ...] = (
    ("project-status", PROJECT_STATUS, ("name",)),
    ("departments", DEPARTMENT, ("name",)),
    ("entity-types", ENTITY_TYPE, ("name",)),
    ("task-types", TASK_TYPE, ("name", "for_entity")),
    ("task-status", TASK_STATUS, ("short_name",)),
)


def init_studio(email: str, password: str) -> None:
    """Fills a studio with the default data and an administrator; what is there already stays as it is."""
    from chalicelib.domain.people.accounts import create_administrator

    defaults = json.loads(_DEFAULTS.read_text())
    for name, kind, same in _SEEDED:
        write(partial(_seed, kind=kind, same=same, rows=defaults[name]))
    if not any(person["email"] == email.lower() for person in reference.every(PERSON).values()):
        create_administrator(email, password)


def _seed(changes: Changes, kind: Kind, same: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    """Creates those of the default rows that the studio lacks."""
    known = {tuple(record[name] for name in same) for record in reference.every(kind).values()}
    departments = {record["name"]: record.id for record in reference.every(DEPARTMENT).values()}
    for row in rows:
        if tuple(row[name] for name in same) in known:
            continue
        values = {name: value for name, value in row.items() if name in kind.by_name}
        if row.get("department"):
            values["department_id"] = departments[row["department"]]
        changes.create(kind, values)


def _person(email: str) -> Any:
    found = next((one for one in reference.every(PERSON).values() if one["email"] == email.lower()), None)
    if found is None:
        raise SystemExit(f"There is nobody with the address {email}.")
    return found


def _asked(password: str | None) -> str:
    return password or getpass.getpass("Password: ")


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; gives the exit status."""
    from infra.migrate import studio

    options = _parser().parse_args(arguments)
    try:
        with studio.opened(options.data, must_exist=True):
            _COMMANDS[options.command](options)
    except StartProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except VulpesError as problem:
        print(problem.message, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.admin", description="Administers a Vulpes studio.")
    commands = parser.add_subparsers(dest="command", required=True)
    init = commands.add_parser("init", help="the default data and an administrator")
    init.add_argument("--email", required=True, help="of the administrator")
    for name, told in (
        ("administrator", "makes somebody an administrator, or lets one in again"),
        ("password", "sets somebody's password"),
    ):
        commands.add_parser(name, help=told).add_argument("email")
    for parsed in commands.choices.values():
        parsed.add_argument("--password", help="else it is asked for")
    commands.add_parser("status", help="what the studio holds")
    for parsed in commands.choices.values():
        parsed.add_argument("--data", type=Path, metavar="FOLDER", help="the data folder of a local server, stopped")
    return parser


def _init(options: argparse.Namespace) -> None:
    init_studio(options.email, _asked(options.password))
    _status(options)


def _administrator(options: argparse.Namespace) -> None:
    from chalicelib.domain.people.accounts import create_administrator

    create_administrator(options.email, _asked(options.password))
    print(f"{options.email} is an administrator.")


def _password(options: argparse.Namespace) -> None:
    from chalicelib.domain.people.accounts import set_password

    set_password(_person(options.email), _asked(options.password))
    print(f"The password of {options.email} is set.")


def _status(options: argparse.Namespace) -> None:
    del options
    for label, kind in (("people", PERSON), ("productions", PROJECT), ("task types", TASK_TYPE)):
        print(f"{label}: {len(reference.every(kind))}")


_COMMANDS = {"init": _init, "administrator": _administrator, "password": _password, "status": _status}

if __name__ == "__main__":
    sys.exit(run())
