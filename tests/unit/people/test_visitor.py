"""Who checks a deployment is there for that alone."""

import os

from chalicelib.settings import current
from infra.aws.visitor import visitor
from tests.client import Api


def test_they_sign_in_and_are_gone_afterwards(api: Api, table: str) -> None:
    known, before = current(), dict(os.environ)
    outputs = {"TableName": table, "FilesBucket": known.bucket}

    with visitor(outputs, known.region) as somebody:
        signed = api.post("/auth/login", {"email": somebody.email, "password": somebody.password}, user=None)
        assert signed.status == 200
        assert (signed["user"]["role"], signed["user"]["email"]) == ("user", somebody.email)

    assert api.post("/auth/login", {"email": somebody.email, "password": somebody.password}, user=None).status == 400
    assert dict(os.environ) == before
