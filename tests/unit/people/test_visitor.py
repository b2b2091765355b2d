"""Who checks a deployment is there for that alone."""

import pytest

from chalicelib.settings import current
from infra.aws.visitor import visitor
from tests.client import Api


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is changed is there again after the test."""
    for name in ("VULPES_TABLE", "VULPES_BUCKET", "VULPES_STAGE", "AWS_REGION"):
        monkeypatch.setenv(name, "")


def test_they_sign_in_and_are_gone_afterwards(api: Api, table: str, environment: None) -> None:
    known = current()
    outputs = {"TableName": table, "FilesBucket": known.bucket}

    with visitor(outputs, known.region) as somebody:
        signed = api.post("/auth/login", {"email": somebody.email, "password": somebody.password}, user=None)
        assert signed.status == 200
        assert (signed["user"]["role"], signed["user"]["email"]) == ("user", somebody.email)

    assert api.post("/auth/login", {"email": somebody.email, "password": somebody.password}, user=None).status == 400
    current.cache_clear()
