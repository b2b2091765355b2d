"""What a write that goes the short way raises: pynamodb's errors, with the reasons of a refusal."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pynamodb.exceptions import VerboseClientError

from chalicelib.store import failures, table, transport, wire
from chalicelib.store.connection import ShortConnection

CANCELED = {
    "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
    "Message": "Transaction cancelled",
    "CancellationReasons": [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Message": "it failed"}],
}
HEADERS = {"x-amz-target": "DynamoDB_20120810.ListTables"}


def refused(monkeypatch: pytest.MonkeyPatch, status: int, body: bytes) -> VerboseClientError:
    """What a transaction raises that is answered so."""
    reply = transport.Reply(status, body, b"")
    monkeypatch.setattr(wire, "send", lambda operation, body: reply)
    with pytest.raises(VerboseClientError) as raised:
        ShortConnection()._make_api_call("TransactWriteItems", {"TransactItems": []})
    return raised.value


def test_the_reasons_of_a_refusal_come_by_item(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = refused(monkeypatch, 400, json.dumps(CANCELED).encode())
    assert [reason and reason.code for reason in problem.cancellation_reasons] == [None, "ConditionalCheckFailed"]
    assert problem.response["Error"] == {"Code": "TransactionCanceledException", "Message": "Transaction cancelled"}


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (400, {"__type": "x#ThrottlingException", "message": "slower"}, "throttled"),
        (400, {"__type": "x#ValidationException", "message": "wrong"}, "refused"),
        (400, {"__type": "x#InvalidSignatureException", "message": "late"}, "unsent"),
        (400, {"__type": "x#TransactionInProgressException"}, "unclear"),
        (500, {"__type": "x#InternalServerError"}, "unclear"),
        (502, "<html>Bad gateway</html>", "unclear"),
    ],
)
def test_a_refusal_says_whether_it_was_written(
    monkeypatch: pytest.MonkeyPatch, status: int, body: Any, meaning: str
) -> None:
    raw = json.dumps(body).encode() if isinstance(body, dict) else body.encode()
    assert failures.meaning(refused(monkeypatch, status, raw)) == meaning
    assert failures.of_answer(status, raw) == meaning, "reads and writes take an answer for the same"


def test_a_reason_of_a_transaction_is_the_same_word_as_a_refusal() -> None:
    for reason, code in (("ThrottlingError", "ThrottlingException"), ("TransactionConflict",) * 2):
        assert failures.of_code(reason) == failures.of_code(code) == "throttled"
    throughput = ("ProvisionedThroughputExceeded", "ProvisionedThroughputExceededException")
    assert [failures.of_code(code) for code in throughput] == ["throttled"] * 2
    assert [failures.of_code(code) for code in ("ValidationError", "None", "")] == ["refused"] * 3
    assert failures.is_condition("ConditionalCheckFailed")
    assert failures.is_condition("ConditionalCheckFailedException")


def test_codes_of_refusals_stand_in_one_place() -> None:
    told = re.compile("Throttl|ThroughputExceeded|InvalidSignature|InternalServer|ConditionalCheckFailed")
    store = Path(failures.__file__).parent
    assert [one.name for one in sorted(store.glob("*.py")) if told.search(one.read_text())] == ["failures.py"]


def test_what_was_sent_over_a_connection_that_broke_may_have_been_written(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = transport.Pool(False, "127.0.0.1", 1)
    with pytest.raises(transport.NotConnected) as unsent:
        pool.post(HEADERS, b"{}")
    assert failures.meaning(unsent.value) == "unsent"
    monkeypatch.setattr(pool, "_take", object)
    monkeypatch.setattr(pool, "_exchange", lambda link, request: (_ for _ in ()).throw(TimeoutError()))
    with pytest.raises(transport.BrokenConnection) as unclear:
        pool.post(HEADERS, b"{}")
    assert failures.meaning(unclear.value) == "unclear"


def test_whatever_the_model_asks_for_takes_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first request of a container may be one of the model: a counter, before any transaction."""
    monkeypatch.setattr(table.Item, "_connection", None)
    assert isinstance(table.Item._get_connection().connection, ShortConnection)
