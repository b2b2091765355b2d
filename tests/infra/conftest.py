"""The application packaged once for all tests of this folder, as `make package` does it."""

import contextlib
import copy
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.aws import layer, package, runtime
from infra.aws.package import Package


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run of the tests share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def packaged(shared: Path) -> Package:
    """The package as it is deployed; its libraries are for Lambda's machine."""
    return package_of(runtime.LAMBDA, shared / "package")


@pytest.fixture(scope="session")
def runnable(shared: Path) -> Package:
    """The package that runs on this machine, with this Python."""
    return package_of(runtime.of_this_machine(), shared / "runnable")


def package_of(wanted: runtime.Runtime, folder: Path) -> Package:
    folder.mkdir(exist_ok=True)
    out = folder / "dev"
    with made_once(folder / "lock"):
        if (out / "sam.json").exists():
            return Package(out / "sam.json", out / "deployment.zip", out / "package")
        return package.build("dev", out, runtime=wanted)


@pytest.fixture(scope="session")
def saml_layer(shared: Path) -> Path:
    """The zip of the layer for single sign-on, as it runs on this machine."""
    made = shared / "layer" / "saml-layer.zip"
    with made_once(shared / "layer.lock"):
        if not made.exists():
            layer.build(package.ROOT, made.parent, package.ROOT / "build" / "wheels", runtime.of_this_machine())
    return made


@contextlib.contextmanager
def made_once(lock: Path) -> Iterator[None]:
    """Lets one process at a time make something that the others then find."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def template(packaged: Package) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(packaged.template.read_text())
    return read


@pytest.fixture(scope="session")
def expanded(template: dict[str, Any]) -> dict[str, Any]:
    """The template as SAM's transform makes it: what CloudFormation works on."""
    from samtranslator.translator.transform import transform

    uploaded = copy.deepcopy(template)
    for resource in uploaded["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = {"Bucket": "vulpes-artifacts", "Key": "package.zip"}
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            resource["Properties"]["ContentUri"] = {"Bucket": "vulpes-artifacts", "Key": "layer.zip"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        found: dict[str, Any] = transform(uploaded, {}, SimpleNamespace(load=dict))
    return found


@pytest.fixture(scope="session")
def functions(template: dict[str, Any]) -> dict[str, Any]:
    """The properties of each function by its name in the template."""
    found = template["Resources"].items()
    return {name: what["Properties"] for name, what in found if what["Type"] == "AWS::Serverless::Function"}


@pytest.fixture
def root() -> Path:
    return package.ROOT
