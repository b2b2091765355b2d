"""Secrets of tokens: a rotation in three steps signs nobody out (docs/operations.md)."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from chalicelib.access import tokens
from chalicelib.errors import InvalidToken
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.settings import current
from chalicelib.store import secrets

NAME = "/vulpes/tests/token-secrets"
OLD, NEW = "the-old-secret-that-is-long-enough-to-sign", "the-new-secret-that-is-long-enough-to-sign"
ADA = Record(PERSON, {"id": "11111111-2222-4333-8444-555555555555", "first_name": "Ada", "last_name": "L"})
Keep = Callable[[str], None]


@pytest.fixture
def parameters(cloud: str) -> Any:
    return boto3.client("ssm", region_name="eu-west-1", endpoint_url=cloud)


@pytest.fixture
def keep(cloud: str, parameters: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keep]:
    """Writes the parameter, and has it read again."""
    monkeypatch.delenv("VULPES_TOKEN_SECRETS")
    monkeypatch.setenv("VULPES_TOKEN_SECRETS_PARAMETER", NAME)
    monkeypatch.setenv("VULPES_SSM_ENDPOINT", cloud)
    monkeypatch.setattr(secrets, "_known", (0.0, ()))
    current.cache_clear()

    def put(value: str) -> None:
        parameters.put_parameter(Name=NAME, Value=value, Type="SecureString", Overwrite=True)
        secrets.forget()

    yield put
    with contextlib.suppress(parameters.exceptions.ParameterNotFound):
        parameters.delete_parameter(Name=NAME)
    current.cache_clear()


def test_a_rotation_signs_nobody_out(keep: Keep) -> None:
    keep(OLD)
    before = [tokens.issue(ADA), tokens.issue(ADA, "refresh")]
    for lines in (f"{OLD}\n{NEW}\n", f"{NEW}\n\n  {OLD}  "):
        keep(lines)
        assert tokens.read(before[0]).person_id == ADA.id
        assert tokens.read(before[1], "refresh").person_id == ADA.id
    after = tokens.issue(ADA)
    keep(NEW)
    assert tokens.read(after).person_id == ADA.id
    with pytest.raises(InvalidToken):
        tokens.read(before[0])


def test_the_first_secret_signs(keep: Keep) -> None:
    keep(f"{NEW}\n{OLD}")
    token = tokens.issue(ADA)
    keep(OLD)
    with pytest.raises(InvalidToken):
        tokens.read(token)


def test_a_container_that_learns_of_a_secret_late_still_knows_who_asks(keep: Keep) -> None:
    keep(f"{OLD}\n{NEW}")
    late = secrets.token_secrets()
    keep(f"{NEW}\n{OLD}")
    token = tokens.issue(ADA)
    secrets._known = (secrets._known[0], late)
    assert tokens.read(token).person_id == ADA.id


def test_they_are_read_every_five_minutes(keep: Keep, parameters: Any) -> None:
    keep(OLD)
    assert secrets.token_secrets() == (OLD,)
    parameters.delete_parameter(Name=NAME)
    assert secrets.token_secrets() == (OLD,)


def test_what_cannot_be_read_again_stays_in_force(
    keep: Keep, parameters: Any, caplog: pytest.LogCaptureFixture
) -> None:
    keep(OLD)
    token = tokens.issue(ADA)
    parameters.delete_parameter(Name=NAME)
    secrets.forget()
    assert tokens.read(token).person_id == ADA.id
    assert "could not be read" in caplog.text
    assert OLD not in caplog.text


def test_without_any_secret_nothing_is_signed(keep: Keep) -> None:
    with pytest.raises(secrets.NoSecret):
        tokens.issue(ADA)
