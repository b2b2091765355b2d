"""The runbook fits the stack: every alarm has a section, and what its commands name is there."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

Template = dict[str, Any]
PARTS = ("**Means:**", "**Look:**", "**Do:**", "**Over when:**")


@pytest.fixture(scope="module")
def page() -> str:
    return (Path(__file__).resolve().parents[2] / "docs" / "runbook.md").read_text()


def sections(page: str) -> dict[str, str]:
    """The sections of alarms by their headings."""
    (alarms,) = re.findall(r"^## Alarms$(.*?)^## ", page, re.DOTALL | re.MULTILINE)
    found = re.split(r"^### (.+)$", alarms, flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def test_every_alarm_has_a_section_and_no_section_is_left_of_one_that_went(page: str, template: Template) -> None:
    alarms = {name for name, what in template["Resources"].items() if what["Type"] == "AWS::CloudWatch::Alarm"}
    named = [name for heading in sections(page) for name in heading.split(", ")]

    assert sorted(named) == sorted(alarms)


def test_each_section_says_all_that_is_needed_at_night(page: str) -> None:
    for heading, told in sections(page).items():
        assert [part for part in PARTS if part not in told] == [], heading
        assert [told.index(part) for part in PARTS] == sorted(told.index(part) for part in PARTS), heading
        look = told[told.index("**Look:**") : told.index("**Do:**")]
        assert "aws " in look, f"{heading}: no command to look with"


def test_what_its_commands_name_is_in_the_stack(page: str, template: Template) -> None:
    assert set(re.findall(r"\$\(output (\w+)\)", page)) <= set(template["Outputs"])
    named = {
        what.get("Properties", {}).get("LogGroupName", {}).get("Fn::Sub") for what in template["Resources"].values()
    }
    groups = {name.replace("${AWS::StackName}", "$STACK") for name in named if name}
    assert set(re.findall(r"/aws/(?:lambda|apigateway)/\$STACK-[a-z-]+", page)) <= groups
    functions = {name.rpartition("/")[2] for name in groups if "/lambda/" in name}
    assert set(re.findall(r"(?:--function-name |FunctionName,Value=)(\$STACK-[a-z-]+)", page)) <= functions


def test_what_is_deployed_at_night_is_a_parameter(page: str, root: Path, template: Template) -> None:
    given = re.findall(r'PARAMETERS="([^"]+)"', page)
    assert {told.partition("=")[0] for one in given for told in one.split()} <= set(template["Parameters"])
    fields = set(re.findall(r"\$\.(\w+)", page))
    logged = (root / "chalicelib" / "http" / "log.py").read_text() + (
        root / "infra" / "aws" / "access_logs.py"
    ).read_text()
    assert fields
    assert not [name for name in fields if f'"{name}"' not in logged]


def test_the_table_of_parameters_is_that_of_the_template(root: Path, template: Template) -> None:
    operations = (root / "docs" / "operations.md").read_text()
    (table,) = re.findall(r"^### Parameters$(.*?)^### ", operations, re.DOTALL | re.MULTILINE)
    named = [name for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]

    assert sorted(named) == sorted(template["Parameters"])


def test_its_commands_are_words_of_a_shell(page: str) -> None:
    blocks = re.findall(r"^( *)```\n(.*?)^ *```$", page, re.DOTALL | re.MULTILINE)
    assert len(blocks) > 20

    told = subprocess.run(
        ["bash", "-n"], input="\n".join(block for _, block in blocks), check=False, capture_output=True, text=True
    )
    assert (told.returncode, told.stderr) == (0, "")
