"""The one place for keys: where a record lives, what its id tells, what its items are called.

A new id in a home begins with the first 48 bits of that home and has version nibble 8 (RFC 9562), so an id alone leads
to its partition. Partitions are `<home>#<table>`, of kinds that grow without end `<home>#<month>-ordered#<table>`:
there the id tells the moment, too, so the key has the order of time (docs/adr/0021-events-in-order.md).
"""

import hashlib
import re
import secrets
from collections.abc import Collection
from typing import Final

from chalicelib.records import clock, names
from chalicelib.records.fields import STUDIO, Kind, Values
from chalicelib.records.production import API_EVENT
from chalicelib.store import dated_ids

# What a query asks of a sort key (store/reads.py).
Condition = tuple[str, str, str] | tuple[str, str]
UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
STUDIO_PREFIX: Final = "0" * 12
STAMP_KEY: Final = (f"{STUDIO}#stamp", "reference")
# The partition of the jobs that are not done yet.
JOBS: Final = f"{STUDIO}#job"
# The review rooms, by the ids of their playlists.
LIVE_ROOMS: Final = "live#room"
# The sessions of the event stream: those that hear of events, beside tokens that ended of late; those that do not.
LISTENING: Final = "live#listening"
WAITING: Final = "live#waiting"
_VERSION = 14
# What the month of a partition ends with whose ids tell the moments of their records.
_ORDERED: Final = "-ordered"
# The index of the journal, the kind kept by the month, that has the order of time where the key has it not.
_BY_MOMENT: Final = API_EVENT.sorted_by("created_at").attribute
# AWS takes 1,024 bytes as a sort key; of a longer one the beginning stands in clear, then a hash of 64.
_MOST_BYTES: Final = 1024
_IN_CLEAR: Final = 950


def is_id(text: object) -> bool:
    """Whether a value is a well-formed UUID."""
    return isinstance(text, str) and UUID.fullmatch(text) is not None


def id_in(given: object) -> str | None:
    """The id that a value from outside is, as ids are kept; None for anything else."""
    return given.lower() if isinstance(given, str) and is_id(given) else None


def home_of_owner(owner_id: str) -> str:
    """The home that a production or a person is."""
    return owner_id[:8] + owner_id[9:13]


def home_told_by(record_id: str) -> str | None:
    """The home an id carries; None for an id that comes from elsewhere."""
    if record_id[_VERSION] != "8":
        return None
    prefix = home_of_owner(record_id)
    return STUDIO if prefix == STUDIO_PREFIX else prefix


def new_id(kind: Kind, home: str, moment: str = "", taken: Collection[tuple[str, str]] = ()) -> str:
    """A new id for a record of that kind in that home.

    moment: when it is made, of a kind kept by the month. taken: keys of what is made along with it, since of one
    microsecond there are a million ids only; whether the table has one is for the condition of its transaction.
    """
    made = _id(kind, home, secrets.token_hex(16), moment)
    is_taken = kind.monthly and any(made == record_id for _, record_id in taken)
    return new_id(kind, home, moment, taken) if is_taken else made


def told_id(kind: Kind, home: str, seed: str) -> str:
    """The id of a record that is to be made once, however often it is begun: the same for the same seed."""
    return _id(kind, home, hashlib.sha256(seed.encode()).hexdigest())


def _id(kind: Kind, home: str, digits: str, moment: str = "") -> str:
    if not kind.home.named:
        home = digits[20:32]
    if kind.monthly and moment and (dated := dated_ids.new_id(id_prefix(home), moment, digits)):
        return dated
    variant = "89ab"[int(digits[3], 16) & 3]
    return f"{id_prefix(home)}{digits[:3]}-{variant}{digits[4:7]}-{digits[7:19]}"


def partition(home: str, kind: Kind, month: str | None = None) -> str:
    """The partition key of the records of a kind in a home; of a kind that is kept by the month, of a month.

    The table stands last: whoever filters the table's stream knows ends alone (infra/aws/template.py).
    """
    return f"{home}#{month}#{kind.table}" if month else f"{home}#{kind.table}"


def month_in(pk: str) -> str | None:
    """The month of the partition of a kind that is kept by the month; None of the one without a month."""
    parts = pk.split("#")
    return parts[1].removesuffix(_ORDERED) if len(parts) == 3 else None


def ordered(month: str) -> str:
    """The month, as the partition is called whose ids tell the moments of their records."""
    return month + _ORDERED


def key_is_order(pk: str) -> bool:
    """Whether the key of a partition has the order of time: no item there is in the index that has it elsewhere."""
    return f"{_ORDERED}#" in pk


def is_in_index(pk: str, attribute: str) -> bool:
    """Whether items of a partition are in a local index; not in the one that has the order of the key."""
    return attribute != _BY_MOMENT or not key_is_order(pk)


def asked_in_order(pk: str, index: str | None, condition: Condition | None) -> tuple[str | None, Condition | None]:
    """Index and condition of a query; of an index that a partition does without, what leads to the same by the key."""
    if index is None or is_in_index(pk, index):
        return index, condition
    if condition is None:
        return None, None
    sign = condition[0]
    assert sign in ("..", "<", ">"), f"Nobody asks for a moment with {sign}."
    first, last = _in_key(pk, condition[1]), _in_key(pk, condition[-1])
    return None, (sign, first, last) if sign == ".." else (sign, first)


def _in_key(pk: str, place: str) -> str:
    """Where a moment, or a record of a moment (`<moment>#<id>`), stands among the ids of a partition."""
    home, month = pk.partition("#")[0], month_in(pk)
    moment, _, record_id = place.partition("#")
    first = dated_ids.beginning(id_prefix(home), moment, month) or ""
    return min(max(record_id, first), f"{first}~") if moment[:7] == month else first


def partition_of(home: str, kind: Kind, values: Values) -> str:
    """The partition of a record in a home.

    Of a kind that is kept by the month, what was made before it was, or has an id that tells no month or another one,
    lies in the partition without a month.
    """
    return partition(home, kind, month_of(home, kind, values))


def month_of(home: str, kind: Kind, values: Values) -> str | None:
    """The month that a record is kept in, as its partition is called; None where it is in none."""
    record_id, created = values["id"], values.get("created_at", "")
    told = dated_ids.month(record_id) if kind.monthly else None
    if told is None or created[:7] != told:
        return None
    is_in_order = _is_in_order(home, record_id) and dated_ids.moment(record_id) == clock.whole(created)
    return ordered(told) if is_in_order else told


def _is_in_order(home: str, record_id: str) -> bool:
    return dated_ids.is_dated(record_id) and home_told_by(record_id) == home


def partitions_with(home: str, kind: Kind, record_id: str) -> list[str]:
    """The partitions of a home that may hold the record with an id, the likely one first."""
    month = dated_ids.month(record_id) if kind.monthly else None
    if month is None:
        return [partition(home, kind)]
    months = [ordered(month), month, None] if _is_in_order(home, record_id) else [month, None]
    return [partition(home, kind, one) for one in months]


def months_of(home: str) -> str:
    """The partition of the list of months of a home."""
    return f"{home}#months"


def month_marker(home: str, table: str, month: str) -> tuple[str, str]:
    """The key of the item that says that a home has records of a kind of a month."""
    return months_of(home), f"{table}#{month}"


def pointer(record_id: str) -> tuple[str, str]:
    """The key of the item that says where a record lives whose id does not."""
    return f"pointer#{record_id[:2]}", record_id


def guard(home: str, kind: Kind, fields: tuple[str, ...], values: Values) -> tuple[str, str] | None:
    """The key of the item that holds a unique value; None where a null sets the record apart.

    `(name, parent_id)` of an entity, `email` of a person. The values are part of the key in clear, so that a
    uniqueness can be looked up as well (`store.reads.holder`): as they are compared, whichever way they were typed.
    """
    parts = [names.compared(kind.by_name[name], values.get(name)) for name in fields]
    if any(part is None for part in parts) and not kind.null_equals_null:
        return None
    if len(fields) == 1 and parts[0] == "":
        return None
    told = "#".join("" if part is None else str(part).replace("#", "##") for part in parts)
    return f"{home}#guard", whole(f"{kind.table}#{'+'.join(fields)}#{told}")


def claim(home: str, kind: Kind, what: str) -> tuple[str, str]:
    """The key of a claim: held while something is created that may exist once but whose fields no guard can tell."""
    return f"{home}#guard", whole(f"{kind.table}?{what}")


def whole(key: str) -> str:
    """A key of at most 1,024 bytes; of a longer one the end is hashed, so that two of them are never the same."""
    if len(key) * 4 <= _MOST_BYTES or len(encoded := key.encode()) <= _MOST_BYTES:
        return key
    digest = hashlib.sha256(encoded).hexdigest()
    return f"{encoded[:_IN_CLEAR].decode(errors='ignore')}~{digest}"


def beginning(key: str) -> str:
    """What a longer key, too, tells in clear: as far as one may ask for an order, or for what begins so."""
    return key if len(key) * 4 <= _IN_CLEAR else key.encode()[:_IN_CLEAR].decode(errors="ignore")


def edges_under(target_id: str, kind: Kind, field: str) -> str:
    """The partition of the edges that lead from a record to those that list it: `assignees` of tasks, by person."""
    return f"{home_of_owner(target_id)}#edge#{kind.table}.{field}#{target_id}"


def index_value(values: Values, fields: tuple[str, ...]) -> str | None:
    """What a local index holds for a record: its fields joined; None where the first is null.

    The table keeps no empty text there: such a record is in no index either.
    """
    if values.get(fields[0]) is None:
        return None
    parts = (values.get(name) for name in fields)
    return whole("#".join("" if part is None else str(part) for part in parts)) or None


def revoked(token_id: str) -> tuple[str, str]:
    """The key of the mark that a token was logged out."""
    return f"token#{token_id[-2:]}", token_id


def live_session(partition: str, session_id: str) -> tuple[str, str]:
    """The key of a session of the event stream."""
    return partition, f"session#{session_id}"


def live_end(token_id: str) -> tuple[str, str]:
    """The key of the mark that sessions of a token, or of a login, are over: where one query finds both."""
    return LISTENING, f"revoked#{token_id}"


def guards_of(home: str) -> str:
    """The partition of the unique values of a home."""
    return f"{home}#guard"


def id_prefix(home: str) -> str:
    """What the ids given in a home begin with."""
    told = STUDIO_PREFIX if home == STUDIO else home
    return f"{told[:8]}-{told[8:]}-8"


def guesses(person_id: str) -> tuple[str, str]:
    """The key of the guesses at a person's password that are under way."""
    return f"guesses#{person_id}", "password"


def challenge(person_id: str, sort: str) -> tuple[str, str]:
    """The key of what a person is asked to answer: one of each sort at a time."""
    return f"challenge#{person_id}", sort


def attempts(name: str, window: int) -> tuple[str, str]:
    """The key of the counter of what one visitor or account tried in a span of time."""
    return whole(f"attempts#{name}"), str(window)


def job(job_id: str) -> tuple[str, str]:
    """The key of a job that is not done yet."""
    return JOBS, job_id


def audit_of(record_id: str) -> str:
    """The partition of what was changed of a record, in the order of the changes."""
    return f"audit#of#{record_id}"


def audit_in(subject: str, month: str) -> str:
    """The partition of what was changed in a home, or by a person, in a month; each leads to where it is told."""
    return f"audit#in#{subject}#{month}"


def audit_months(subject: str) -> str:
    """The partition of the months in which a person changed something; of `homes`, those of all homes."""
    return f"audit#months#{subject}"


def delivery(effect: str, event_id: str) -> tuple[str, str]:
    """The key of the claim on an effect outside that an event has: a letter, say."""
    return f"delivery#{event_id[-2:]}", f"{effect}#{event_id}"


def outbox(destination: str) -> str:
    """The partition of the messages to a destination elsewhere: a webhook, a chat service (store/outbox.py)."""
    return f"outbox#{destination}"


def outbox_turn(destination: str) -> tuple[str, str]:
    """The key of the claim of whoever sends the messages to a destination right now."""
    return f"outbox-turn#{destination}", "turn"


def outbox_look(destination: str) -> tuple[str, str]:
    """The key of the claim of whoever comes again to see whether that one has ended its turn."""
    return f"outbox-turn#{destination}", "look"


def seal(record_id: str, part: int) -> tuple[str, str]:
    """The key of one of the items that say that a record is about to go (store/seals.py)."""
    return f"seal#{record_id}", str(part)
