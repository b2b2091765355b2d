"""The signature of the short way is the one botocore makes."""

import datetime

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from chalicelib.records import clock
from chalicelib.store import signing

MOMENT = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)


@pytest.mark.parametrize("token", [None, "a-session-token"])
def test_the_signature_is_botocores(monkeypatch: pytest.MonkeyPatch, token: str | None) -> None:
    keys = Credentials("an-access-key", "a-secret-key", token)
    monkeypatch.setattr(signing, "_keys", lambda: signing.Keys("an-access-key", "a-secret-key", token))
    monkeypatch.setattr(clock._clock, "source", lambda: MOMENT.replace(tzinfo=None))
    body, host = b'{"TableName": "vulpes"}', "dynamodb.eu-west-1.amazonaws.com"
    signed = signing.signed("dynamodb", "DynamoDB_20120810.Query", body, host)

    target = {"X-Amz-Target": "DynamoDB_20120810.Query"}
    request = AWSRequest("POST", f"https://{host}/", headers=target, data=body)
    request.context["timestamp"] = MOMENT.strftime("%Y%m%dT%H%M%SZ")
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: MOMENT.replace(tzinfo=None), raising=False)
    SigV4Auth(keys, "dynamodb", "eu-west-1").add_auth(request)
    assert signed["authorization"] == request.headers["Authorization"]
