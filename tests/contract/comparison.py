"""What an answer lacks of the golden one. Keys beyond the golden ones are fine; the text of a message is free."""

import json
from typing import Any

from tests.contract.material import Step

ANY = "<any>"
REFUSED = "<error>"


def judge(want: Step, have: Step) -> list[str]:
    """The differences of one step, short lines; none where it holds.

    A golden status "4xx" takes any refusal: there the reference server broke with a 500, which nobody should copy.
    """
    if (want["method"], want["path"]) != (have["method"], have["path"]):
        return [f"other request: wanted {want['method']} {want['path']}, sent {have['method']} {have['path']}"]
    status = want["status"]
    if status == "4xx":
        return [] if 400 <= have["status"] < 500 else [f"status: wanted 4xx, got {have['status']}"]
    if status != have["status"]:
        return [f"status: wanted {status}, got {have['status']}"]
    if "body" not in want or want["body"] == REFUSED:
        return []
    return differences(want["body"], have.get("body"))


def differences(want: Any, have: Any, where: str = "") -> list[str]:
    """What the value `have` lacks of `want`, with the place of each difference."""
    if want == ANY:
        return []
    if isinstance(want, dict):
        return _of_object(want, have, where)
    if isinstance(want, list):
        return _of_list(want, have, where)
    if want != have or type(want) is not type(have):
        return [f"{where or 'body'}: wanted {brief(want)}, got {brief(have)}"]
    return []


def _of_object(want: dict[str, Any], have: Any, where: str) -> list[str]:
    if not isinstance(have, dict):
        return [f"{where or 'body'}: wanted an object, got {brief(have)}"]
    found = []
    for key, value in want.items():
        place = f"{where}.{key}"
        found += differences(value, have[key], place) if key in have else [f"{place}: missing (wanted {brief(value)})"]
    return found


def _of_list(want: list[Any], have: Any, where: str) -> list[str]:
    if not isinstance(have, list):
        return [f"{where or 'body'}: wanted a list, got {brief(have)}"]
    if len(want) != len(have):
        return [f"{where or 'body'}: wanted {len(want)} items, got {len(have)}"]
    pairs = enumerate(zip(want, have, strict=True))
    return [line for index, (a, b) in pairs for line in differences(a, b, f"{where}[{index}]")]


def brief(value: Any) -> str:
    """A value in at most ninety characters."""
    text = json.dumps(value, default=str)
    return text if len(text) < 90 else text[:87] + "..."
