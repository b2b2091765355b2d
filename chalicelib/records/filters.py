"""Filters of lists: any field of a kind as a query parameter (docs/contract/production.md 2.1)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from chalicelib.errors import Invalid
from chalicelib.records import names
from chalicelib.records.fields import Field, Kind, Values
from chalicelib.records.validation import value_of

_TYPED: Final = frozenset(("uuid", "integer", "number", "boolean", "date", "datetime"))
_LISTS: Final = ("choice[]", "string[]")
Test = Callable[[Values], bool]
# Names and words that are asked for are no longer than this.
LONGEST_TEXT: Final = 500


@dataclass(frozen=True)
class Filters:
    """The filters of one request.

    `equal` holds fields asked for by one value, `among` those by several, `members` lists of ids that hold one.
    """

    equal: dict[str, Any] = field(default_factory=dict)
    among: dict[str, frozenset[Any]] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    tests: tuple[Test, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tests)

    def holds(self, record: Values) -> bool:
        """Whether a record passes all of them."""
        return all(test(record) for test in self.tests)

    def named(self, name: str) -> frozenset[Any] | None:
        """The values asked of a field, or None where it does not filter."""
        if name in self.equal:
            return frozenset((self.equal[name],))
        return self.among.get(name)


def parse(kind: Kind, query: Mapping[str, str], wildcards: bool = False, without: Iterable[str] = ()) -> Filters:
    """The filters in a query; unknown parameters are ignored.

    wildcards: `%` and `_` in `name` match any characters, one character (lists of entities). without: parameters that
    mean something else on that route. Raises Invalid for a malformed value.
    """
    by_asked = {one.asked_as: one for one in kind.fields if not (one.secret or one.internal or one.type == "record")}
    equal: dict[str, Any] = {}
    among: dict[str, frozenset[Any]] = {}
    members: dict[str, str] = {}
    tests: list[Test] = []
    skipped = set(without)
    for asked, text in query.items():
        found = by_asked.get(asked)
        if found is None or asked in skipped:
            continue
        if found.name == "name" and found.type == "string":
            tests.append(_by_name(text, wildcards))
        elif found.type == "ids":
            members[found.name] = value_of(Field(found.name, "uuid"), text)
            tests.append(_holding(found.name, members[found.name]))
        elif text.startswith("["):
            among[found.name] = _several(found, text)
            tests.append(_in(found, among[found.name]))
        else:
            equal[found.name] = _one(found, text)
            tests.append(_is(found, equal[found.name]))
    return Filters(equal, among, members, tuple(tests))


def _one(found: Field, text: str) -> Any:
    # The rules of texts (an address, a time zone, a choice) are for those who write: here such a text finds nothing.
    if found.type not in _TYPED:
        return names.compared(found, text)
    return value_of(Field(found.name, found.type, request_name=found.asked_as), text)


def _several(found: Field, text: str) -> frozenset[Any]:
    try:
        values = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Invalid(f"{found.asked_as} is no JSON list.", found.asked_as, 'a list such as ["a", "b"]') from None
    if not isinstance(values, list):
        raise Invalid(f"{found.asked_as} is no JSON list.", found.asked_as, 'a list such as ["a", "b"]')
    return frozenset(_one(found, value if isinstance(value, str) else str(value)) for value in values)


def _by_name(text: str, wildcards: bool) -> Test:
    if len(text) > LONGEST_TEXT:
        raise Invalid("name is too long.", "name", f"at most {LONGEST_TEXT} characters")
    if wildcards:
        matches = names.matcher(text)
        return lambda record: matches(record.get("name") or "")
    wanted = names.folded(text)
    return lambda record: names.folded(record.get("name") or "") == wanted


def _holding(name: str, member: str) -> Test:
    return lambda record: member in (record.get(name) or ())


def _in(found: Field, wanted: frozenset[Any]) -> Test:
    if found.type == "datetime":
        tests = [_is(found, moment) for moment in wanted]
        return lambda record: any(test(record) for test in tests)
    if found.type in _LISTS:
        return lambda record: any(names.compared(found, one) in wanted for one in record.get(found.name) or ())
    # Lists and objects, which a JSON field may hold, are none of the words asked for.
    return lambda record: (
        not isinstance(value := names.compared(found, record.get(found.name)), list | dict) and value in wanted
    )


def _is(found: Field, wanted: Any) -> Test:
    if found.type == "datetime":
        # A client can only ask for what it was shown: the second.
        return lambda record: (record.get(found.name) or "")[:19] == wanted[:19]
    if found.type in _LISTS:
        return lambda record: any(names.compared(found, one) == wanted for one in record.get(found.name) or ())
    if found.type in _TYPED:
        return lambda record: record.get(found.name) == wanted
    return lambda record: names.compared(found, record.get(found.name)) == wanted
