"""Cold starts: how much CPU it takes until a new container has answered."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from infra.bench.runtime_api import Function, content, request

Row = tuple[str, str, str, bool | None]
_IMPORTS: Final = 7
_CONTAINERS: Final = 5
_BUDGET: Final = 250


def rows(token: str) -> list[Row]:
    """What a new container of the package takes. The table is that of the environment; token: of somebody in it."""
    from infra.aws import package, runtime

    with tempfile.TemporaryDirectory() as folder:
        made = package.build("dev", Path(folder) / "dev", runtime=runtime.of_this_machine())
        return [*_imports(made.folder), _first_answer(made.folder, token, Path(folder))]


def _imports(package: Path) -> list[Row]:
    """Imports in fresh processes; the best of seven, since noise only adds."""
    client = "botocore.session.get_session().create_client('dynamodb', region_name='eu-west-1')"
    base = f"import chalice, pynamodb.models, botocore.session; {client}"
    ours, floor = _import_time("import app", package), _import_time(base, package)
    return [
        ("cold start: import of app.py", "≤ 350 ms CPU", f"{ours:.0f} ms", ours <= 350),
        (
            "cold start against chalice + pynamodb + a DynamoDB client",
            "≤ 1.6 times",
            f"{ours / floor:.2f} times ({floor:.0f} ms)",
            ours <= 1.6 * floor,
        ),
    ]


def _import_time(code: str, package: Path) -> float:
    timed = f"import time; t = time.process_time(); {code}; print((time.process_time() - t) * 1000)"
    environment = {**os.environ, "PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1"}
    ask: Callable[[], float] = lambda: float(  # noqa: E731
        subprocess.run(
            [sys.executable, "-S", "-c", timed],
            capture_output=True,
            text=True,
            check=True,
            cwd=package,
            env=environment,
        ).stdout.splitlines()[-1]
    )
    return min(ask() for _ in range(_IMPORTS))


def _first_answer(package: Path, token: str, scratch: Path) -> Row:
    """Run by Lambda's client, until somebody signed in is answered; the best of five."""
    ours = min(_until_answered(package, "app.app", token, scratch) for _ in range(_CONTAINERS))
    figure = f"{ours:.0f} ms"
    return ("cold start: first answer of the package under awslambdaric", "≤ 250 ms CPU", figure, ours <= _BUDGET)


def _until_answered(folder: Path, handler: str, token: str, scratch: Path) -> float:
    wanted = ("VULPES_TABLE", "VULPES_DYNAMODB_ENDPOINT", "VULPES_TOKEN_SECRETS")
    environment = {name: os.environ[name] for name in wanted}
    with tempfile.TemporaryDirectory(dir=scratch) as own, Function(folder, handler, environment, Path(own)) as started:
        told = content(started.invoke(request("GET", "/auth/authenticated", token=token)))
        assert told["authenticated"] is True, told
        return started.cpu
