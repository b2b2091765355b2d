"""The layer for single sign-on: an optional one, so that the package stays small."""

import zipfile
from pathlib import Path
from typing import Any

from infra.aws import layer, wheels

ROOT = Path(layer.__file__).parents[2]


def test_it_holds_the_library_where_the_runtime_looks(tmp_path: Path) -> None:
    made = layer.build(ROOT, tmp_path, ROOT / "build" / "wheels")
    with zipfile.ZipFile(made) as opened:
        names = opened.namelist()
        size = sum(entry.file_size for entry in opened.infolist())
    assert {"python/signxml/__init__.py", "python/lxml/__init__.py"} <= set(names)
    # With the package and the layer, a function may hold 250 MB.
    assert size < 60_000_000


def test_the_package_does_not_hold_it() -> None:
    assert not {"signxml", "lxml"} & wheels.pinned(ROOT / "requirements.txt").keys()


def test_only_the_api_has_it_and_only_where_it_is_given(functions: dict[str, Any]) -> None:
    having = {name for name, properties in functions.items() if "SamlLayerArn" in str(properties.get("Layers"))}
    assert having == {"APIHandler"}
    assert functions["APIHandler"]["Layers"]["Fn::If"][0] == "HasSamlLayer"
