"""The studio that a command works on: a stage on AWS, or the data folder of a local server that is stopped."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from chalicelib.errors import Unavailable
from chalicelib.records.fields import STUDIO, Kind
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT
from chalicelib.records.registry import KINDS
from chalicelib.store import keys, reads, reference, session
from infra.local.problem import StartProblem

_WHICH: Final = (
    "Meant is the studio of VULPES_TABLE on AWS; --data FOLDER names that of a local server, which has to be stopped."
)


def _nothing() -> None:
    """There is nothing to be noted."""


@contextlib.contextmanager
def opened(data: Path | None, must_exist: bool = False) -> Iterator[Callable[[], None]]:
    """Opens a studio; gives what notes that it has data of its own and needs no default data any more.

    data: the folder of a local server; StartProblem where one is working on it, and where it `must_exist` and does not.
    None: what the environment names (VULPES_TABLE, VULPES_BUCKET, AWS_REGION, AWS credentials).
    """
    if data is None:
        try:
            with session.opened():
                yield _nothing
        except Unavailable as problem:
            raise StartProblem(f"{problem.message} {_WHICH}") from problem
        return
    if must_exist and not (data / "progress.json").exists():
        raise StartProblem(f"There is no studio in {data}: `make run` makes one in ./data.")
    from infra.local.stack import Stack

    with Stack(data=data, serving=False) as stack, session.opened():
        reference.forget()
        yield stack.is_filled


def homes(kind: Kind) -> list[str]:
    """Where records of a kind may live: the studio, its productions, its people."""
    if not kind.home.named:
        return [STUDIO]
    owners = sorted(one for owner in (PROJECT, PERSON) for one in reference.every(owner))
    return [STUDIO, *(keys.home_of_owner(one) for one in owners)]


def is_empty() -> bool:
    """Whether nothing at all is in the studio, no default data either."""
    return not any(reads.first(kind, STUDIO, 1) for kind in KINDS.values() if kind.reference)


def count(kind: Kind) -> int:
    """How many records of a kind there are; each of them is read."""
    found = reads.parallel([lambda home=home: _count(kind, home) for home in homes(kind)])  # type: ignore[misc]
    return sum(found)


def _count(kind: Kind, home: str) -> int:
    return sum(row.doc is not None for page in reads.pages_of(kind, home) for row in page)
