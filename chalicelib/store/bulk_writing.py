"""Filling a studio with records that come from elsewhere: a backup, another Kitsu.

In batches, without transactions: what is written may be written again, and whoever fills a studio is alone with it.
Guards, edges and pointers of a record are there before it is, and what it does without goes before it changes, so that
a run that was cut off anywhere is made whole by the next one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from chalicelib.records import clock
from chalicelib.records.record import Record
from chalicelib.store import batches, bulk_deletion, keys, months, objects, reads, session, spill
from chalicelib.store.changes import Changes, write
from chalicelib.store.entry import Entry
from chalicelib.store.record_items import edge_items, entry_of, guards

# Nobody carries on an event that bears this mark (events/carrying.py).
FROM_ELSEWHERE: Final = "from elsewhere"
Pair = tuple[Record | None, Record]
_NUMBERS: Final = ("v", "ttl")


def write_records(pairs: Sequence[Pair]) -> None:
    """Puts records, each beside the one that is there now, if any; the new ones know their home and version.

    Both of a pair live in the same home. Containers see what is written as ever, reference data after `tell`.
    """
    moment = clock.now()
    items = [entry_of(new, keys.partition_of(_home(new), new.kind, new), new.version, moment) for _, new in pairs]
    for entry, (_, new) in zip(items, pairs, strict=True):
        # Else the letters that it once asked for would be written once more.
        entry.at = None if entry.w else FROM_ELSEWHERE
        # Nor is it a change that somebody made here.
        entry.by = FROM_ELSEWHERE if new.kind.audited else None
    new_months = months.unlisted((_home(new), new.kind, new) for _, new in pairs)
    put(months.entries(new_months))
    months.note_written(new_months)
    before, after = dict[tuple[str, str], Entry](), dict[tuple[str, str], Entry]()
    for old, new in pairs:
        before |= _beside(old)
        after |= _beside(new)
    bulk_deletion.delete(_still_theirs({key: before[key] for key in before.keys() - after.keys()}))
    left_behind = _spilled(pairs)
    spill.large_fields(items)
    put(entry for key, entry in after.items() if before.get(key) != entry)
    put(items)
    objects.discard(left_behind)


def put(entries: Iterable[Entry]) -> None:
    """Puts items, whatever they are; of those with the same key the last one."""
    wanted = {(entry.pk, entry.sk): _on_the_wire(entry) for entry in entries}
    batches.send(list(wanted.values()), "put_items")


def tell() -> None:
    """Lets all containers look at the reference data again."""
    write(Changes.move_stamp)
    session.current().stamp = None


def items(pk: str) -> Iterator[Entry]:
    """The items of a partition that holds no records, as they can be put elsewhere."""
    for page in reads.pages(pk):
        for row in page:
            texts = {name: getattr(row, name) for name in ("doc", "at")}
            known = {name: text.S for name, text in texts.items() if text is not None}
            ttl = int(row.ttl.N) if row.ttl else None
            # An item without a version is read with none.
            yield Entry(row.pk.S, row.sk.S, v=int(row.v.N) or None, ttl=ttl, **known)


def _home(record: Record) -> str:
    assert record.home is not None, f"Nobody said where {record.id} lives."
    return record.home


def _beside(record: Record | None) -> dict[tuple[str, str], Entry]:
    """The items that a record has beside its own: unique values, edges, where it lives if its id does not tell."""
    if record is None:
        return {}
    home = _home(record)
    found = {key: Entry(*key, at=record.id) for key in guards(home, record)}
    for edge in record.kind.edges:
        found |= {key: Entry(*key, doc=carried) for key, carried in edge_items(edge, record).items()}
    if record.kind.home.named and keys.home_told_by(record.id) != home:
        key = keys.pointer(record.id)
        found[key] = Entry(*key, at=home)
    return found


def _still_theirs(items: Mapping[tuple[str, str], Entry]) -> list[tuple[str, str]]:
    """The keys of items that are as they were: a unique value that another record has taken since is left to that."""
    there = reads.items(list(items)) if items else {}
    return [key for key, row in there.items() if (row.at.S if row.at else None) == items[key].at]


def _spilled(pairs: Sequence[Pair]) -> list[str]:
    return [old.texts.spilled for old, _ in pairs if old is not None and old.texts.spilled]


def _on_the_wire(entry: Entry) -> dict[str, Any]:
    return {name: {"N": str(value)} if name in _NUMBERS else {"S": value} for name, value in entry.attributes().items()}
