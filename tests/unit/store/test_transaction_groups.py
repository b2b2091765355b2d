"""What is to be written is cut into what fits a transaction."""

from chalicelib.store.transaction_groups import fitting


def test_groups_hold_as_much_as_fits_in_its_order() -> None:
    assert list(fitting([3, 4, 5, 2, 9, 1], lambda items: items, room=9)) == [[3, 4], [5, 2], [9], [1]]


def test_what_fits_no_group_is_one_by_itself() -> None:
    assert list(fitting([1, 20, 1], lambda items: items, room=9)) == [[1], [20], [1]]
    assert list(fitting([], lambda items: items)) == []
