"""How often a request about previews goes to the database (docs/access-patterns.md)."""

from collections.abc import Callable

import pytest

from tests.unit.files.conftest import Stage, Studio, change, picture

Ask = Callable[[Studio, Stage, str], object]


def getting(path: str, user: str = "user") -> Ask:
    return lambda api, stage, one: api.get(
        path.format(one=one, task=stage.modeling.id, entity=stage.lama.id, project=stage.project.id), user=user
    )


def putting(action: str, user: str = "user", **body: object) -> Ask:
    return lambda api, stage, one: api.put(f"/actions/preview-files/{one}/{action}", body, user=user)


COSTS: dict[str, tuple[int, Ask]] = {
    "thumbnail": (2, getting("/pictures/thumbnails/preview-files/{one}.png")),
    "thumbnail, of a vendor": (3, getting("/pictures/thumbnails/preview-files/{one}.png", "vendor")),
    "download": (4, getting("/pictures/originals/preview-files/{one}/download")),
    "a new preview": (6, lambda api, stage, one: api.slot()),
    "position": (4, putting("update-position", position=1)),
    "annotations": (4, putting("update-annotations", "manager")),
    "main preview": (5, putting("set-main-preview")),
    "previews of a task": (3, getting("/data/tasks/{task}/previews")),
    "previews of an entity with one task": (4, getting("/data/entities/{entity}/preview-files")),
    "previews of a production": (2, getting("/data/projects/{project}/preview-files", "admin")),
    "what is not ready, of one production": (2, getting("/data/playlists/preview-files/running", "admin")),
}


@pytest.mark.parametrize("name", COSTS)
def test_a_request_costs_what_is_written_down(api: Studio, stage: Stage, name: str) -> None:
    cost, ask = COSTS[name]
    preview = api.published()
    # The first time fills what the container holds: types, people, the studio.
    for _ in range(2):
        ask(api, stage, preview["id"])
    assert api.cost == cost


@pytest.mark.parametrize(("automated", "cost"), [(False, 5), (True, 6)])
def test_an_upload_is_one_transaction(api: Studio, stage: Stage, automated: bool, cost: int) -> None:
    change(stage.project, is_set_preview_automated=automated)
    api.published()
    preview = api.slot(stage.comment_on(stage.modeling))
    assert api.send(preview, "turn.png", picture()).status == 201
    assert api.cost == cost
