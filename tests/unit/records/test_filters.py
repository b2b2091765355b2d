"""Filters ask for a value: what is none of its type is refused, what merely cannot be there finds nothing."""

import pytest

from chalicelib.errors import Invalid
from chalicelib.records.fields import Field
from chalicelib.records.filters import parse
from chalicelib.records.registry import KINDS

# The types of a value itself; all others are texts with a rule, which is for those who write.
TYPED = {"uuid", "ids", "integer", "number", "boolean", "date", "datetime"}
FILTERED = [
    (kind.table, field)
    for kind in KINDS.values()
    for field in kind.fields
    if not (field.secret or field.internal or field.type == "record")
]


@pytest.mark.parametrize(("table", "field"), FILTERED, ids=lambda one: one if isinstance(one, str) else one.name)
def test_a_text_of_no_such_form_finds_nothing(table: str, field: Field) -> None:
    for text in ("j doe", '["j doe", "x"]'):
        if field.type in TYPED:
            with pytest.raises(Invalid):
                parse(KINDS[table], {field.asked_as: text})
        else:
            record = dict.fromkeys(KINDS[table].by_name, None)
            assert not parse(KINDS[table], {field.asked_as: text}).holds(record)


@pytest.mark.parametrize(
    ("asked", "kept"), [("email", "jdoe@example.com"), ("timezone", "Europe/Paris"), ("locale", "fr_FR")]
)
def test_a_text_is_found_by_itself(asked: str, kept: str) -> None:
    assert parse(KINDS["person"], {asked: kept}).holds({asked: kept})


def test_an_address_is_found_in_any_case() -> None:
    assert parse(KINDS["person"], {"email": " JDoe@Example.com"}).holds({"email": "jdoe@example.com"})
