"""The declarations of record kinds against the contract's models."""

from typing import Any

import pytest

from chalicelib.records.registry import KINDS
from tests.contract import material

DEFAULTS_MADE_ELSEWHERE = {
    "<new uuid>",
    "<now>",
    "the caller",
    "<the caller>",
    "the status named Open",
    "<the status named Open>",
}
models: dict[str, Any] = material.table("models")


# What the contract does not know.
OURS = {"webhook"}


def test_there_are_fifty_kinds_and_ours() -> None:
    assert len(KINDS.keys() - OURS) == 50
    assert KINDS.keys() >= OURS


@pytest.mark.parametrize("name", sorted(models))
def test_a_kind_is_declared_as_the_contract_says(name: str) -> None:
    model = models[name]
    kind = KINDS[model["table"]]
    assert (kind.name, kind.path) == (model["type"], model["path"])
    declared = {field.asked_as: field for field in kind.fields if not field.internal}
    assert declared.keys() == model["fields"].keys()
    for asked, wanted in model["fields"].items():
        field = declared[asked]
        assert field.type == wanted["type"], asked
        assert field.relation == wanted["relation"], asked
        assert field.max_length == wanted.get("max_length"), asked
        assert list(field.choices) == wanted.get("choices", []), asked
        assert field.protected == wanted["protected"], asked
        assert field.secret == wanted.get("secret", False), asked
        if str(wanted["default"]) not in DEFAULTS_MADE_ELSEWHERE:
            assert (field.default or None) == (wanted["default"] or None), asked
        if asked not in ("created_at", "updated_at"):
            assert field.nullable == wanted["nullable"], asked
    groups = {tuple("notification_type" if part == "type" else part for part in g) for g in model["unique_together"]}
    assert set(kind.unique_together) == groups


def test_indexes_name_fields_of_their_kind() -> None:
    for kind in KINDS.values():
        for index in kind.indexes:
            assert set(index.fields) <= kind.by_name.keys(), kind.name
        assert len({index.attribute for index in kind.indexes}) == len(kind.indexes), kind.name


def test_homes_and_edges_name_fields_of_their_kind() -> None:
    for kind in KINDS.values():
        named = (*kind.home.named, *(edge.field for edge in kind.edges))
        assert set(named) <= kind.by_name.keys(), kind.name
