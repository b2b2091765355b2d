"""What a stored record is declared with: fields, homes, local indexes, edges, uniqueness, what becomes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

Values = Mapping[str, Any]

STUDIO: Final = "studio"


class OnDelete(Enum):
    """What becomes of a record when one that it names goes."""

    # It goes along.
    CASCADE = "cascade"
    # It stays, and names nobody there: null, or the id is taken out of the list.
    SET_NULL = "set null"
    # It stays; the entry of the list that holds the id goes.
    DROP_ENTRY = "drop entry"
    # What it names cannot go, not even by force.
    PROTECT = "protect"
    # The field is counted again with the rest (`Counter`).
    RECOUNT = "recount"
    # It tells of what was: the id stays.
    KEEP = "keep"


CASCADE: Final = OnDelete.CASCADE
SET_NULL: Final = OnDelete.SET_NULL
DROP_ENTRY: Final = OnDelete.DROP_ENTRY
PROTECT: Final = OnDelete.PROTECT
RECOUNT: Final = OnDelete.RECOUNT
KEEP: Final = OnDelete.KEEP


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record kind.

    `relation` is the table of the kind an id (or each of a list of ids) points at. `secret` fields are in no answer.
    `computed` fields are derived when the record is written. `derived` lists of ids are the far side of a relation that
    is stored elsewhere: they are read, never stored. `across` fields may name a record of another production, as
    castings name shared assets. `request_name` is what requests call it where that differs. `withheld` fields are in
    answers, but open a door elsewhere: the audit tells that they changed, and no value.

    Of a relation: `on_delete` says what becomes of the record when the one it names goes, `protects` whether it holds
    that one back until somebody forces it. `listed_in` is the list of the other record that holds the ids of these, or,
    of what lives with persons, the list of those persons: there they are looked for. `found_by` are fields by which
    they are found as well, where what they name goes along with what those fields name.
    """

    name: str
    type: str
    max_length: int | None = None
    nullable: bool = True
    default: Any = None
    relation: str | None = None
    unique: bool = False
    protected: bool = False
    secret: bool = False
    withheld: bool = False
    computed: bool = False
    derived: bool = False
    across: bool = False
    internal: bool = False
    choices: tuple[str, ...] = ()
    request_name: str = ""
    on_delete: OnDelete | None = None
    protects: bool = True
    listed_in: str = ""
    found_by: tuple[str, ...] = ()

    @property
    def asked_as(self) -> str:
        """The name requests use."""
        return self.request_name or self.name


@dataclass(frozen=True, slots=True)
class Home:
    """Where records of a kind live: the first of these fields that is set, else the studio.

    `owners` hold the id of the production or person that is the home itself; `beside` hold the id of a record
    whose home is shared.
    """

    owners: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        """The fields that say where a record lives; none for what lives in the studio."""
        return (*self.owners, *self.beside)


@dataclass(frozen=True, slots=True)
class Index:
    """A local index: sorts the records of a home by these fields, joined; absent where the first one is null.

    attribute: the index of the table that it takes. That of `l1` alone holds whole records: it is for lists that are
    read in whole, of small records or of such as hardly change (store/indexes.py, docs/adr/0020-narrow-indexes.md).
    where: which records it holds, if not all; what is asked for otherwise must not be looked for there.
    """

    attribute: str
    fields: tuple[str, ...]
    where: Callable[[Values], bool] | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """The far end of a list of ids: an item under each id listed, that leads back to the record.

    `carries` are the fields of the record that the item holds, so that a look from there needs no second read.
    """

    field: str
    carries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """An id that a record holds elsewhere than in a relation of its own: inside JSON, or of one of several kinds.

    `path` leads there: `replies[].person_id`, `object_id`; `[]` stands for each entry of a list. The rest is as for
    `Field`. `relation` is no table where the id is of no record: of the replies in comments, or of anything (`any`).
    """

    path: str
    relation: str
    on_delete: OnDelete
    protects: bool = False
    listed_in: str = ""
    found_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counter:
    """Fields that sum up records of another kind, which name this one (or what it belongs to) in `by`.

    Whoever adds, changes or takes away one of those counts anew (domain/counters).
    """

    fields: tuple[str, ...]
    of: str
    by: str


@dataclass(frozen=True)
class Kind:
    """The declaration of a record kind; `name` is what answers carry as `type`.

    `references` are ids that it holds elsewhere than in relations, `counters` fields that are counted from others.
    `tells`: where a record goes along with another, the journal tells of it, with these fields. `heard_by` are the
    fields that say who hears of it, which its events keep: the record may be gone when they are told
    (access/events.py). `keeps_objects`: it has objects in the bucket (domain/dependents/stored_objects.py).
    """

    name: str
    table: str
    path: str | None
    fields: tuple[Field, ...]
    home: Home = Home()
    indexes: tuple[Index, ...] = ()
    edges: tuple[Edge, ...] = ()
    unique_together: tuple[tuple[str, ...], ...] = ()
    # A kind that every request needs and few change: cached in the container, revalidated by the stamp.
    reference: bool = False
    # Whether containers hold its partitions: then each write is in the change index, and a delete leaves a tombstone.
    held: bool = True
    # Whether it grows without end: then each month has partitions of its own. No container holds such a kind.
    monthly: bool = False
    # Groups of unique fields in which null equals null (elsewhere a null sets a record apart from every other).
    null_equals_null: bool = False
    references: tuple[Reference, ...] = ()
    counters: tuple[Counter, ...] = ()
    tells: tuple[str, ...] = ()
    heard_by: tuple[str, ...] = ()
    keeps_objects: bool = False
    # Whether the audit tells of its changes: not of what only tells, in turn, of the changes of others.
    audited: bool = True
    # Fields that move by themselves all day, of which the audit does not tell.
    unaudited: tuple[str, ...] = ()
    computed: Mapping[str, Callable[[Values], Any]] = field(default_factory=dict)
    # Tells whether the single-field and group uniqueness holds for a record (bots may repeat an address).
    unique_where: Mapping[str, Callable[[Values], bool]] = field(default_factory=dict)
    by_name: Mapping[str, Field] = field(init=False)
    ids: tuple[str, ...] = field(init=False)
    stored_ids: tuple[str, ...] = field(init=False)
    plain: tuple[str, ...] = field(init=False)
    datetimes: tuple[str, ...] = field(init=False)
    private: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        def put(name: str, value: Any) -> None:
            object.__setattr__(self, name, value)

        shown = [f for f in self.fields if not (f.secret or f.internal)]
        put("by_name", {f.name: f for f in self.fields})
        put("ids", tuple(f.name for f in shown if f.type == "ids"))
        put("stored_ids", tuple(f.name for f in shown if f.type == "ids" and not f.derived))
        put("plain", tuple(f.name for f in shown if f.type not in ("ids", "record")))
        put("datetimes", tuple(f.name for f in shown if f.type == "datetime"))
        put("private", tuple(f.name for f in self.fields if f.secret or f.internal))

    def __hash__(self) -> int:
        return hash(self.table)

    def __eq__(self, other: object) -> bool:
        return self is other

    def sorted_by(self, field: str) -> Index:
        """The local index that begins with a field; KeyError where none does."""
        for index in self.indexes:
            if index.fields[0] == field:
                return index
        raise KeyError(f"No index of {self.table} begins with {field}.")

    def takes_null(self, name: str) -> bool:
        """Whether a field may hold a null; one that is not declared may."""
        field = self.by_name.get(name)
        return field is None or field.nullable

    @property
    def event_name(self) -> str:
        """What its generic events begin with: `task-type` for `task_type` (docs/contract/production.md section 12)."""
        return self.table.replace("_", "-")

    @property
    def id_name(self) -> str:
        """What its id is called in the payload of an event: `task_type_id`."""
        return f"{self.table}_id"


def uuid(name: str, relation: str | None = None, **more: Any) -> Field:
    """An id, of a record of the `relation` table if one is given."""
    return Field(name, "uuid", relation=relation, **more)


def ids(name: str, relation: str, **more: Any) -> Field:
    """A list of ids; never null."""
    return Field(name, "ids", relation=relation, nullable=False, default=[], **more)


def string(name: str, max_length: int | None = None, **more: Any) -> Field:
    """A text of at most `max_length` characters."""
    return Field(name, "string", max_length=max_length, **more)


def text(name: str, **more: Any) -> Field:
    """A text of any length."""
    return Field(name, "text", **more)


def integer(name: str, **more: Any) -> Field:
    """A whole number."""
    return Field(name, "integer", **more)


def number(name: str, **more: Any) -> Field:
    """A number."""
    return Field(name, "number", **more)


def boolean(name: str, default: bool | None = None, **more: Any) -> Field:
    """True or false."""
    return Field(name, "boolean", default=default, **more)


def date(name: str, **more: Any) -> Field:
    """A day, `YYYY-MM-DD`."""
    return Field(name, "date", **more)


def datetime(name: str, **more: Any) -> Field:
    """A moment in UTC; kept to the microsecond, answered to the second."""
    return Field(name, "datetime", **more)


def choice(name: str, choices: tuple[str, ...], **more: Any) -> Field:
    """One of a few words."""
    return Field(name, "choice", choices=choices, **more)


def json(name: str, **more: Any) -> Field:
    """Any JSON value."""
    return Field(name, "json", **more)


def kept(name: str, type_: str = "json") -> Field:
    """A field of our own that is stored with the record and never answered nor taken from a request."""
    return Field(name, type_, internal=True, protected=True)


STAMPS = (
    Field("id", "uuid", nullable=False, protected=True),
    datetime("created_at", protected=True),
    datetime("updated_at", protected=True),
)
