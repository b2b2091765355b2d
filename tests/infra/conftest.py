"""The application packaged once for all tests of this folder, as `make package` does it."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.aws import package
from infra.aws.package import Package


@pytest.fixture(scope="session")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return package.build("dev", tmp_path_factory.mktemp("package") / "dev")


@pytest.fixture(scope="session")
def template(packaged: Package) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(packaged.template.read_text())
    return read


@pytest.fixture(scope="session")
def functions(template: dict[str, Any]) -> dict[str, Any]:
    """The properties of each function by its name in the template."""
    found = template["Resources"].items()
    return {name: what["Properties"] for name, what in found if what["Type"] == "AWS::Serverless::Function"}


@pytest.fixture
def root() -> Path:
    return package.ROOT
