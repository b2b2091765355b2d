"""`python -m infra.aws.layer`: the layer with what single sign-on needs, for those who use it. Needs no account."""

import shutil
import sys
from pathlib import Path
from typing import Final

from infra.aws import archive, wheels
from infra.aws.runtime import LAMBDA, PackagingError, Runtime

ROOT: Final = Path(__file__).parents[2]
# Where a layer's Python modules are found.
_MODULES: Final = "python"
# cryptography stays whole: the package holds it without certificates, which are read here.
_UNUSED: Final = ("bin", "*/*.pyi", "**/tests")


def build(root: Path, out: Path, cache: Path, runtime: Runtime = LAMBDA) -> Path:
    """The zip of the layer in the folder `out`, anew; PackagingError where a wheel is missing."""
    dependencies = wheels.collect(root / "requirements-saml.txt", cache, runtime, unused=_UNUSED)
    folder = out / "saml-layer"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(dependencies, folder / _MODULES)
    made = out / "saml-layer.zip"
    archive.pack(folder, made)
    return made


def main() -> int:
    """Runs the command line; 1 where a wheel is missing."""
    try:
        made = build(ROOT, ROOT / "build", ROOT / "build" / "wheels")
    except PackagingError as problem:
        print(f"Not packaged: {problem}", file=sys.stderr)
        return 1
    print(f"{made.relative_to(ROOT)}: {made.stat().st_size / 1e6:.1f} MB, for {LAMBDA}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
