"""Paths as file trees have them: every token, style and kind (docs/contract/files.md 3.1, 3.2)."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.file_trees import shipped
from chalicelib.domain.file_trees.paths import FileOf, path_of
from chalicelib.errors import Invalid
from chalicelib.records.entities import ASSET_INSTANCE, ENTITY_TYPE
from chalicelib.records.files import OUTPUT_TYPE, SOFTWARE
from chalicelib.records.people import DEPARTMENT
from chalicelib.records.record import Record
from chalicelib.store import reference, session
from tests.prepared import prepared
from tests.unit.files.conftest import Stage, change, create


class Film(Stage):
    """A shot with everything that a path can name, and an asset with an instance in a scene and in another asset."""

    def __init__(self) -> None:
        super().__init__()
        for name in ("Scene", "Episode", "Edit"):
            self.types[name] = create(ENTITY_TYPE, name=name)
        self.episode = self.entity("E02", "Episode")
        self.sequence = change(self.sequence, parent_id=self.episode.id)
        self.scene = self.entity("SC01", "Scene", parent_id=self.sequence.id)
        self.forest = self.entity("Dark Forest", "Character")
        values = {"asset_id": self.lama.id, "number": 3}
        self.in_scene = create(ASSET_INSTANCE, **values, name="Lama_0003", scene_id=self.scene.id)
        self.in_forest = create(ASSET_INSTANCE, **values, target_asset_id=self.forest.id)
        self.blender = create(SOFTWARE, name="Blender", short_name="bl", file_extension=".blend")
        self.cache = create(OUTPUT_TYPE, name="Cache", short_name="ABC")
        department = create(DEPARTMENT, name="Characters & Co", color="#000000")
        self.modeling_type = change(self.modeling_type, department_id=department.id, short_name="mod")

    def of_shot(self, **more: Any) -> FileOf:
        known = {"task": self.animation, "software": self.blender, "output_type": self.cache}
        return FileOf(self.shot, self.animation_type, "Hero Cam", **{**known, **more})

    def of_lama(self, **more: Any) -> FileOf:
        known = {"task": self.modeling, "software": self.blender, "output_type": self.cache}
        return FileOf(self.lama, self.modeling_type, "main", **{**known, **more})

    def of_instance(self, instance: Record, temporal: Record) -> FileOf:
        return self.of_lama(instance=instance, temporal=temporal, representation="vdb", task=None)

    def rendered(self, template: str, file: FileOf, style: str = "", kind: str = "shot") -> tuple[str, str]:
        """The folder and the file name that a template gives."""
        both = {kind: template, "style": style}
        tree = {"working": {"mountpoint": "/m", "root": "r", "folder_path": both, "file_name": both}}
        change(self.project, file_tree=tree)
        path = path_of(file, 7, "working", "/")
        return path.folder.removeprefix("/m/r/"), path.file_name


@pytest.fixture
def film(table: str) -> Film:
    return prepared(Film)


@pytest.mark.parametrize(
    ("token", "value"),
    [
        ("<Project>", "caminandes"),
        ("<Shot>", "sh010"),
        ("<Asset>", "sh010"),
        ("<Shot.bogus>", "sh010"),
        ("<Shot.short_name>", "sh010"),
        ("<Sequence>", "sq01"),
        ("<Episode>", "e02"),
        ("<AssetType>", "shot"),
        ("<TemporalEntity>", "sh010"),
        ("<TemporalEntityType>", "shot"),
        ("<Task>", "main"),
        ("<TaskType>", "animation"),
        ("<Department>", ""),
        ("<Software>", "blender"),
        ("<Software.short_name>", "bl"),
        ("<OutputType>", "cache"),
        ("<OutputType.short_name>", "abc"),
        ("<Name>", "hero_cam"),
        ("<WorkingFile>", "hero_cam"),
        ("<OutputFile>", "hero_cam"),
        ("<Representation>", ""),
        ("<Version>", "007"),
        ("<Revision>", "007"),
    ],
)
def test_every_token_has_its_value(film: Film, token: str, value: str) -> None:
    assert film.rendered(token, film.of_shot()) == (value, value)


def test_the_tokens_of_an_asset(film: Film) -> None:
    folder, _ = film.rendered("<AssetType>/<Asset>/<Department>/<TaskType.short_name>", film.of_lama(), kind="asset")
    assert folder == "character/lama/characters_co/mod"
    assert film.rendered("a<Sequence>/<Episode>", film.of_lama(), kind="asset")[0] == "a/e001"


@pytest.mark.parametrize(
    ("style", "folder", "name"),
    [
        ("", "Shots/sh010/v007", "shots_sh010_v007"),
        ("lowercase", "Shots/sh010/v007", "shots_sh010_v007"),
        ("uppercase", "Shots/SH010/v007", "SHOTS_SH010_V007"),
        ("pascalcase", "Shots/sh010/v007", "shots_sh010_v007"),
    ],
)
def test_styles(film: Film, style: str, folder: str, name: str) -> None:
    assert film.rendered("Shots/<Shot>/v<Version>", film.of_shot(), style) == (folder, name)


@pytest.mark.parametrize("style", ["", "uppercase"])
def test_ids_stay_as_they_are(film: Film, style: str) -> None:
    one = film.shot.id
    folder, name = film.rendered("<Shot.id>/v<Shot.id>-<Project.id>", film.of_shot(), style)
    assert folder == f"{one}/v{one}-{film.project.id}"
    assert name == f"{one}_{'V' if style else 'v'}{one}_{film.project.id}"


def test_odd_names_become_plain_ones(film: Film) -> None:
    film.shot = change(film.shot, name="Sh 030 (été)")
    film.sequence = change(film.sequence, name="Seq Über_10")
    assert film.rendered("<Sequence>/<Shot>-x", film.of_shot()) == (
        "seq_uber_10/sh_030_ete-x",
        "seq_uber_10_sh_030_ete_x",
    )
    assert film.rendered("__<Name>--<Name>", replace(film.of_shot(), name=".."))[1] == ""


def test_the_separator_stands_where_slashes_stood(film: Film) -> None:
    change(film.project, file_tree=shipped.TREES["simple"])
    path = path_of(film.of_shot(), 7, "output", "\\")
    assert path.folder == "/simple\\productions/export\\caminandes\\shots\\sq01\\sh010\\animation\\cache"
    assert path.file_name == "caminandes_sq01_sh010_animation_cache_hero_cam_v007"


def test_a_tree_without_a_root_begins_at_its_mountpoint(film: Film) -> None:
    part = {"mountpoint": "X:", "root": "", "folder_path": {"shot": "<Shot>"}, "file_name": {"shot": "<Shot>"}}
    change(film.project, file_tree={"working": part})
    assert path_of(film.of_shot(), 1, "working", "/").folder == "X:/sh010"


@pytest.mark.parametrize(
    ("kind", "entity"),
    [("sequence", "sequence"), ("scene", "scene"), ("episode", "episode"), ("asset", "lama"), ("shot", "shot")],
)
def test_each_kind_has_templates_of_its_own(film: Film, kind: str, entity: str) -> None:
    file = replace(film.of_shot(), entity=getattr(film, entity))
    assert film.rendered(f"{kind}/<TaskType>", file, kind=kind)[0] == f"{kind}/animation"
    with pytest.raises(Invalid, match="no template"):
        film.rendered("<TaskType>", file, kind="another")


def test_a_sequence_is_its_own_and_an_episode_too(film: Film) -> None:
    of_sequence = replace(film.of_shot(), entity=film.sequence)
    of_episode = replace(film.of_shot(), entity=film.episode)
    assert film.rendered("<Episode>/<Sequence>", of_sequence, kind="sequence")[0] == "e02/sq01"
    assert film.rendered("<Episode>", of_episode, kind="episode")[0] == "e02"


def test_instances_stand_in_scenes_and_in_assets(film: Film) -> None:
    change(film.project, file_tree=shipped.TREES["simple"])
    standing = path_of(film.of_instance(film.in_scene, film.scene), 2, "output", "/")
    assert standing == (
        "/simple/productions/export/caminandes/scene/sq01/sc01/modeling/cache/character/lama/instance_0003/vdb",
        "caminandes_sq01_sc01_modeling_cache_main_lama_0003_v002",
    )
    inside = path_of(film.of_instance(film.in_forest, film.forest), 2, "output", "/")
    assert inside == (
        "/simple/productions/export/caminandes/assets/character/dark_forest/modeling/cache/character/lama"
        "/instance_0003/vdb",
        "caminandes_character_dark_forest_modeling_cache_main_3_v002",
    )
    with pytest.raises(Invalid):
        path_of(film.of_instance(film.in_scene, film.scene), 2, "working", "/")


@pytest.mark.parametrize("template", ["<Planet>", "<>", "<OuputType>", "<Instance>", "<Shot> <shot>"])
def test_an_unknown_token_is_refused(film: Film, template: str) -> None:
    with pytest.raises(Invalid) as problem:
        film.rendered(template, film.of_shot())
    assert problem.value.data["field"] == "file_tree"


def test_an_output_file_knows_no_task(film: Film) -> None:
    with pytest.raises(Invalid):
        film.rendered("<Task>", film.of_shot(task=None))


def test_a_path_may_need_a_kind_that_nobody_has_made(film: Film) -> None:
    bare = film.of_shot(software=None, output_type=None)
    for _ in range(2):
        assert film.rendered("<Software>/<OutputType>", bare)[0] == "3dsmax/geometry"
    assert [one["name"] for one in reference.every(SOFTWARE).values()].count("3dsmax") == 1
    assert reference.named(OUTPUT_TYPE, "Geometry")["short_name"] == ""  # type: ignore[index]
    assert len(film.events("output_type:new")) == 1


def test_what_is_above_is_read_where_a_template_names_it(film: Film) -> None:
    def cost(template: str) -> int:
        film.rendered(template, film.of_shot())
        with session.opened() as made:
            path_of(film.of_shot(), 1, "working", "/")
        return made.call_count

    # The stamp of the reference data; then the sequence, then the episode.
    assert [cost("<Project>/<Shot>"), cost("<Sequence>/<Episode>")] == [1, 3]


def test_the_trees_that_are_shipped_are_those_of_the_contract() -> None:
    from tests.contract import material

    told = [step for step in material.golden("files_tree") if step["path"].endswith("/set-file-tree")]
    trees = {step["sent"]["tree_name"]: step["body"]["file_tree"] for step in told if step["status"] == 200}
    assert trees == shipped.TREES
