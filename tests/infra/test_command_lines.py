"""What the command lines say to whoever gets them wrong: a sentence on what to do, and no traceback."""

from pathlib import Path

import pytest

from infra import admin
from infra.aws import smoke
from infra.local.problem import StartProblem
from infra.local.server import bind
from infra.migrate.__main__ import run as migrate


def test_a_folder_without_a_studio_is_no_studio(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = tmp_path / "dta"
    assert admin.run(["status", "--data", str(nowhere)]) == 1
    assert migrate(["export", "--to", str(tmp_path / "backup"), "--data", str(nowhere)]) == 1
    assert capsys.readouterr().err.count(f"There is no studio in {nowhere}") == 2
    assert list(tmp_path.iterdir()) == [], "a name that is misspelt makes no folder"


@pytest.mark.parametrize(("port", "told"), [(99999, "There is no port 99999"), (-1, "There is no port -1")])
def test_a_port_that_cannot_be(port: int, told: str) -> None:
    with pytest.raises(StartProblem, match=told):
        bind(port)


def test_a_port_that_is_taken() -> None:
    taken = bind(0)
    taken.listen()
    with pytest.raises(StartProblem, match='make run RUN="--port 9090"'):
        bind(taken.getsockname()[1])
    taken.close()


@pytest.mark.parametrize(
    ("arguments", "told"), [([], "required: site"), (["kitsu.example.com"], "it begins with https://")]
)
def test_the_check_from_outside_says_what_it_wants(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        smoke.main(arguments)
    assert told in capsys.readouterr().err
