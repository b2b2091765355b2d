"""Sending a transaction with pynamodb, and reading from its refusal what it means."""

import logging
import uuid
from collections.abc import Iterable
from typing import Any, Final

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.errors import Duplicate, OutcomeUnknown, Unavailable
from chalicelib.records import clock
from chalicelib.store import partition_sizes, rehearsal, session
from chalicelib.store.entry import Condition, Entry, Operation, Refused, Verb
from chalicelib.store.failures import is_condition, meaning, of_code
from chalicelib.store.patience import Patience
from chalicelib.store.table import Item, connection

# The order in which pynamodb sends them, and in which the reasons of a refusal come back.
_ORDER: Final[tuple[Verb, ...]] = ("check", "delete", "put", "count")
# From the stamp to the last try; with the time-outs of that one (store/transport.py) well below the overlap
# (store/partitions.py).
ATTEMPT_SECONDS: Final = 8.0
_UNKNOWN: Final = "The database did not answer in time: it may have taken this or not. Look before you try again."
_log = logging.getLogger("vulpes.store")


def send(operations: list[Operation]) -> None:
    """Writes all of it or nothing, stamped with this moment.

    Raises the refusal of a check that failed, Refused where the command has to begin again, Unavailable where nothing
    was written, OutcomeUnknown where that could not be found out within the time.

    A request whose answer is lost is sent again under its token, which the database carries out once; so long as it is
    under way it may land, hence it must have landed, or never will, before others stop looking back
    (`partitions.OVERLAP_SECONDS`).
    """
    rehearsal.refuse()
    stamp(operation.entry for operation in operations)
    ordered = sorted(operations, key=lambda operation: _ORDER.index(operation.verb))
    token, patience, unclear = str(uuid.uuid4()), Patience(ATTEMPT_SECONDS), False
    while True:
        transaction = TransactWrite(
            connection=connection(),
            client_request_token=token,
            return_consumed_capacity="TOTAL",
            return_item_collection_metrics="SIZE",
        )
        for operation in ordered:
            _add(transaction, operation)
        session.count("TransactWriteItems", None)
        try:
            answer = transaction._commit()
        except Exception as problem:
            unclear = _explain(ordered, problem, unclear)
        else:
            partition_sizes.note(answer)
            return
        try:
            patience.wait("The database does not answer.")
        except Unavailable as problem:
            raise (OutcomeUnknown(_UNKNOWN) if unclear else problem) from None


def stamp(entries: Iterable[Entry]) -> None:
    """Gives the items that the change index holds the moment of this attempt to write them."""
    moment = clock.now()
    for entry in entries:
        if entry.w is not None:
            entry.w = moment


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
        "free": lambda: Item.pk.does_not_exist() | (Item.at < condition.value),
    }
    return expressions[condition.sort]()


def _explain(ordered: list[Operation], problem: Exception, unclear: bool) -> bool:
    """Raises what a failure says for certain; else tells whether the request may have been carried out.

    unclear: an earlier try of it may have been, or may yet: then another failure alone proves nothing.
    """
    reasons = problem.cancellation_reasons if isinstance(problem, TransactWriteError) else []
    refused = [(operation, reason.code) for operation, reason in zip(ordered, reasons, strict=False) if reason]
    refused = [(operation, code) for operation, code in refused if code != "None"]
    codes = {code for _, code in refused}
    if not codes:
        return _explain_bare(problem, unclear)
    if any(not is_condition(code) and of_code(code) == "refused" for code in codes):
        _log.error("The database refuses a transaction: %s", problem)
        raise Unavailable("The database does not take this.") from problem
    if unclear and not any(map(is_condition, codes)):
        return True
    for operation, code in refused:
        if operation.verb == "check" and operation.refusal and is_condition(code):
            raise operation.refusal
    failed = [one.refusal for one, code in refused if is_condition(code)]
    taken = [refusal for refusal in failed if isinstance(refusal, Duplicate)]
    # Where a record that the command read has changed as well, a taken value says nothing: the next look may find it.
    sealed = frozenset(one.entry.pk for one, _ in refused if one.condition and one.condition.sort == "free")
    raise Refused(taken[0] if taken and len(taken) == len(failed) else None, sealed)


def _explain_bare(problem: Exception, unclear: bool) -> bool:
    """The same for a failure that gives no reasons by item."""
    what = meaning(problem)
    if what == "unclear" or unclear:
        return True
    if what == "throttled":
        raise Refused
    if what == "refused":
        _log.error("The database refuses a transaction: %s", problem)
        raise Unavailable("The database does not take this.") from problem
    return False
