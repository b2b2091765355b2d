"""How often a request about working files and output files goes to the database (docs/access-patterns.md)."""

from collections.abc import Callable

import pytest

from tests.unit.publishing.conftest import Pipeline, PipelineStudio
from tests.unit.publishing.test_output_files import made as output
from tests.unit.publishing.test_working_files import made

Ask = Callable[[PipelineStudio, Pipeline], object]


def getting(path: str, user: str = "user") -> Ask:
    return lambda api, stage: api.get(
        path.format(
            task=stage.modeling.id,
            entity=stage.shot.id,
            instance=stage.instance.id,
            scene=stage.scene.id,
            type=stage.cache.id,
            project=stage.project.id,
        ),
        user=user,
    )


COSTS: dict[str, tuple[int, Ask]] = {
    "working files of a task": (3, getting("/data/tasks/{task}/working-files")),
    "last revisions of a task": (3, getting("/data/tasks/{task}/working-files/last-revisions")),
    "working files of an entity": (3, getting("/data/entities/{entity}/working-files")),
    "the next path": (4, lambda api, stage: api.post(f"/data/tasks/{stage.modeling.id}/working-file-path", {})),
    "a new working file": (6, made),
    "output files of an entity": (3, getting("/data/entities/{entity}/output-files")),
    "last output files of an entity": (3, getting("/data/entities/{entity}/output-files/last-revisions")),
    "output types of an entity": (3, getting("/data/entities/{entity}/output-types")),
    "output files of a type": (3, getting("/data/entities/{entity}/output-types/{type}/output-files")),
    "output files of a production": (2, getting("/data/projects/{project}/output-files", "manager")),
    "output files of an instance": (4, getting("/data/asset-instances/{instance}/output-files")),
    "where it stands": (4, getting("/data/asset-instances/{instance}/entities/{scene}/output-files/last-revisions")),
    "a new output file": (6, output),
}


@pytest.mark.parametrize("name", COSTS)
def test_a_request_costs_what_is_written_down(api: PipelineStudio, stage: Pipeline, name: str) -> None:
    cost, ask = COSTS[name]
    for _ in range(3):
        made(api, stage)
        output(api, stage)
    # The first time fills what the container holds: types, people, the studio.
    for _ in range(2):
        ask(api, stage)
    assert api.cost == cost
