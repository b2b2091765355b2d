"""Dependencies: wheels alone, all named. Played against a folder of packages, without an index."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from infra.aws import wheels
from infra.aws.runtime import PackagingError, Runtime

OLD, NEW = Runtime((3, 11), "x86_64"), Runtime((3, 13), "x86_64")


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages that pip takes from instead of an index."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    # A wheel of the same name, fetched by an earlier test, is not this one.
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    return folder


def put_wheel(shelf: Path, name: str, needs: str = "", platform: str = "any") -> None:
    tag = f"py3-none-{platform}"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n" + (f"Requires-Dist: {needs}\n" if needs else "")
    with zipfile.ZipFile(shelf / f"{name}-1.0-{tag}.whl", "w") as made:
        made.writestr(f"{name}.py", "ANSWER = 42\n")
        made.writestr(f"{name}-1.0.dist-info/METADATA", metadata)
        made.writestr(f"{name}-1.0.dist-info/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        made.writestr(f"{name}-1.0.dist-info/RECORD", "")


def put_source(shelf: Path, name: str) -> None:
    script = f"from setuptools import setup\nsetup(name='{name}', version='1.0')\n".encode()
    with tarfile.open(shelf / f"{name}-1.0.tar.gz", "w:gz") as made:
        entry = tarfile.TarInfo(f"{name}-1.0/setup.py")
        entry.size = len(script)
        made.addfile(entry, io.BytesIO(script))


def requirements(folder: Path, *lines: str) -> Path:
    written = folder / "requirements.txt"
    written.write_text("\n".join(lines))
    return written


def test_a_package_with_a_wheel_is_unpacked_and_compiled(shelf: Path, tmp_path: Path) -> None:
    put_wheel(shelf, "fennec")

    found = wheels.collect(requirements(tmp_path, "fennec==1.0  # small"), tmp_path / "cache", OLD)

    assert (found / "fennec.py").read_text() == "ANSWER = 42\n"
    assert list((found / "__pycache__").glob("fennec.*.pyc"))


def test_a_package_without_a_wheel_fails_the_build(shelf: Path, tmp_path: Path) -> None:
    put_source(shelf, "fennec")

    with pytest.raises(PackagingError, match="nothing is built from source"):
        wheels.collect(requirements(tmp_path, "fennec==1.0"), tmp_path / "cache", OLD)

    assert not list((tmp_path / "cache").glob("*/fennec*"))


def test_a_wheel_for_a_later_glibc_fails_the_build(shelf: Path, tmp_path: Path) -> None:
    put_wheel(shelf, "fennec", platform="manylinux_2_28_x86_64")
    wanted = requirements(tmp_path, "fennec==1.0")

    with pytest.raises(PackagingError, match=r"glibc 2\.26"):
        wheels.collect(wanted, tmp_path / "cache", OLD)

    put_wheel(shelf, "fennec", platform="manylinux_2_17_x86_64")
    assert wheels.collect(wanted, tmp_path / "cache", OLD).is_dir()
    assert "manylinux_2_28_x86_64" in NEW.platforms


def test_a_dependency_that_is_not_named_fails_the_build(shelf: Path, tmp_path: Path) -> None:
    put_wheel(shelf, "fennec", needs="corsac")
    put_wheel(shelf, "corsac")

    with pytest.raises(PackagingError, match="does not name corsac"):
        wheels.collect(requirements(tmp_path, "fennec==1.0"), tmp_path / "cache", OLD)


@pytest.mark.parametrize("line", ["fennec", "fennec>=1.0", "fennec==1.*", "-r others.txt"])
def test_a_version_that_is_not_exact_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(PackagingError, match="not an exact version"):
        wheels.pinned(requirements(tmp_path, line))


@pytest.mark.parametrize(("python", "machine"), [((3, 9), "x86_64"), ((3, 13), "riscv64")])
def test_what_lambda_does_not_run_is_refused(python: tuple[int, int], machine: str) -> None:
    with pytest.raises(PackagingError, match="Lambda runs no"):
        Runtime(python, machine)
