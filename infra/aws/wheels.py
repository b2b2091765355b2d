"""The dependencies as the Lambda runtime needs them: unpacked wheels, cut to what is used, compiled.

`chalice package` would build a wheel from source where it finds none that fits the runtime, against the libraries of
the machine that packages; such a package fails on Lambda. Here pip is told to take wheels for the runtime's glibc only,
and everything has to be named in requirements.txt.
"""

import contextlib
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from importlib.metadata import distributions
from pathlib import Path
from typing import Final

# glibc of the Lambda runtimes: Amazon Linux 2 up to Python 3.11, Amazon Linux 2023 from 3.12.
RUNTIME_GLIBC: Final = {(3, 11): 26, (3, 12): 34, (3, 13): 34}
OLDEST_GLIBC: Final = 5
MACHINE: Final = "x86_64"
# Chalice's packager adds the two modules of the framework that run; the rest is its command line.
ADDED_BY_CHALICE: Final = "chalice"
# botocore describes 400 services in 28 MB; a client of one that is missing here cannot be made.
SERVICES: Final = ("dynamodb", "s3", "ses", "sesv2", "sqs", "ssm", "sts")
# Pictures come as PNG and JPEG, and nothing is written into them: no fonts. fido2 verifies signatures here: it talks to
# no key itself and reads no certificates. Of cffi the built library runs, not what builds it.
UNUSED: Final = (
    "bin",
    "boto3/examples",
    "PIL/_imagingtk*",
    "PIL/_avif*",
    "pillow.libs/libavif*",
    "PIL/_imagingft*",
    "pillow.libs/libfreetype*",
    "pillow.libs/libharfbuzz*",
    "pillow.libs/libbrotli*",
    "pillow.libs/libpng16*",
    "opentimelineio/console",
    "fido2/client",
    "fido2/ctap2",
    "fido2/hid",
    "fido2/attestation",
    "cryptography/x509",
    "PIL/_imagingmorph*",
    "PIL/ImageMorph.py",
    "boto3/data",
    "dateutil/zoneinfo/*.tar.gz",
    "s3transfer/processpool.py",
    "urllib3/contrib/emscripten",
    "cffi",
    "pycparser",
    # Time zones come from the system's table, examples and lists of ingredients are for people.
    "dateutil/zoneinfo/dateutil-zoneinfo.tar.gz",
    "botocore/data/*/*/examples-1.json",
    "*.dist-info/sboms",
    "*/*.pyi",
    "**/tests",
)


class PackagingError(Exception):
    """The package cannot be built; the message says what to change."""


def pinned(requirements: Path) -> dict[str, str]:
    """The exact versions in a requirements file by normalised name. Raises PackagingError at anything but a pin."""
    pins = {}
    for line in requirements.read_text().splitlines():
        text = line.split("#")[0].strip()
        if not text:
            continue
        found = re.fullmatch(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.+!]+)", text)
        if found is None:
            raise PackagingError(f"{requirements.name}: '{text}' is not an exact version (name==version)")
        pins[_normal(found[1])] = found[2]
    return pins


def collect(
    requirements: Path,
    folder: Path,
    python: tuple[int, int] = sys.version_info[:2],
    unused: tuple[str, ...] = UNUSED,
) -> Path:
    """The folder under `folder` with the dependencies for that Python's runtime; made once per content.

    unused: what is cut out of them. Raises PackagingError where a wheel for the runtime is missing or
    requirements.txt does not name all.
    """
    pins = {name: version for name, version in pinned(requirements).items() if name != ADDED_BY_CHALICE}
    recipe = repr((pins, python, MACHINE, SERVICES, unused)) + Path(__file__).read_text()
    target = folder / hashlib.sha256(recipe.encode()).hexdigest()[:16]
    if target.is_dir():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    # Two may collect at once, each in a folder of its own: the first that is done gives its work to both.
    with tempfile.TemporaryDirectory(prefix="part-", dir=folder) as part:
        made = Path(part) / target.name
        made.mkdir()
        _install(pins, made, python)
        _refuse_unnamed(pins, made)
        _cut(made, unused)
        compile_bytecode(made)
        with contextlib.suppress(OSError):
            made.rename(target)
    if not target.is_dir():
        raise PackagingError(f"the folder {target} cannot be made")
    return target


def platform_tags(python: tuple[int, int]) -> list[str]:
    """The wheel platforms that run on that Python's Lambda runtime, best first."""
    if python not in RUNTIME_GLIBC:
        known = ", ".join(f"{major}.{minor}" for major, minor in RUNTIME_GLIBC)
        raise PackagingError(f"package with a Python that Lambda runs: {known}")
    newest = RUNTIME_GLIBC[python]
    perennial = [f"manylinux_2_{minor}_{MACHINE}" for minor in range(newest, OLDEST_GLIBC - 1, -1)]
    return [*perennial, f"manylinux2014_{MACHINE}", f"manylinux2010_{MACHINE}", f"manylinux1_{MACHINE}"]


def compile_bytecode(folder: Path, only: Iterable[str] = (".",)) -> None:
    """Compiles modules ahead: a function's folder is read-only, so without it every cold start compiles again.

    Unchecked hashes keep the result independent of file times, and so the package the same for the same source.
    """
    command = [sys.executable, "-m", "compileall", "-q", "-j", "1", "--invalidation-mode", "unchecked-hash"]
    places = [str(folder / part) for part in only]
    command += ["-s", str(folder), "-p", "/var/task", *places]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise PackagingError(f"a module does not compile:\n{done.stdout}{done.stderr}")


def _install(pins: dict[str, str], target: Path, python: tuple[int, int]) -> None:
    tags = [part for tag in platform_tags(python) for part in ("--platform", tag)]
    version = f"{python[0]}.{python[1]}"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    command += ["--only-binary=:all:", "--implementation", "cp", "--python-version", version, *tags]
    command += ["--target", str(target), *(f"{name}=={number}" for name, number in pins.items())]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise PackagingError(
            f"no wheels for the Lambda runtime of Python {version} (glibc 2.{RUNTIME_GLIBC[python]}, {MACHINE}); "
            f"nothing is built from source. pip says:\n{done.stderr}"
        )


def _refuse_unnamed(pins: dict[str, str], target: Path) -> None:
    installed = {_normal(found.metadata["Name"]) for found in distributions(path=[str(target)])}
    unnamed = sorted(installed - pins.keys())
    if unnamed:
        raise PackagingError(f"requirements.txt does not name {', '.join(unnamed)}, which its packages need")


def _cut(target: Path, unused: tuple[str, ...]) -> None:
    for pattern in unused:
        for found in list(target.glob(pattern)):
            shutil.rmtree(found) if found.is_dir() else found.unlink()
    for service in target.glob("boto*/data/*/"):
        if service.is_dir() and service.name not in SERVICES:
            shutil.rmtree(service)
    # The hosts of all services in all regions: half of it is white space.
    for described in target.glob("botocore/data/*.json"):
        described.write_text(json.dumps(json.loads(described.read_text()), separators=(",", ":")))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
