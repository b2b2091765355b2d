"""Runs infra/aws/edge.js under Node, with the events that CloudFront sends."""

import json
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from infra.aws import package

IMPORT = "import cf from 'cloudfront';"
# CloudFront's module chooses the origin of a request; here it is noted beside it.
STAND_IN = """
let chosen = '';
const cf = { selectRequestOriginById: (id) => { chosen = id; } };
"""
RUN = """
import { readFileSync } from 'node:fs';
console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map((event) => {
    chosen = '';
    return { answer: handler(event), origin: chosen };
})));
"""


def event(method: str, address: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """The event of a viewer's request (CloudFront's documentation: event structure)."""
    path, _, query = address.partition("?")
    parameters: dict[str, Any] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name in parameters:
            parameters[name].setdefault("multiValue", [{"value": parameters[name]["value"]}]).append({"value": value})
        else:
            parameters[name] = {"value": value}
    told = {"host": "d111111abcdef8.cloudfront.net", "accept": "*/*", **(headers or {})}
    return {
        "version": "1.0",
        "context": {
            "distributionDomainName": "d111111abcdef8.cloudfront.net",
            "distributionId": "EDFDVBD6EXAMPLE",
            "eventType": "viewer-request",
            "requestId": "EXAMPLEntjQpEXAMPLE_SG5Z-EXAMPLEPmPfEXAMPLEu3EqEXAMPLE==",
        },
        "viewer": {"ip": "198.51.100.11"},
        "request": {
            "method": method,
            "uri": path,
            "querystring": parameters,
            "headers": {name: {"value": value} for name, value in told.items()},
            "cookies": {"access_token_cookie": {"value": "abc"}},
        },
    }


def run(folder: Path, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the function makes of the events: `answer`, and the `origin` it chose ("" where none)."""
    source = (package.ROOT / "infra" / "aws" / "edge.js").read_text()
    assert source.count(IMPORT) == 1
    module = folder / "edge.mjs"
    module.write_text(source.replace(IMPORT, STAND_IN) + RUN)
    done = subprocess.run(
        ["node", module], input=json.dumps(events), check=True, capture_output=True, text=True, timeout=30
    )
    answered: list[dict[str, Any]] = json.loads(done.stdout)
    return answered


# What clients ask at the address of the site, and where it goes: path, and the API that answers.
SESSION = "sTqPd3b1Q0yq-_Ar9fVhEw"
LIVE_REQUESTS = [
    ("GET", "/socket.io/?EIO=4&transport=polling&t=abc", "/api/live", "api"),
    ("GET", "/socket.io?EIO=4&transport=polling", "/api/live", "api"),
    ("POST", "/socket.io/?EIO=4&transport=polling", "/api/live", "api"),
    ("OPTIONS", "/socket.io/?EIO=4&transport=polling", "/api/live", "api"),
    ("GET", f"/socket.io/?EIO=4&transport=polling&sid={SESSION}", f"/live/{SESSION}", "live"),
    ("GET", f"/socket.io/?sid={SESSION}&transport=polling&sid=other", f"/live/{SESSION}", "live"),
    ("POST", f"/socket.io/?EIO=4&transport=polling&sid={SESSION}", "/api/live", "api"),
    ("OPTIONS", f"/socket.io/?EIO=4&transport=polling&sid={SESSION}", "/api/live", "api"),
    ("HEAD", f"/socket.io/?EIO=4&transport=polling&sid={SESSION}", "/api/live", "api"),
    ("GET", f"/socket.io/?EIO=4&transport=websocket&sid={SESSION}", "/api/live", "api"),
    ("GET", f"/socket.io/?EIO=4&sid={SESSION}", "/api/live", "api"),
    ("GET", "/socket.io/?EIO=4&transport=websocket", "/api/live", "api"),
    ("GET", "/socket.io/?EIO=4&transport=polling&sid=", "/api/live", "api"),
    ("GET", "/socket.io/?EIO=4&transport=polling&sid=..%2Fvulpes-dev-media", "/api/live", "api"),
    ("POST", "/socket.io/?EIO=4&transport=polling&sid=a/b", "/api/live", "api"),
]
