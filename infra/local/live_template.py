"""The mapping templates of live events, rendered here as API Gateway renders them (infra/aws/live.py).

    told = poll(200, received(["42/events,…", …]))     told.status, told.headers, told.body

What API Gateway hands to a template is what SQS answers to the Query protocol, as JSON.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote_plus, unquote_plus

import airspeed

from infra.aws.live import mapping_template, responses

# What SQS answers, with 400, where there is no such queue.
GONE: Final = json.dumps(
    {
        "Error": {
            "Code": "AWS.SimpleQueueService.NonExistentQueue",
            "Message": "The specified queue does not exist.",
            "Type": "Sender",
        },
        "RequestId": "",
    }
)
_HEADER: Final = "method.response.header."


@dataclass(frozen=True, slots=True)
class Told:
    """What a poll is answered with."""

    status: int
    headers: dict[str, str]
    body: str


# A crowd that hears of the same is answered the same.
@lru_cache(maxsize=64)
def poll(status: int, answer: str) -> Told:
    """The answer to a poll out of status and body of SQS's answer."""
    chosen = _chosen(status)
    override: dict[str, Any] = {"header": {}}
    (template,) = chosen["responseTemplates"].values()
    body = render(template, answer, {"responseOverride": override})
    headers = {name.removeprefix(_HEADER): told.strip("'") for name, told in chosen["responseParameters"].items()}
    return Told(int(override.get("status", chosen["statusCode"])), headers, body)


def asked(sid: str, context: dict[str, str]) -> str:
    """What API Gateway asks of SQS for a session; `context` fills in what CloudFormation would (`AWS::Region` …)."""
    template = mapping_template("live_request")
    for name, told in context.items():
        template = template.replace(f"${{{name}}}", told)
    return render(template, "", {}, {"sid": sid})


def received(bodies: Iterable[str]) -> str:
    """What SQS answers when it gives out these messages."""
    messages = [{"Body": body, "MessageId": str(number)} for number, body in enumerate(bodies)]
    result = {"messages": messages or None}
    return json.dumps({"ReceiveMessageResponse": {"ReceiveMessageResult": result}})


def render(template: str, body: str, context: dict[str, Any], params: dict[str, str] | None = None) -> str:
    """A mapping template with `$input`, `$util` and `$context` as API Gateway has them."""
    names = {"input": _Input(body, params or {}), "util": _Util(), "context": context}
    return str(_read(template).merge(names))


@lru_cache(maxsize=8)
def _read(template: str) -> Any:
    return airspeed.Template(template)


class _Input:
    """`$input`: the body that is mapped, and the parameters of the request."""

    def __init__(self, body: str, params: dict[str, str]) -> None:
        self._body = body
        self._params = params

    def path(self, path: str) -> Any:
        """What a JSON path of plain names leads to; null where it leads nowhere."""
        found = json.loads(self._body)
        for name in path.removeprefix("$").lstrip(".").split("."):
            found = found.get(name) if isinstance(found, dict) else None
        return found

    def params(self, name: str) -> str:
        """A parameter of the request; empty where it is missing."""
        return self._params.get(name, "")


class _Util:
    """`$util`, as far as the templates use it."""

    def urlDecode(self, text: str) -> str:
        """A text without its percent signs."""
        return unquote_plus(text)

    def urlEncode(self, text: str) -> str:
        """A text as it stands in a form."""
        return quote_plus(text)


@lru_cache(maxsize=32)
def _chosen(status: int) -> Any:
    known = responses()
    for pattern, response in known.items():
        if pattern != "default" and re.fullmatch(pattern, str(status)):
            return response
    return known["default"]
