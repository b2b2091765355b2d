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


def imports() -> list[Row]:
    """Imports in fresh processes; the best of seven, since noise only adds."""
    client = "botocore.session.get_session().create_client('dynamodb', region_name='eu-west-1')"
    base = f"import chalice, pynamodb.models, botocore.session; {client}"
    ours, floor = _import_time("import app"), _import_time(base)
    return [
        ("cold start: import of app.py", "≤ 350 ms CPU", f"{ours:.0f} ms", ours <= 350),
        (
            "cold start against chalice + pynamodb + a DynamoDB client",
            "≤ 1.6 times",
            f"{ours / floor:.2f} times ({floor:.0f} ms)",
            ours <= 1.6 * floor,
        ),
    ]


def _import_time(code: str) -> float:
    timed = f"import time; t = time.process_time(); {code}; print((time.process_time() - t) * 1000)"
    ask: Callable[[], float] = lambda: float(  # noqa: E731
        subprocess.run([sys.executable, "-c", timed], capture_output=True, text=True, check=True).stdout.splitlines()[
            -1
        ]
    )
    return min(ask() for _ in range(_IMPORTS))


def first_answer(token: str) -> list[Row]:
    """The package in new containers, run by Lambda's client: until somebody signed in is answered; the best of five.

    The table is that of the environment.
    """
    from infra.aws import package, runtime

    with tempfile.TemporaryDirectory() as folder:
        made = package.build("dev", Path(folder) / "dev", runtime=runtime.of_this_machine())
        ours = min(_until_answered(made.folder, "app.app", token, Path(folder)) for _ in range(_CONTAINERS))
    figure = f"{ours:.0f} ms"
    return [("cold start: first answer of the package under awslambdaric", "≤ 250 ms CPU", figure, ours <= _BUDGET)]


def _until_answered(folder: Path, handler: str, token: str, scratch: Path) -> float:
    wanted = ("VULPES_TABLE", "VULPES_DYNAMODB_ENDPOINT", "VULPES_TOKEN_SECRETS")
    environment = {name: os.environ[name] for name in wanted}
    with tempfile.TemporaryDirectory(dir=scratch) as own, Function(folder, handler, environment, Path(own)) as started:
        told = content(started.invoke(request("GET", "/auth/authenticated", token=token)))
        assert told["authenticated"] is True, told
        return started.cpu
