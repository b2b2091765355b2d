"""What the documents say is so."""

import functools
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import jmespath
import pytest
from botocore import xform_name

from infra import documents, event_document

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)


def test_the_list_of_routes_is_that_of_the_declarations() -> None:
    assert documents.TARGET.read_text() == documents.text(), "run: python -m infra.documents"


def test_the_list_of_events_is_what_routes_tell() -> None:
    assert event_document.TARGET.read_text() == event_document.text(), "run: python -m infra.documents"


def anchors(page: Path) -> set[str]:
    """The places of a page that a link can name, as GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in _LINK.findall(_CODE.sub("", page.read_text())):
        if "://" in target or target.startswith("mailto:"):
            continue
        file, _, place = target.partition("#")
        aimed = (page.parent / file).resolve() if file else page
        assert aimed.exists(), f"{target} leads nowhere"
        assert not place or place in anchors(aimed), f"{target}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_are_there(page: Path) -> None:
    shown = "\n".join(_CODE.findall(page.read_text()))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", shown, re.MULTILINE)) <= targets
    for module in set(re.findall(r"python -m ((?:infra|tests)[\w.]*)", shown)):
        assert importlib.util.find_spec(module), f"python -m {module}: no such module"


# What the command line of AWS has besides the operations of its services.
EVERYWHERE = {"query", "output", "region", "max-items"}
OTHER_NAMES = {"deploy": "codedeploy", "s3api": "s3"}
OWN_COMMANDS = {
    ("s3", "ls"): {"recursive", "summarize"},
    ("logs", "tail"): {"since", "follow", "format", "filter-pattern"},
}
OWN_OPTIONS = {("lambda", "publish-layer-version"): {"zip-file"}, ("sns", "subscribe"): {"notification-endpoint"}}


@functools.cache
def model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(OTHER_NAMES.get(service, service))


def aws_commands(page: Path) -> Iterator[tuple[str, str, set[str]]]:
    """The commands of AWS on a page: service, operation, options. One inside another is one of its own."""
    for code in _CODE.findall(page.read_text()):
        for line in re.sub(r"\\\n\s*", " ", code).splitlines():
            for told in re.split(r"(?<![\w/.-])aws (?=[a-z])", line.strip("`"))[1:]:
                service, operation, *rest = told.split()
                options = re.findall(r"(?<!\S)--([a-z][a-z0-9-]*)", " ".join(rest))
                yield service, operation.strip('`")'), set(options)


def known_options(service: str, operation: str) -> set[str]:
    if (service, operation) in OWN_COMMANDS:
        return OWN_COMMANDS[service, operation] | EVERYWHERE
    found = model(service)
    names = {xform_name(name, "-"): name for name in found.operation_names}
    assert operation in names, f"aws {service} has no {operation}"
    told = found.operation_model(names[operation]).input_shape
    members = {xform_name(name, "-"): shape for name, shape in told.members.items()} if told else {}
    switched_off = {f"no-{name}" for name, shape in members.items() if shape.type_name == "boolean"}
    return {*members, *switched_off, *EVERYWHERE, *OWN_OPTIONS.get((service, operation), ())}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_of_aws_are_there_with_their_options(page: Path) -> None:
    for service, operation, options in aws_commands(page):
        unknown = options - known_options(service, operation)
        assert not unknown, f"aws {service} {operation} has no --{', --'.join(sorted(unknown))}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_is_asked_of_their_answers_can_be_asked(page: Path) -> None:
    shown = "\n".join(_CODE.findall(page.read_text()))
    for single, double, bare in re.findall(r"--query (?:'([^']+)'|\"([^\"]+)\"|([\w.]+))", shown):
        jmespath.compile(single or double or bare)


def test_commands_inside_commands_are_found() -> None:
    found = [(service, operation) for service, operation, _ in aws_commands(ROOT / "docs" / "runbook.md")]

    assert {("sqs", "start-message-move-task"), ("sqs", "get-queue-attributes"), ("logs", "tail")} <= set(found)
    assert len(found) > 40
