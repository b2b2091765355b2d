"""A publish out of a DCC, as a pipeline does it with gazu: path, working file, upload, output file, next revision."""

import sys
from pathlib import Path

import gazu
import pytest

from tests.stack.test_quickstart import ROOT, running

sys.path.insert(0, str(ROOT / "docs"))
import quickstart

# gazu leaves the files it uploads open.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def test_an_artist_publishes_a_model_from_blender(tmp_path: Path) -> None:
    with running("--memory", "--empty") as server:
        gazu.set_host(f"{server.url}/api")
        gazu.log_in(quickstart.EMAIL, quickstart.PASSWORD)

        # The studio: a production with a file tree, an asset, a task, the kinds of files.
        project = gazu.project.new_project("Caminandes", "short")
        gazu.files.set_project_file_tree(project, "simple")
        props = gazu.asset.new_asset_type("Props")
        fence = gazu.asset.new_asset(project, props, "Big Fence")
        modeling = gazu.task.get_task_type_by_name("Modeling")
        task = gazu.task.new_task(fence, modeling)
        blender = gazu.files.new_software("Blender", "bl", "blend")
        geometry = gazu.files.new_output_type("Geometry", "geo")

        # The artist asks where to save, saves, and publishes the scene.
        place = gazu.files.build_working_file_path(task, software=blender, revision=0)
        assert place == (
            "/simple/productions/caminandes/assets/props/big_fence/modeling/blender/"
            "caminandes_props_big_fence_modeling_main_v001"
        )
        scene = tmp_path / "fence.blend"
        scene.write_bytes(b"BLENDER-v401" + bytes(2_000_000))
        working = gazu.files.new_working_file(task, software=blender, comment="Planks are in")
        assert working["path"] == place
        gazu.files.upload_working_file(working, str(scene))

        # What was made of it goes on to the next department.
        publish = gazu.files.new_entity_output_file(
            fence, geometry, modeling, "First publish", working_file=working, representation="abc"
        )
        assert publish["source_file"]["id"] == working["id"]
        assert publish["path"].endswith("/caminandes_props_big_fence_modeling_geometry_main_v001")
        assert gazu.files.get_next_entity_output_revision(fence, geometry, modeling) == 2

        # Somebody else takes it up: the last revision, the scene it came from, and what a path is of.
        last = gazu.files.get_last_output_files_for_entity(fence, output_type=geometry)
        assert [(one["revision"], one["path"]) for one in last] == [(1, publish["path"])]
        copy = tmp_path / "copy.blend"
        gazu.files.download_working_file(working, str(copy))
        assert copy.read_bytes() == scene.read_bytes()
        folder = publish["path"].rpartition("/")[0]
        found = {one["Template"]: one for one in gazu.entity.guess_from_path(project["id"], folder)}
        assert (found["asset"]["Asset"], found["asset"]["OutputType"]) == (fence["id"], geometry["id"])

        # And works on: the next scene is the next revision, of the file and of the publish.
        again = gazu.files.new_working_file(task, software=blender)
        assert gazu.files.get_last_working_file_revision(task)["revision"] == again["revision"] == 2
        assert gazu.files.new_entity_output_file(fence, geometry, modeling, "More planks")["revision"] == 2
