"""Signature Version 4 of the requests that take the short way: JSON by POST to `/`, so a few hashes suffice."""

import hashlib
import hmac
import os
from functools import lru_cache
from typing import Any, NamedTuple

from chalicelib.errors import Unavailable
from chalicelib.records import clock
from chalicelib.settings import current


class Keys(NamedTuple):
    """What a request is signed with."""

    access_key: str
    secret_key: str
    token: str | None


def _keys() -> Keys:
    """The keys of the environment, where a function finds its own; else what botocore finds, refreshed by it."""
    access, secret = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    if access and secret and "AWS_PROFILE" not in os.environ:
        return Keys(access, secret, os.environ.get("AWS_SESSION_TOKEN"))
    found = _credentials().get_frozen_credentials()
    return Keys(found.access_key, found.secret_key, found.token)


@lru_cache(maxsize=1)
def _credentials() -> Any:
    # Importing botocore costs a fifth of a cold start, and a function needs it with its first write only.
    import botocore.session

    found = botocore.session.get_session().get_credentials()
    if found is None:
        raise Unavailable("There are no AWS credentials.")
    return found


@lru_cache(maxsize=8)
def _signing_key(secret: str, day: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def signed(service: str, target: str, body: bytes, host: str) -> dict[str, str]:
    """The headers of a request to a service (`dynamodb`, `sqs`); target: the operation, after its protocol."""
    keys = _keys()
    moment = clock.moment().strftime("%Y%m%dT%H%M%SZ")
    day, region = moment[:8], current().region
    headers = {"host": host, "x-amz-date": moment, "x-amz-target": target}
    if keys.token:
        headers["x-amz-security-token"] = keys.token
    names = sorted(headers)
    canonical = "\n".join(
        [
            "POST",
            "/",
            "",
            *(f"{name}:{headers[name]}" for name in names),
            "",
            ";".join(names),
            hashlib.sha256(body).hexdigest(),
        ]
    )
    scope = f"{day}/{region}/{service}/aws4_request"
    told = "\n".join(["AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    signature = hmac.digest(_signing_key(keys.secret_key, day, region, service), told.encode(), "sha256").hex()
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={keys.access_key}/{scope}, SignedHeaders={';'.join(names)}, Signature={signature}"
    )
    headers["content-type"] = "application/x-amz-json-1.0"
    return headers
