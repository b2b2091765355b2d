"""How large the environment of a function becomes, before AWS is asked: it takes 4 KB, all certificates included."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from infra.aws.account import DeploymentError
from infra.aws.references import Fragment

# Of the variables as JSON, which is what Lambda measures.
LIMIT: Final = 4096
# What AWS names itself, buckets, queues, a topic: none is much longer.
_NAME: Final = "x" * 48
_PART: Final = "x" * 36
_TOO_LARGE: Final = """The environment of {function} would have {size} bytes, and Lambda takes {limit}. The longest
parameters of it are {names}: shorten them. Of SamlCertificates one is enough while none is being replaced."""


def refuse_too_large(body: Fragment, answers: Mapping[str, str]) -> None:
    """Raises DeploymentError where the environment of a function passes the limit.

    body: the template. answers: its parameters as they will be; those that are absent have their defaults.
    """
    given = {name: str(answers.get(name, what.get("Default", ""))) for name, what in body["Parameters"].items()}
    for name, resource in body["Resources"].items():
        variables = resource.get("Properties", {}).get("Environment", {}).get("Variables", {})
        size = size_of(variables, given)
        if size > LIMIT:
            used = [parameter for parameter in given if f'"Ref": "{parameter}"' in json.dumps(variables)]
            longest = sorted(used, key=lambda parameter: -len(given[parameter]))[:3]
            raise DeploymentError(_TOO_LARGE.format(function=name, size=size, limit=LIMIT, names=", ".join(longest)))


def size_of(variables: Fragment, given: Mapping[str, str]) -> int:
    """Bytes of an environment at most."""
    told = {name: _longest(value, given) for name, value in variables.items()}
    return len(json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode())


def _longest(value: Any, given: Mapping[str, str]) -> str:
    """A value, with placeholders where AWS fills in, and the longer one of two."""
    if not isinstance(value, dict):
        return str(value)
    ((function, argument),) = value.items()
    told = _NAME
    match function:
        case "Ref":
            told = given.get(argument, _NAME)
        case "Fn::Sub":
            told = re.sub(r"\$\{([^}]+)\}", lambda found: given.get(found[1], _PART), argument)
        case "Fn::Select":
            told = _PART
        case "Fn::If":
            told = max((_longest(one, given) for one in argument[1:]), key=len)
        case "Fn::Join":
            parts = argument[1] if isinstance(argument[1], list) else [argument[1]]
            told = argument[0].join(_longest(one, given) for one in parts)
    return told
