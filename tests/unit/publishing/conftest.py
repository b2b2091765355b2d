"""A production with the file tree `simple`, and the routes of working files and output files."""

import pytest

from chalicelib.domain.file_trees import choice
from chalicelib.routes import file_trees, working_files
from tests.prepared import prepared
from tests.unit.files.conftest import Stage, Studio, stored

__all__ = ["stored"]


class Pipeline(Stage):
    """The stage of previews, with a file tree: the artist works on the lama and on the shot."""

    def __init__(self) -> None:
        super().__init__()
        self.project = choice.choose(self.project, "simple")


class PipelineStudio(Studio):
    """The routes of working files, of output files and of file trees."""

    areas = (file_trees.area, working_files.area)


@pytest.fixture
def stage(table: str) -> Pipeline:
    return prepared(Pipeline)


@pytest.fixture
def api(stage: Pipeline, bucket: str) -> PipelineStudio:
    return PipelineStudio(stage)
