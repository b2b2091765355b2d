"""The catalogue of events (docs/contract/production.md section 12) against what the code tells."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.events import journal
from chalicelib.records.production import API_EVENT
from chalicelib.records.registry import KINDS
from chalicelib.store import reads
from chalicelib.store.changes import write
from tests.unit.production.conftest import Studio

CODE = Path(__file__).resolve().parents[3] / "chalicelib"
# Told to those who listen and not kept.
LIVE = {
    "task:update-casting-stats",
    "comment:acknowledge",
    "comment:unacknowledge",
    "comment:delete-reply",
    "notification:new",
    "chat:joined",
    "chat:left",
    "chat:new-message",
    "chat:deleted-message",
    "main:test",
}
# What is kept, besides `<table with - for _>:new|update|delete` of every kind.
KEPT = {
    *(f"{word}:new" for word in ("asset", "shot", "sequence", "episode", "scene", "edit", "concept", "asset-type")),
    *(f"asset-type:{verb}" for verb in ("update", "delete")),
    *(f"asset:{verb}" for verb in ("update", "delete", "new-link", "remove-link", "casting-update")),
    *(f"asset_instance:{verb}" for verb in ("new", "add-to-shot", "remove-from-shot")),
    *(f"shot:{verb}" for verb in ("update", "casting-update", "add-to-scene", "remove-from-scene")),
    "episode:casting-update",
    *(f"task:{verb}" for verb in ("assign", "unassign", "status-changed", "to-review")),
    "comment:reply",
    *(f"preview-file:{verb}" for verb in ("add-file", "set-main", "annotation-update")),
    "preview-background-file:add-file",
    # Ours: a webhook that nobody answered was switched off.
    "webhook:disable",
    *(f"budget{part}:create" for part in ("", "-entry")),
}


def emitted(function: str) -> Iterator[str]:
    """The names that the code gives to a function of the journal where they are written out in full."""
    for module in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == function and len(node.args) > 1:
                name = node.args[1]
                if isinstance(name, ast.Constant):
                    yield str(name.value)


def is_generic(name: str) -> bool:
    word, _, verb = name.partition(":")
    # What is made on the fly by its name is told by its table.
    words = {word for kind in KINDS.values() for word in (kind.event_name, kind.table)}
    return verb in ("new", "update", "delete") and word in words


@pytest.mark.slow
def test_what_is_told_only_is_not_kept() -> None:
    kept = set(emitted("emit"))
    assert kept & LIVE == set()
    assert len(kept) > 20
    assert set(emitted("emit_live")) <= LIVE


def test_every_name_is_in_the_catalogue() -> None:
    unknown = {name for name in emitted("emit") if name not in KEPT and not is_generic(name)}
    assert unknown == set()


@pytest.mark.parametrize("tied", [True, False])
def test_a_live_event_says_what_it_would_say_in_the_journal(studio: Studio, tied: bool) -> None:
    project_id = studio.project().id if tied else None
    write(lambda changes: journal.emit_live(changes, "chat:joined", project_id, chat_id="x"))
    (told,) = reads.query(API_EVENT, "live")
    assert told["data"] == {"chat_id": "x"} | ({"project_id": project_id} if tied else {})
