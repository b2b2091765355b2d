"""Names as they are compared, and patterns that no name makes expensive."""

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import Invalid
from chalicelib.records import filters, names
from chalicelib.records.entities import ENTITY


@pytest.mark.parametrize(
    ("pattern", "name", "found"),
    [
        ("fox", "FOX", True),
        ("fox", "foxes", False),
        ("fox%", "Foxes", True),
        ("%ox", "fox", True),
        ("%", "", True),
        ("", "", True),
        ("", "a", False),
        ("%%%", "anything", True),
        ("a%a", "a", False),
        ("ab%ba", "aba", False),
        ("_", "", False),
        ("f_x%", "fax machine", True),
        ("%_", "", False),
        ("sh_1%", "SH010", True),
        ("a.c", "abc", False),
        ("a\\%", "a\\b", True),
        ("ÉTÉ%", "été indien", True),
        (unicodedata.normalize("NFD", "é"), unicodedata.normalize("NFC", "É"), True),
        ("_t_", unicodedata.normalize("NFD", "été"), True),
        ("%\n%", "a\nb", True),
    ],
)
def test_percent_is_anything_and_an_underscore_one_character(pattern: str, name: str, found: bool) -> None:
    assert names.matcher(pattern)(name) is found


@given(st.text("ab%_", max_size=9), st.text("ab", max_size=9))
def test_it_means_what_an_expression_means(pattern: str, name: str) -> None:
    told = "".join({"%": ".*", "_": "."}.get(mark, mark) for mark in pattern)
    assert names.matcher(pattern)(name) is (re.fullmatch(told, name) is not None)


@pytest.mark.parametrize("pattern", ["%a" * 30 + "%b", "%a_" * 30 + "%b", "%" * 499, "_%" * 200 + "b", "%a%a%a%a%b"])
def test_no_pattern_makes_a_name_expensive(pattern: str) -> None:
    """An expression that steps back takes minutes for the last one: this takes milliseconds for a thousand names."""
    wanted = filters.parse(ENTITY, {"name": pattern}, wildcards=True)
    started = time.process_time()
    for _ in range(1000):
        wanted.holds({"name": "a" * 150})
    assert time.process_time() - started < 5


def test_a_longer_name_is_not_asked_for() -> None:
    for wildcards in (True, False):
        with pytest.raises(Invalid):
            filters.parse(ENTITY, {"name": "%a" * 300}, wildcards=wildcards)


@given(st.text(max_size=30))
def test_what_is_folded_stays_so(text: str) -> None:
    assert names.folded(names.folded(text)) == names.folded(text) == names.folded(unicodedata.normalize("NFD", text))
