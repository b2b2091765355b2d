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
from importlib.metadata import distributions
from pathlib import Path
from typing import Final

from infra.aws import bytecode
from infra.aws.runtime import LAMBDA, PackagingError, Runtime

# What says how the folder is made: changed, it is made anew.
_RECIPE: Final = ("wheels.py", "bytecode.py", "bytecode.mjs", "compiling.py")
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
    "PIL/_imagingmath*",
    "PIL/ImageMath.py",
    # What pip would take away again.
    "*.dist-info/RECORD",
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
    runtime: Runtime = LAMBDA,
    unused: tuple[str, ...] = UNUSED,
) -> Path:
    """The folder under `folder` with the dependencies for a runtime; made once per content.

    unused: what is cut out of them. Raises PackagingError where a wheel for the runtime is missing or
    requirements.txt does not name all.
    """
    pins = {name: version for name, version in pinned(requirements).items() if name != ADDED_BY_CHALICE}
    written = "".join(Path(__file__).with_name(name).read_text() for name in _RECIPE)
    recipe = repr((pins, runtime, SERVICES, unused)) + written
    target = folder / hashlib.sha256(recipe.encode()).hexdigest()[:16]
    if target.is_dir():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    # Two may collect at once, each in a folder of its own: the first that is done gives its work to both.
    with tempfile.TemporaryDirectory(prefix="part-", dir=folder) as part:
        made = Path(part) / target.name
        made.mkdir()
        _install(pins, made, runtime)
        _refuse_unnamed(pins, made)
        _cut(made, unused)
        bytecode.write(made, runtime)
        with contextlib.suppress(OSError):
            made.rename(target)
    if not target.is_dir():
        raise PackagingError(f"the folder {target} cannot be made")
    return target


def _install(pins: dict[str, str], target: Path, runtime: Runtime) -> None:
    tags = [part for tag in runtime.platforms for part in ("--platform", tag)]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    command += ["--only-binary=:all:", "--implementation", "cp", "--python-version", runtime.version, *tags]
    command += ["--target", str(target), *(f"{name}=={number}" for name, number in pins.items())]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise PackagingError(
            f"no wheels for {runtime} on Lambda (glibc 2.{runtime.glibc}); "
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
