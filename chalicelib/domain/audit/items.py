"""The items of the audit: a change is told once, under its record, and led to from two sides.

An entry lies in the partition of its record, in the order of the changes. An item in the month of its home and one in
that of its author lead there by their moment. All are found by what they tell, so that what the stream gives twice is
written twice to the same effect. They go when their time is over.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from chalicelib.domain.audit.entries import AuditEntry, Told
from chalicelib.records import clock
from chalicelib.settings import current
from chalicelib.store import bulk_writing, keys
from chalicelib.store.entry import Entry
from chalicelib.store.wire import Row

HOMES: Final = "homes"
_DAY: Final = 86_400
_MONTH_DAYS: Final = 31
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(AuditEntry).decode
# The months that this container has listed, with the table they are of.
_listed: set[tuple[str, str, str]] = set()


def put(told: Iterable[Told]) -> None:
    """Keeps what was told, as long as the settings say: three items of a write unit for each kilobyte."""
    days = current().audit_days
    entries = [item for one in told for item in _items(one, days)]
    new_months = [one for one in entries if _is_list(one)]
    bulk_writing.put(entries)
    _listed.update((current().table, one.pk, one.sk) for one in new_months)


def put_again(entry: AuditEntry, row: Row) -> Entry:
    """The item of an entry that tells something else now, in the place of the one that is there."""
    ttl = int(row.ttl.N) if row.ttl else None
    return Entry(row.pk.S, row.sk.S, doc=_encode(entry).decode(), at=row.at.S if row.at else None, ttl=ttl)


def entry_in(row: Row) -> AuditEntry | None:
    """The entry of an item; None where its time is over, or it holds none."""
    return None if row.doc is None or is_over(row) else _decode(row.doc.S)


def is_over(row: Row) -> bool:
    """Whether an item is still there only because nobody has cleared it away yet."""
    return row.ttl is not None and int(row.ttl.N) < clock.epoch(clock.now())


def leading_to(entry: AuditEntry, home: str, place: str) -> Iterator[tuple[str, str]]:
    """The keys of the items that lead to an entry: in its home, and of its author where it has one."""
    month, sort = entry.created_at[:7], f"{entry.created_at}#{place}"
    yield keys.audit_in(home, month), sort
    if entry.person_id is not None:
        yield keys.audit_in(entry.person_id, month), sort


def place_led_to(row: Row) -> tuple[str, str]:
    """The key of the entry that an item leads to."""
    return keys.audit_of(row.at.S if row.at else ""), row.sk.S.partition("#")[2]


def _items(told: Told, days: int) -> Iterator[Entry]:
    entry, home, place = told
    ttl = clock.epoch(entry.created_at) + days * _DAY
    yield Entry(keys.audit_of(entry.record_id), place, doc=_encode(entry).decode(), at=home, ttl=ttl)
    for key in leading_to(entry, home, place):
        yield Entry(*key, at=entry.record_id, ttl=ttl)
    month = entry.created_at[:7]
    over = clock.epoch(f"{month}-01T00:00:00") + (days + _MONTH_DAYS) * _DAY
    lists = [(keys.audit_months(HOMES), f"{month}#{home}")]
    lists += [(keys.audit_months(entry.person_id), month)] if entry.person_id else []
    for pk, sk in lists:
        if (current().table, pk, sk) not in _listed:
            yield Entry(pk, sk, ttl=over)


def _is_list(item: Entry) -> bool:
    return item.doc is None and item.at is None
