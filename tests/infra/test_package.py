"""The package: its size, where its parts come from, and that it holds nothing else."""

import os
import re
import subprocess
import sys
from pathlib import Path

from chalicelib import routes
from chalicelib.http import route_table
from chalicelib.http.routing import every
from infra.aws import archive, package, wheels
from infra.aws.package import Package
from infra.aws.runtime import LAMBDA, of_this_machine
from tests.unit.interchange.cuts import timeline

# What bytecode of Python 3.13 begins with.
MAGIC = (3571).to_bytes(2, "little") + b"\r\n"


def test_it_is_smaller_than_fifty_megabytes(packaged: Package) -> None:
    assert sum(packaged.sizes.values()) <= 50_000_000


def test_it_holds_the_application_and_its_dependencies_alone(root: Path, packaged: Package) -> None:
    named = {name.replace("-", "_") for name in wheels.pinned(root / "requirements.txt")}

    assert set(packaged.sizes) == named | {"chalicelib"}


def test_every_dependency_is_a_wheel_for_the_runtime(packaged: Package) -> None:
    fitting = {*LAMBDA.platforms, "any"}
    for told in packaged.folder.glob("*.dist-info/WHEEL"):
        tags = re.findall(r"^Tag: \S+-(\S+)$", told.read_text(), re.MULTILINE)
        assert fitting & {platform for tag in tags for platform in tag.split(".")}, told.parent.name


def test_no_library_asks_for_a_later_glibc_than_the_runtime_has(packaged: Package) -> None:
    libraries = [path for path in packaged.folder.rglob("*.so*") if path.is_file()]
    assert len(libraries) > 5
    for library in libraries:
        asked = {int(minor) for minor in re.findall(rb"GLIBC_2\.(\d+)", library.read_bytes())}
        assert max(asked, default=0) <= LAMBDA.glibc, library.name


def test_the_same_source_makes_the_same_zip(runnable: Package, tmp_path: Path) -> None:
    again = package.build("dev", tmp_path / "dev", runtime=of_this_machine())

    assert again.archive.read_bytes() == runnable.archive.read_bytes()
    assert again.template.read_text() == runnable.template.read_text()


def test_every_module_is_compiled_for_the_python_that_runs_it(packaged: Package) -> None:
    modules = {path for path in packaged.folder.rglob("*.py") if path.stat().st_size}
    compiled = [path.parent / "__pycache__" / f"{path.stem}.cpython-313.pyc" for path in modules]
    assert len(modules) > 500
    assert {read.read_bytes()[:4] for read in compiled} == {MAGIC}


def test_it_holds_the_table_of_its_routes(packaged: Package) -> None:
    listed = route_table.read(packaged.folder / "chalicelib" / "routes" / "table.json")
    assert {(one.method, one.path) for one in listed} == {(one.method, one.path) for one in every(routes.areas())}


def test_the_zip_holds_what_was_counted(packaged: Package, tmp_path: Path) -> None:
    archive.unpack(packaged.archive, tmp_path)

    assert archive.sizes(tmp_path) == packaged.sizes


def told_by(runnable: Package, script: str) -> str:
    """What a script prints that finds the package alone."""
    return subprocess.run(
        [sys.executable, "-S", "-c", script],
        check=True,
        capture_output=True,
        text=True,
        cwd=runnable.folder,
        env={"PYTHONPATH": str(runnable.folder), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ["PATH"]},
    ).stdout


def test_the_api_function_imports_no_pictures_no_keys_and_makes_no_client(runnable: Package) -> None:
    loaded = told_by(runnable, "import sys, app; print(*sys.modules, sep='\\n')").split()

    assert "chalice" in loaded
    assert not {"PIL", "boto3.session", "cryptography", "fido2", "pyotp"} & set(loaded)


def test_what_is_left_of_the_libraries_verifies_a_security_key(runnable: Package) -> None:
    script = """
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from chalicelib.domain.people.second_factor import webauthn
from fido2.cose import ES256

key = ec.generate_private_key(ec.SECP256R1())
ES256.from_cryptography_key(key.public_key()).verify(b"message", key.sign(b"message", ec.ECDSA(hashes.SHA256())))
print(*webauthn.login_options(webauthn.new_challenge(), []))
"""

    assert set(told_by(runnable, script).split()) == {"challenge", "rpId", "allowCredentials"}


def test_a_cut_is_read_by_a_process_that_finds_the_package_alone(runnable: Package, tmp_path: Path) -> None:
    cut = tmp_path / "cut.otio"
    cut.write_text(timeline(("SH010", 0, 24), ("SH020", 0, 48)).to_json_string())
    script = f"""
from pathlib import Path
from chalicelib.interchange.editorial import reader_process

print(*(clip.name for clip in reader_process.read("cut.otio", Path({str(cut)!r}).read_bytes(), 25.0)))
"""

    assert told_by(runnable, script).split() == ["SH010", "SH020"]


def test_every_client_that_the_code_makes_can_be_made(root: Path) -> None:
    source = "\n".join(path.read_text() for path in (root / "chalicelib").rglob("*.py"))
    made = set(re.findall(r'\bclient\(\s*"([a-z0-9-]+)"', source))

    assert made
    assert made <= set(wheels.SERVICES)
