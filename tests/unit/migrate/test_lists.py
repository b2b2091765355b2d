"""What is read of another Kitsu are routes of its contract."""

import json
import re
from pathlib import Path

import pytest

from infra.migrate import copying, lists

ROUTES = json.loads((Path(__file__).parents[2] / "contract" / "routes.json").read_text())
READ = {re.sub(r"<[^>]*>|\{[^}]*\}", "*", one["path"]).rstrip("/") for one in ROUTES if one["method"] == "GET"}
LISTS = (*lists.STUDIO_LISTS, *lists.PROJECT_LISTS, *lists.SCATTERED_LISTS)
FILES = {**copying._MOVIES, **copying._PLAIN}


@pytest.mark.parametrize("path", [*(one.path for one in LISTS), lists.BUDGETS, lists.BUDGET_ENTRIES, *FILES.values()])
def test_the_contract_has_the_route(path: str) -> None:
    assert re.sub(r"\{[^}]*\}", "*", path) in READ


def test_no_kind_is_read_twice() -> None:
    kinds = [one.kind.table for one in LISTS]
    assert len(kinds) == len(set(kinds))
