"""What the documents say is so."""

from infra import documents


def test_the_list_of_routes_is_that_of_the_declarations() -> None:
    assert documents.TARGET.read_text() == documents.text(), "run: python -m infra.documents"
