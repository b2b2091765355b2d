"""A production with the file tree `simple`, and the routes of working files and output files."""

import pytest

from chalicelib.domain.file_trees import choice
from chalicelib.records.entities import ASSET_INSTANCE, ENTITY_TYPE
from chalicelib.records.files import OUTPUT_TYPE
from chalicelib.routes import file_trees, output_files, working_files
from tests.prepared import prepared
from tests.unit.files.conftest import Stage, Studio, create, stored

__all__ = ["stored"]


class Pipeline(Stage):
    """The stage of previews, with a file tree, a lama that stands in a scene, and types of output files."""

    def __init__(self) -> None:
        super().__init__()
        self.project = choice.choose(self.project, "simple")
        self.types["Scene"] = create(ENTITY_TYPE, name="Scene")
        self.scene = self.entity("SC01", "Scene", parent_id=self.sequence.id)
        of_lama = {"asset_id": self.lama.id, "scene_id": self.scene.id}
        self.instance = create(ASSET_INSTANCE, **of_lama, name="Lama_0001", number=1)
        self.cache = create(OUTPUT_TYPE, name="Cache", short_name="abc")
        self.images = create(OUTPUT_TYPE, name="Images", short_name="img")


class PipelineStudio(Studio):
    """The routes of working files, of output files and of file trees."""

    areas = (file_trees.area, working_files.area, output_files.area)


@pytest.fixture
def stage(table: str) -> Pipeline:
    return prepared(Pipeline)


@pytest.fixture
def api(stage: Pipeline, bucket: str) -> PipelineStudio:
    return PipelineStudio(stage)
