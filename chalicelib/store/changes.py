"""The one write path: a command gathers its changes, they are committed in one transaction or not at all.

    def rename(changes: Changes) -> Record:
        task = changes.read(TASK, task_id)
        return changes.update(task, name="main")

    task = write(rename)

`write` runs the command again when somebody else wrote one of its records meanwhile, so nothing is lost.
"""

import logging
import secrets
from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec

from chalicelib.errors import Duplicate, Invalid, OutcomeUnknown, Unavailable, WriteConflict
from chalicelib.records import clock
from chalicelib.records.fields import STUDIO, Kind
from chalicelib.records.record import Record, Texts
from chalicelib.records.registry import KINDS
from chalicelib.records.validation import refuse_long_texts
from chalicelib.store import homes, keys, months, objects, reads, reference, rehearsal, seals, session, spill
from chalicelib.store.entry import Condition, Entry, Operation, Refused
from chalicelib.store.patience import Patience
from chalicelib.store.record_items import edge_items, entry_of, guards

T = TypeVar("T")
MOST_ITEMS: Final = 100
# How long a command gives way to others.
_SECONDS: Final = 12.0
TOMBSTONE_SECONDS: Final = 86_400
_log = logging.getLogger("vulpes.store")


class TooManyItems(ValueError):
    """A command with more items than a transaction holds; nothing was written."""


class Changes:
    """The changes of one command."""

    def __init__(self, sealed: frozenset[str] = frozenset()) -> None:
        """sealed: the seals for which it was refused before; what they are on may be gone by now."""
        self._sealed = sealed
        self._seal_part = secrets.randbelow(seals.PARTS)
        self._asked: dict[str, str] = {}
        self._operations: dict[tuple[str, str], Operation] = {}
        self._records: dict[tuple[str, str], tuple[Record | None, Record | None]] = {}
        self._moves_stamp = False
        self._after: list[Callable[[], None]] = []

    @property
    def size(self) -> int:
        """How many items the transaction would hold."""
        self._settle()
        return len(self._operations) + self._moves_stamp

    def read(self, kind: Kind, record_id: str) -> Record:
        """The record as it is now, or as this command has left it; NotFound for an unknown one."""
        # The last note counts: a record that moves is gone from its old home before it is in the new one.
        for old, new in reversed(self._records.values()):
            known = new or old
            if known is not None and known.kind is kind and known.id == record_id.lower():
                return known
        return reads.get(kind, record_id)

    def create(self, kind: Kind, values: dict[str, Any], record_id: str | None = None) -> Record:
        """A new record with these values; fields that are absent get their defaults."""
        home = homes.of(kind, values)
        moment = clock.now()
        full: dict[str, Any] = {
            field.name: msgspec.json.decode(msgspec.json.encode(field.default)) if field.default else field.default
            for field in kind.fields
            if field.type != "record" and not field.derived
        }
        full |= {
            "type": kind.name,
            "id": record_id or keys.new_id(kind, home, str(values.get("created_at") or moment), self._records),
            "created_at": moment,
            "updated_at": moment,
        }
        refuse_long_texts(kind, values)
        full |= {name: value for name, value in values.items() if value is not None or kind.takes_null(name)}
        record = Record(kind, self._computed(kind, full), home=home)
        self._note(home, None, record)
        if record_id is not None and seals.is_sealed(kind):
            for operation in seals.breaking(record_id):
                self._add(operation)
        return record

    def update(self, record: Record, **values: Any) -> Record:
        """The record with other values; `updated_at` moves unless it is among them.

        With another owner it moves to that one's home, where the lists of the new owner find it.
        """
        moves = any(values.get(name, record.get(name)) != record.get(name) for name in record.kind.home.named)
        destination = homes.of(record.kind, {**record, **values}) if moves else self._home(record)
        return self.relocate(record, destination, **{"updated_at": clock.now(), **values})

    def relocate(self, record: Record, destination: str, **values: Any) -> Record:
        """The record with other values in another home, where what it stands beside has moved to."""
        key, home = self._key(record), self._home(record)
        base = self._records[key][0] if key in self._records else record
        refuse_long_texts(record.kind, values)
        changed = self._computed(record.kind, {**record, **values})
        new = Record(record.kind, changed, record.version, home=destination)
        if destination != home:
            self._note(home, base, None)
            base = None
        self._note(destination, base, new)
        return new

    def delete(self, record: Record) -> None:
        """Takes the record away, with its guards and edges; a tombstone tells those who hold its partition."""
        self._note(self._home(record), record, None)

    def require(self, record: Record, refusal: Exception | None = None) -> None:
        """Makes the transaction depend on the record still being there."""
        key = self._key(record)
        if key not in self._records:
            gone = refusal or Invalid(f"The {record.kind.name} is gone.")
            self._add(Operation("check", Entry(*key), Condition("a record"), gone))

    def seal(self, record: Record, seal: seals.Seal) -> None:
        """Keeps others from naming a record that is about to go; NotFound where it is gone, else it waits its turn."""
        self.read(record.kind, record.id)
        for operation in seals.putting(seal):
            self._add(operation)

    def lift(self, seal: seals.Seal) -> None:
        """Takes a seal away whose record stays."""
        if reads.claimant(keys.seal(seal.record_id, 0)) == seal.holder:
            for operation in seals.lifting(seal):
                self._add(operation)

    def keep_sealed(self, seal: seals.Seal) -> None:
        """Makes the transaction, which deletes a record, depend on the seal that was put on it before."""
        for operation in seals.keeping(seal):
            self._add(operation)

    def put(self, entry: Entry) -> None:
        """An item that is no record: a revoked token, a mark."""
        self._put(entry)

    def remove(self, key: tuple[str, str], seen: str) -> None:
        """Takes away an item that is no record, as long as it holds what this command saw; else it begins again."""
        self._add(Operation("delete", Entry(*key), Condition("holder", seen)))

    def exchange(self, entry: Entry, seen: str | None) -> None:
        """Replaces an item that is no record, as long as it holds what this command saw; else it begins again.

        seen: None where it saw none.
        """
        self._put(entry, Condition("no item") if seen is None else Condition("holder", seen))

    def claim(self, key: tuple[str, str], holder: str, seen: str | None) -> None:
        """Takes a key for `holder`, so that of two commands that look for the same thing and then create it one wins.

        `seen` is who held the key when this command looked (`reads.claimant`); where somebody took it since, the
        command begins again. A claim says nothing of what became of its holder, and is forgotten after a day.
        """
        condition = Condition("no item") if seen is None else Condition("holder", seen)
        expiry = clock.epoch(clock.now()) + TOMBSTONE_SECONDS
        self._put(Entry(*key, at=holder, ttl=expiry), condition)

    def take_turn(self, key: tuple[str, str]) -> None:
        """Lets the commands that name this key follow one another; the first thing such a command does.

        For rules over several records, which no condition on a single one can tell: of two commands that looked at the
        same time the second begins again, and sees what the first wrote (one read).
        """
        self.claim(key, secrets.token_hex(8), reads.claimant(key))

    def move_stamp(self) -> None:
        """Lets all containers look at the reference data again: it was written otherwise (store/bulk_writing.py)."""
        self._moves_stamp = True

    def afterwards(self, effect: Callable[[], None]) -> None:
        """Something to do once the transaction has held, and never else."""
        self._after.append(effect)

    @staticmethod
    def _computed(kind: Kind, values: dict[str, Any]) -> dict[str, Any]:
        for name, compute in kind.computed.items():
            values[name] = compute(values)
        return values

    def _home(self, record: Record) -> str:
        return record.home or homes.of(record.kind, record)

    def _key(self, record: Record) -> tuple[str, str]:
        return keys.partition_of(self._home(record), record.kind, record), record.id

    def _note(self, home: str, old: Record | None, new: Record | None) -> None:
        known = new or old
        assert known is not None
        key = keys.partition_of(home, known.kind, known), known.id
        before = self._records[key][0] if key in self._records else old
        self._records[key] = (before, new)
        self._moves_stamp |= known.kind.reference

    def _put(self, entry: Entry, condition: Any = None, refusal: Exception | None = None) -> None:
        self._add(Operation("put", entry, condition, refusal))

    def _add(self, operation: Operation) -> None:
        self._operations[operation.entry.pk, operation.entry.sk] = operation

    def _settle(self) -> None:
        """Turns the noted records into operations: the item itself, its guards, its edges."""
        for (pk, record_id), (old, new) in self._records.items():
            if old is None and new is None:
                continue
            self._settle_item(pk, record_id, old, new)
            self._settle_edges(old, new)
        self._settle_guards()
        self._settle_named()

    def _settle_named(self) -> None:
        """Nothing that is newly named may be about to go: one condition for each, however often it is named."""
        made = {record_id for (_, record_id), (old, new) in self._records.items() if old is None and new is not None}
        for old, new in self._records.values():
            known = new or old
            for record_id, relation in seals.newly_named(old, new, known.kind).items() if known is not None else ():
                if record_id in made:
                    continue
                asked = seals.asking(record_id, self._seal_part)
                if asked.entry.pk in self._sealed and reference.find(KINDS[relation.table], record_id) is None:
                    raise seals.gone(relation)
                self._asked[record_id] = relation.name
                self._add(asked)

    def _settle_item(self, pk: str, record_id: str, old: Record | None, new: Record | None) -> None:
        condition = Condition("version", old.version) if old is not None else Condition("no record")
        moment = clock.now()
        if new is None and old is not None and not old.kind.held:
            self._add(Operation("delete", Entry(pk, record_id), condition))
            return
        home = pk.split("#", 1)[0]
        moves = (old is None or new is None) and self._moves(record_id)
        audited = any(one.kind.audited for one in (old, new) if one is not None)
        author = session.author(moves) if audited else None
        if new is None:
            over = clock.epoch(moment) + TOMBSTONE_SECONDS
            self._put(Entry(pk, record_id, w=moment, ttl=over, by=author), condition)
            self._drop_pointer(home, record_id, old)
            return
        new.version = (old.version if old else 0) + 1
        self._put(entry_of(new, pk, new.version, moment, author), condition)
        if old is None and new.kind.home.named:
            self._lead_to(home, record_id)

    def _lead_to(self, home: str, record_id: str) -> None:
        """Has a pointer lead to a record that was imported, or has moved; none where its id does."""
        pointer = keys.pointer(record_id)
        seen = reads.claimant(pointer) if self._moves(record_id) else None
        if keys.home_told_by(record_id) != home:
            taken = Duplicate(f"The id {record_id} is taken.", "id", "an id that nothing has, or none")
            self._put(Entry(*pointer, at=home), Condition("holder", seen) if seen else Condition("no item"), taken)
        elif seen is not None:
            self._add(Operation("delete", Entry(*pointer), Condition("holder", seen)))

    def _drop_pointer(self, home: str, record_id: str, old: Record | None) -> None:
        """Forgets where a record was that is gone, and has not moved on."""
        if old is None or not old.kind.home.named or keys.home_told_by(record_id) == home:
            return
        pointer = keys.pointer(record_id)
        if not self._moves(record_id) and reads.claimant(pointer) == home:
            self._add(Operation("delete", Entry(*pointer), Condition("holder", home)))

    def _moves(self, record_id: str) -> bool:
        """Whether this command takes the record out of one home and puts it into another."""
        ways = [(old, new) for (_, one), (old, new) in self._records.items() if one == record_id]
        return any(new is None for _, new in ways) and any(new is not None for _, new in ways)

    def _settle_guards(self) -> None:
        """The unique values that are left, and those that are taken: also what one record leaves to another."""
        left: dict[tuple[str, str], str] = {}
        coming: list[tuple[tuple[str, str], tuple[str, ...], Record]] = []
        for (pk, _), (old, new) in self._records.items():
            home = pk.split("#", 1)[0]
            before, after = guards(home, old), guards(home, new)
            left |= {key: old.id for key in before.keys() - after.keys() if old is not None}
            coming += [(key, after[key], new) for key in after.keys() - before.keys() if new is not None]
        for key in left:
            self._add(Operation("delete", Entry(*key)))
        taken: set[tuple[str, str]] = set()
        for key, fields, new in coming:
            told = " and ".join(fields)
            refusal = Duplicate(f"There is a {new.kind.name} with that {told} already.", told, "one that is not taken")
            if key in taken:
                raise refusal
            taken.add(key)
            free = Condition("holder", left[key]) if key in left else Condition("no item")
            self._put(Entry(*key, at=new.id), free, refusal)

    def _settle_edges(self, old: Record | None, new: Record | None) -> None:
        known = new or old
        assert known is not None
        for edge in known.kind.edges:
            before = edge_items(edge, old)
            after = edge_items(edge, new)
            for key in before.keys() - after.keys():
                self._add(Operation("delete", Entry(*key)))
            for key, carried in after.items():
                if before.get(key) != carried:
                    self._put(Entry(*key, doc=carried))

    def commit(self) -> None:
        """Writes all of it, or nothing. Raises what `require` was given, or a signal for `write` to begin again."""
        self._settle()
        operations = list(self._operations.values())
        if self._moves_stamp:
            operations.append(Operation("count", Entry(*keys.STAMP_KEY)))
        if not operations:
            return
        made = [new for old, new in self._records.values() if old is None and new is not None]
        new_months = months.unlisted((self._home(one), one.kind, one) for one in made)
        listing = [Operation("put", entry) for entry in months.entries(new_months)]
        if len(operations) + len(listing) <= MOST_ITEMS:
            operations, listing = operations + listing, []
        if len(operations) > MOST_ITEMS:
            seals.refuse_crowd(self._asked, MOST_ITEMS - len(operations) + len(self._asked))
            raise TooManyItems(f"{len(operations)} items do not fit one transaction; split the command")
        if rehearsed := rehearsal.current():
            rehearsed.take(operations, self._records, reads.items)
            return
        # The database client is imported with the first write (store/entry.py).
        from chalicelib.store.transaction import send

        spilled = spill.large_fields([operation.entry for operation in operations])
        try:
            if listing:
                # Before: a list may name a month in which nothing was written after all.
                send(listing)
            send(operations)
        except OutcomeUnknown:
            raise
        except Exception:
            # It is certain that nothing was written; what an unknown outcome leaves behind, the sweep asks about.
            objects.discard(spilled)
            raise
        months.note_written(new_months)
        if self._moves_stamp:
            session.current().stamp = None

    def follow_up(self) -> None:
        """Runs what follows; a failure is noted: what was asked for is written, and the caller must not ask again."""
        for effect in self._after if rehearsal.current() is None else ():
            try:
                effect()
            except Exception:
                _log.exception("Something did not follow on what was written.")


def write(command: Callable[[Changes], T], undo: Callable[[], object] | None = None) -> T:
    """Runs a command and commits what it changed; again, from fresh reads, while others are first.

    undo: takes back what was put into the bucket for it; runs where it is certain that nothing was written.
    Raises Duplicate where a unique value stays taken, WriteConflict when the time is over, OutcomeUnknown where the
    database's word did not come. Nothing raises once the commit has held.
    """
    try:
        result, changes = _committed(command)
    except OutcomeUnknown:
        raise
    except Exception:
        if undo is not None:
            undo()
        raise
    changes.follow_up()
    return result


def _committed(command: Callable[[Changes], T]) -> tuple[T, Changes]:
    patience, taken, sealed = Patience(_SECONDS), 0, frozenset[str]()
    while True:
        changes = Changes(sealed)
        result = command(changes)
        try:
            changes.commit()
        except Refused as signal:
            taken, sealed = taken + (signal.duplicate is not None), signal.sealed
            # The command looks for what exists before it creates; one more look finds what it lost the race to.
            if signal.duplicate is not None and taken > 1:
                raise signal.duplicate from None
            session.current().stamp = None
        else:
            return result, changes
        try:
            patience.wait("Too many others change this right now; nothing was written.")
        except Unavailable as problem:
            raise WriteConflict(problem.message) from None


__all__ = ["MOST_ITEMS", "STUDIO", "Changes", "Texts", "write"]
