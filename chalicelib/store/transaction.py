"""Sending a transaction with pynamodb, and reading from its refusal what it means."""

from typing import Any, Final

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.errors import Duplicate
from chalicelib.store import session
from chalicelib.store.entry import Condition, Operation, Refused, Verb
from chalicelib.store.table import Item, connection

# The order in which pynamodb sends them, and in which the reasons of a refusal come back.
_ORDER: Final[tuple[Verb, ...]] = ("check", "delete", "put", "count")
_FOUND_ELSEWHERE: Final = frozenset(("ConditionalCheckFailed", "TransactionConflict", "ThrottlingError"))
_BEGIN_AGAIN: Final = ("TransactionConflictException", "TransactionInProgressException")


def send(operations: list[Operation]) -> None:
    """Writes all of it or nothing. Raises the refusal of a check that failed, or Refused."""
    ordered = sorted(operations, key=lambda operation: _ORDER.index(operation.verb))
    transaction = TransactWrite(connection=connection(), return_consumed_capacity="TOTAL")
    for operation in ordered:
        _add(transaction, operation)
    session.count("TransactWriteItems", None)
    try:
        transaction._commit()
    except TransactWriteError as problem:
        _explain(ordered, problem)


def _add(transaction: Any, operation: Operation) -> None:
    entry, condition = operation.entry, _expression(operation.condition)
    if operation.verb == "check":
        transaction.condition_check(Item, entry.pk, entry.sk, condition=condition)
    elif operation.verb == "delete":
        transaction.delete(Item(entry.pk, entry.sk), condition=condition)
    elif operation.verb == "put":
        transaction.save(Item(**entry.attributes()), condition=condition)
    else:
        transaction.update(Item(entry.pk, entry.sk), actions=[Item.v.add(1)])


def _expression(condition: Condition | None) -> Any:
    if condition is None:
        return None
    expressions: dict[str, Any] = {
        "no item": Item.pk.does_not_exist,
        "no record": Item.doc.does_not_exist,
        "a record": Item.doc.exists,
        "version": lambda: Item.v == condition.value,
        "holder": lambda: Item.at == condition.value,
    }
    return expressions[condition.sort]()


def _explain(ordered: list[Operation], problem: TransactWriteError) -> None:
    told = problem.cancellation_reasons or []
    refused = [(operation, reason.code) for operation, reason in zip(ordered, told, strict=False) if reason]
    refused = [(operation, code) for operation, code in refused if code != "None"]
    codes = {code for _, code in refused}
    if (not codes and problem.cause_response_code not in _BEGIN_AGAIN) or codes - _FOUND_ELSEWHERE:
        raise problem
    for operation, code in refused:
        if operation.verb == "check" and operation.refusal and code == "ConditionalCheckFailed":
            raise operation.refusal
    failed = [one.refusal for one, code in refused if code == "ConditionalCheckFailed"]
    taken = [refusal for refusal in failed if isinstance(refusal, Duplicate)]
    # Where a record that the command read has changed as well, a taken value says nothing: the next look may find it.
    raise Refused(taken[0] if taken and len(taken) == len(failed) else None)
