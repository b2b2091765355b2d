"""The layer for single sign-on: an optional one, so that the package stays small."""

import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from infra.aws import layer, wheels
from infra.aws.package import Package

ROOT = Path(layer.__file__).parents[2]


def test_it_holds_the_library_where_the_runtime_looks(saml_layer: Path) -> None:
    with zipfile.ZipFile(saml_layer) as opened:
        names = opened.namelist()
        size = sum(entry.file_size for entry in opened.infolist())
    assert {"python/signxml/__init__.py", "python/lxml/__init__.py"} <= set(names)
    # With the package and the layer, a function may hold 250 MB.
    assert size < 60_000_000


def test_package_and_layer_verify_signatures_together(runnable: Package, saml_layer: Path, tmp_path: Path) -> None:
    """As Lambda has them: the package first, with a cryptography that is cut, then the layer."""
    with zipfile.ZipFile(saml_layer) as opened:
        opened.extractall(tmp_path / "opt")
    code = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "import app\n"
        "from chalicelib.domain.people import saml_assertions\n"
        "saml_assertions._find_all_of_cryptography()\n"
        "import signxml, cryptography, lxml.etree\n"
        "print(cryptography.__file__.startswith(sys.argv[1]), signxml.__file__.startswith(sys.argv[2]))"
    )
    places = [str(runnable.folder), str(tmp_path / "opt" / "python")]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, *places], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("True True\n", 0), done.stderr


def test_what_both_hold_is_of_one_version() -> None:
    package, ours = (wheels.pinned(ROOT / f"requirements{part}.txt") for part in ("", "-saml"))
    shared = package.keys() & ours.keys()
    assert "cryptography" in shared
    assert {name: package[name] for name in shared} == {name: ours[name] for name in shared}


def test_the_package_does_not_hold_it() -> None:
    assert not {"signxml", "lxml"} & wheels.pinned(ROOT / "requirements.txt").keys()


def test_only_the_api_has_it_and_only_where_it_is_given(functions: dict[str, Any]) -> None:
    having = {name for name, properties in functions.items() if "SamlLayerArn" in str(properties.get("Layers"))}
    assert having == {"APIHandler"}
    assert functions["APIHandler"]["Layers"]["Fn::If"][0] == "HasSamlLayer"
