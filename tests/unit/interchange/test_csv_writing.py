"""Tables as CSV (docs/contract/interchange.md section 1)."""

from typing import Any

import pytest

from chalicelib.interchange import csv_writing


def test_cells_are_quoted_where_they_must_be() -> None:
    rows = [["Name", "Note"], ["a;b", 'say "hi"'], [None, 300.0], [7, "two\nlines"]]
    assert csv_writing.written(rows) == b'Name;Note\r\n"a;b";"say ""hi"""\r\n;300.0\r\n7;"two\nlines"\r\n'


def test_slugs_fold_accents_and_join_words() -> None:
    assert csv_writing.slug("Caminandes: Été assets") == "caminandes_ete_assets"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("=SUM(A1:A9)", "'=SUM(A1:A9)"),
        ("+33 (0)6 12; 13", "+33 (0)6 12; 13"),
        ("-1-2", "'-1-2"),
        ("+A1+A2", "'+A1+A2"),
        ("-take two", "'-take two"),
        ("@everybody", "'@everybody"),
        ("\tindented", "'\tindented"),
        ("'=was escaped", "''=was escaped"),
        ("'quoted'", "'quoted'"),
        ("-12", "-12"),
        ("+3.50", "+3.50"),
        ("a=b", "a=b"),
        (-1.5, -1.5),
        ("", ""),
        (None, None),
    ],
)
def test_no_cell_is_computed_by_a_spreadsheet(cell: Any, said: Any) -> None:
    assert csv_writing.inert(cell) == said
