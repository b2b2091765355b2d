"""Lists of output files and of their types (docs/contract/files.md 5.3)."""

from typing import Any

import pytest

from tests.unit.files.conftest import UNKNOWN
from tests.unit.publishing.conftest import Pipeline, PipelineStudio
from tests.unit.publishing.test_output_files import asked, made, path_of, standing


def told(api: PipelineStudio, path: str, query: dict[str, str] | None = None, user: str = "user") -> list[str]:
    """`hero 2 abc`: name, revision and representation of each file of a list."""
    rows = api.get(path, query, user=user)
    assert rows.status == 200, rows.content
    return [f"{one['name']} {one['revision']} {one['representation']}".strip() for one in rows.json]


@pytest.fixture
def published(api: PipelineStudio, stage: Pipeline) -> PipelineStudio:
    """Outputs of the shot, of the lama, and of the lama where it stands in a scene."""
    for body in (
        {"name": "hero"},
        {"name": "hero", "representation": "abc"},
        {"name": "hero", "representation": "abc"},
        {"name": "turn", "output_type_id": stage.images.id},
        {"name": "turn", "task_type_id": stage.modeling_type.id},
    ):
        assert made(api, stage, **body).status == 201
    assert api.post(f"/data/entities/{stage.lama.id}/output-files/new", asked(stage)).status == 201
    for more in ({"name": "sim"}, {"name": "sim"}, {"name": "map", "output_type_id": stage.images.id}):
        assert api.post(standing(stage, "output-files/new"), asked(stage, **more), user="user").status == 201
    return api


def test_an_entity_lists_its_own_from_the_highest_revision_down(published: PipelineStudio, stage: Pipeline) -> None:
    assert told(published, path_of(stage, "output-files")) == ["hero 3 abc", "hero 2 abc", "turn 1", "turn 1", "hero 1"]
    assert told(published, f"/data/entities/{stage.lama.id}/output-files") == ["main 1"]


def test_filters_are_exact_and_empty_ones_are_none(published: PipelineStudio, stage: Pipeline) -> None:
    path = path_of(stage, "output-files")
    for query, names in (
        ({"name": "hero", "representation": "abc"}, ["hero 3 abc", "hero 2 abc"]),
        ({"output_type_id": stage.images.id}, ["turn 1"]),
        ({"task_type_id": stage.modeling_type.id, "name": ""}, ["turn 1"]),
        ({"file_status_id": UNKNOWN}, []),
        ({"name": "HERO"}, []),
    ):
        assert told(published, path, query) == names


def test_last_revisions_are_those_of_each_series(published: PipelineStudio, stage: Pipeline) -> None:
    path = path_of(stage, "output-files/last-revisions")
    assert told(published, path) == ["hero 3 abc", "turn 1", "turn 1", "hero 1"]
    assert told(published, path, {"representation": "abc"}) == ["hero 3 abc"]
    assert told(published, standing(stage, "output-files/last-revisions")) == ["sim 2", "map 1"]


def test_types_by_name(published: PipelineStudio, stage: Pipeline) -> None:
    def types(path: str) -> list[str]:
        return [one["name"] for one in published.get(path, user="user").json]

    assert types(path_of(stage, "output-types")) == ["Cache", "Images"]
    assert types(f"/data/entities/{stage.lama.id}/output-types") == ["Cache", "Images"]
    assert types(standing(stage, "output-types")) == ["Cache", "Images"]
    assert types(f"/data/entities/{stage.sequence.id}/output-types") == []


def test_files_of_a_type(published: PipelineStudio, stage: Pipeline) -> None:
    of_type = f"output-types/{stage.cache.id}/output-files"
    assert told(published, path_of(stage, of_type)) == ["hero 3 abc", "hero 2 abc", "turn 1", "hero 1"]
    assert told(published, path_of(stage, of_type), {"representation": "abc"}) == ["hero 3 abc", "hero 2 abc"]
    assert told(published, standing(stage, of_type)) == ["sim 2", "sim 1"]
    for place in (path_of, standing):
        assert published.get(place(stage, f"output-types/{UNKNOWN}/output-files"), user="user").status == 404


def test_an_instance_lists_all_of_it_or_where_it_stands(published: PipelineStudio, stage: Pipeline) -> None:
    path = f"/data/asset-instances/{stage.instance.id}/output-files"
    assert told(published, path) == ["sim 2", "map 1", "sim 1"]
    assert told(published, path, {"temporal_entity_id": stage.scene.id, "name": "map"}) == ["map 1"]
    assert told(published, path, {"temporal_entity_id": stage.shot.id}) == []


def test_a_production_lists_its_own_from_the_newest_on(published: PipelineStudio, stage: Pipeline) -> None:
    path = f"/data/projects/{stage.project.id}/output-files"
    expected = ["main 1", "turn 1", "turn 1", "hero 3 abc", "hero 2 abc", "hero 1"]
    assert told(published, path, user="manager") == expected
    assert told(published, path, {"name": "main"}, user="admin") == ["main 1"]
    assert [published.get(path, user=who).status for who in ("user", "supervisor", "stranger", None)] == [
        403,
        403,
        403,
        401,
    ]


def lists(stage: Pipeline) -> list[str]:
    entity, instance = f"/data/entities/{stage.shot.id}", f"/data/asset-instances/{stage.instance.id}"
    place = f"{instance}/entities/{stage.scene.id}"
    ends = ("output-files/last-revisions", "output-types", f"output-types/{stage.cache.id}/output-files")
    return [
        f"{entity}/output-files",
        f"{instance}/output-files",
        *(f"{one}/{end}" for one in (entity, place) for end in ends),
    ]


def test_lists_are_for_the_team(published: PipelineStudio, stage: Pipeline) -> None:
    def statuses(path: str) -> list[Any]:
        return [published.get(path, user=who).status for who in ("vendor", "client", "stranger", None)]

    assert {path: statuses(path) for path in lists(stage)} == {path: [200, 200, 403, 401] for path in lists(stage)}


def test_what_is_unknown_is_not_found(api: PipelineStudio, stage: Pipeline) -> None:
    for path in lists(stage):
        for known in (stage.shot.id, stage.instance.id, stage.scene.id):
            if known in path:
                assert api.get(path.replace(known, UNKNOWN)).status == 404, path
                assert api.get(path.replace(known, "nothing")).status == 404, path
