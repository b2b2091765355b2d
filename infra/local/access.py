"""Who may touch an object: the checks of S3 that a mistake in the app would run into on AWS.

Keys are not secret on one's own machine, so a signed header is taken at its word; but a request without any
signature, an address that has expired or was altered, and a form against its policy are refused as on AWS.
"""

import datetime
import hashlib
import hmac
import json
import time
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote

from infra.local.wire import Request


class Refused(Exception):
    """S3 says no: `code` as S3 names it, `status` as it answers."""

    def __init__(self, code: str, message: str, status: int = 403) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def check_request(request: Request, secret: str) -> None:
    """Refuses a request without a signature, or with an address that expired or was altered."""
    if request.headers.get("authorization", "").startswith("AWS"):
        return
    query = dict(request.parameters())
    if "X-Amz-Signature" in query:
        _check_presigned(request, query, secret)
    elif "Signature" in query and "Expires" in query:
        if time.time() > float(query["Expires"]):
            raise Refused("AccessDenied", "Request has expired")
    else:
        raise Refused("AccessDenied", "Access Denied: the request is not signed")


def _check_presigned(request: Request, query: Mapping[str, str], secret: str) -> None:
    try:
        begun = datetime.datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
        lasts = int(query["X-Amz-Expires"])
        _, day, region, service, _ = query["X-Amz-Credential"].rsplit("/", 4)
        names = query["X-Amz-SignedHeaders"].split(";")
    except (KeyError, ValueError) as error:
        raise Refused("AuthorizationQueryParametersError", "The signature is incomplete", 400) from error
    if time.time() > begun.timestamp() + lasts:
        raise Refused("AccessDenied", "Request has expired")
    pairs = [pair for pair in parse_qsl(request.query, keep_blank_values=True) if pair[0] != "X-Amz-Signature"]
    encoded = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in pairs)
    headers = "".join(f"{name}:{' '.join(request.headers.get(name, '').split())}\n" for name in names)
    canonical = "\n".join(
        [
            request.method,
            request.path,
            "&".join(f"{name}={value}" for name, value in encoded),
            headers,
            ";".join(names),
            "UNSIGNED-PAYLOAD",
        ]
    )
    scope = f"{day}/{region}/{service}/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    told = "\n".join(["AWS4-HMAC-SHA256", query["X-Amz-Date"], scope, digest])
    if not hmac.compare_digest(_signature(told, secret, scope), query["X-Amz-Signature"]):
        raise Refused("SignatureDoesNotMatch", "The signature does not fit the request")


def _signature(told: str, secret: str, scope: str) -> str:
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, told.encode(), "sha256").hex()


def check_form(fields: Mapping[str, str], bucket: str, secret: str) -> tuple[int, int]:
    """Checks the policy of a form upload (presigned POST) against its fields; gives the least and the largest size."""
    policy = fields.get("policy", "")
    try:
        rules: dict[str, Any] = json.loads(b64decode(policy))
        expires = datetime.datetime.fromisoformat(rules["expiration"]).timestamp()
        conditions: list[Any] = rules["conditions"]
    except (KeyError, ValueError, TypeError) as error:
        raise Refused("AccessDenied", "The form carries no proper policy") from error
    _check_form_signature(fields, policy, secret)
    if time.time() > expires:
        raise Refused("AccessDenied", "Invalid according to Policy: Policy expired.")
    known = {**fields, "bucket": bucket}
    least, largest = 0, 5 * 1024**3
    for condition in conditions:
        if isinstance(condition, list) and condition[0] == "content-length-range":
            least, largest = int(condition[1]), int(condition[2])
        elif not _holds(condition, known):
            raise Refused("AccessDenied", f"Invalid according to Policy: {json.dumps(condition)} does not hold")
    return least, largest


def _holds(condition: Any, fields: Mapping[str, str]) -> bool:
    if isinstance(condition, dict):
        return all(fields.get(name.lower()) == value for name, value in condition.items())
    kind, name, value = condition
    given = fields.get(name.removeprefix("$").lower(), "")
    return given.startswith(value) if kind == "starts-with" else given == value


def _check_form_signature(fields: Mapping[str, str], policy: str, secret: str) -> None:
    if "x-amz-signature" in fields:
        scope = fields.get("x-amz-credential", "").partition("/")[2]
        right = _signature(policy, secret, scope)
        given = fields["x-amz-signature"]
    else:
        right = b64encode(hmac.digest(secret.encode(), policy.encode(), "sha1")).decode()
        given = fields.get("signature", "")
    if not hmac.compare_digest(right, given):
        raise Refused("SignatureDoesNotMatch", "The signature does not fit the form")
