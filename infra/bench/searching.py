"""The rows of the search: 50,000 assets and shots in one production."""

from collections.abc import Iterator
from typing import Any, Final

from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.production import PROJECT
from chalicelib.store import keys, reference
from infra.bench.bulk import store
from infra.bench.measuring import Asking, Cost, several
from infra.bench.studio import Measured, created

Row = tuple[str, str, str, bool | None]
_SHOTS, _ASSETS, _SEQUENCES = 30_000, 20_000, 300
_WORDS: Final = ("lama", "penguin", "fence", "berry", "forest", "bridge", "villain", "rocket", "lantern", "mountain")
# What somebody types: a shot, a beginning, where it is, two words, a typo, and what is not there.
_TEXTS: Final = ("SH20123", "sh2", "sq012 sh20", "villain rock", "pengiun", "nowhere")


def in_fifty_thousand(asking: Asking, studio: Measured) -> list[Row]:
    """The slowest of some searches, when the production is held; and the first one."""
    values = {"name": "Large", "project_status_id": studio.project["project_status_id"], "team": []}
    project = created(PROJECT, [values])[0]
    home = keys.home_of_owner(project.id)
    kinds = {kind["name"]: kind.id for kind in reference.every(ENTITY_TYPE).values()}
    sequences = store(ENTITY, home, _sequences(project.id, kinds["Sequence"]))
    store(ENTITY, home, _shots(project.id, kinds["Shot"], sequences))
    store(ENTITY, home, _assets(project.id, kinds["Prop"]))

    def ask(text: str) -> Cost:
        return asking.ask("POST", "/data/search", {"query": text, "project_id": project.id})

    first = ask(_TEXTS[0])
    for text in _TEXTS:
        ask(text)
    costs = {text: several(lambda text=text: ask(text), 5) for text in _TEXTS}  # type: ignore[misc]
    text, slowest = max(costs.items(), key=lambda one: one[1].cpu)
    told = f"{slowest.cpu:.1f} ms CPU ({text!r}), {slowest.calls} calls"
    count = _SHOTS + _ASSETS
    return [
        (f"search among {count} entities, first", "-", f"{first.cpu:.0f} ms CPU, {first.calls} calls", None),
        (f"search among {count} entities, slowest of {len(_TEXTS)}", "≤ 30 ms CPU", told, slowest.cpu <= 30),
    ]


def _sequences(project_id: str, kind_id: str) -> Iterator[dict[str, Any]]:
    for number in range(_SEQUENCES):
        yield {"project_id": project_id, "entity_type_id": kind_id, "type": "Sequence", "name": f"SQ{number:03}"}


def _shots(project_id: str, kind_id: str, sequences: list[str]) -> Iterator[dict[str, Any]]:
    common = {"project_id": project_id, "entity_type_id": kind_id, "type": "Shot"}
    for number in range(_SHOTS):
        above = {"parent_id": sequences[number % _SEQUENCES], "data": {"frame_in": 1001, "frame_out": 1120}}
        yield {**common, **above, "name": f"SH{number:05}"}


def _assets(project_id: str, kind_id: str) -> Iterator[dict[str, Any]]:
    common = {"project_id": project_id, "entity_type_id": kind_id, "type": "Asset"}
    for number in range(_ASSETS):
        word, other = _WORDS[number % 10], _WORDS[number // 10 % 10]
        yield {**common, "name": f"{word} {other} {number}", "description": f"A {other} for the {word}"}
