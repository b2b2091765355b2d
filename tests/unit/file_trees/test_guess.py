"""What a path is of (docs/contract/files.md 3.4)."""

from typing import Any

import pytest

from chalicelib.access.caller import Caller
from chalicelib.domain.file_trees import shipped
from chalicelib.domain.file_trees.guess import guess
from chalicelib.domain.file_trees.paths import FileOf, path_of
from chalicelib.errors import Forbidden, NotFound
from chalicelib.store import session
from tests.unit.file_trees.test_paths import Film, film
from tests.unit.files.conftest import UNKNOWN, change

__all__ = ["film"]

LIBRARY = {
    "mountpoint": "/mnt",
    "root": "lib",
    "folder_path": {"shot": "cache/<Name>/v<Version>", "asset": "elements/<Name>/<Representation>_part"},
}


def guessed(film: Film, path: str, sep: str = "/", who: str = "user") -> list[dict[str, str]]:
    return guess(Caller(film.people[who]), film.project.id, path, sep)


def templates(told: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    """The longest answer of each template."""
    return {one["Template"]: one for one in sorted(told, key=len)}


@pytest.fixture
def simple(film: Film) -> Film:
    film.project = change(film.project, file_tree=shipped.TREES["simple"])
    return film


@pytest.mark.parametrize("sep", ["/", "\\"])
@pytest.mark.parametrize(("mode", "file"), [("working", "of_shot"), ("output", "of_shot"), ("preview", "of_shot")])
def test_a_path_of_a_shot_is_told(simple: Film, mode: str, file: str, sep: str) -> None:
    folder, _ = path_of(getattr(simple, file)(), 1, mode, sep)
    told = templates(guessed(simple, folder, sep))["shot"]
    known = {"Project": simple.project.id, "Sequence": simple.sequence.id, "Shot": simple.shot.id}
    more = {"OutputType": simple.cache.id} if mode == "output" else {}
    assert told == {"Template": "shot", **known, "TaskType": simple.animation_type.id, **more}


def test_a_path_of_an_asset_and_of_an_instance_is_told(simple: Film) -> None:
    folder, _ = path_of(simple.of_lama(), 1, "output", "/")
    told = templates(guessed(simple, folder))["asset"]
    known = {"Project": simple.project.id, "AssetType": simple.types["Character"].id, "Asset": simple.lama.id}
    what = {"TaskType": simple.modeling_type.id, "OutputType": simple.cache.id}
    assert told == {"Template": "asset", **known, **what}
    folder, _ = path_of(simple.of_instance(simple.in_scene, simple.scene), 1, "output", "/")
    where = {"TemporalEntityType": simple.types["Scene"].id, "TemporalEntity": simple.scene.id}
    told = templates(guessed(simple, folder))["instance"]
    assert told == {
        "Template": "instance",
        **known,
        **what,
        **where,
        "Sequence": simple.sequence.id,
        "Representation": "vdb",
    }


def test_what_is_not_found_ends_the_answer(simple: Film) -> None:
    told = guessed(simple, "/simple/productions/caminandes/shots/sq01/sh999/animation")
    assert told == [{"Template": "shot", "Project": simple.project.id, "Sequence": simple.sequence.id}]
    assert guessed(simple, "/simple/productions/another/shots/sq01") == [{"Template": "shot"}]
    assert guessed(simple, "/elsewhere/caminandes") == []


def test_the_same_answer_is_given_once(simple: Film) -> None:
    told = guessed(simple, "/simple/productions/caminandes")
    assert len(told) == len({str(sorted(one.items())) for one in told})
    assert {"Template": "shot", "Project": simple.project.id} in told


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/mnt/lib/cache/Big_Rock/v003/vdb", [{"Template": "shot", "Name": "Big Rock", "Version": "3"}]),
        ("/mnt/lib/cache/Big_Rock/v000", [{"Template": "shot", "Name": "Big Rock", "Version": "0"}]),
        ("/mnt/lib/cache/Big_Rock/vlast", [{"Template": "shot", "Name": "Big Rock"}]),
        ("/mnt/lib/cache/Big_Rock/v" + "9" * 5000, [{"Template": "shot", "Name": "Big Rock", "Version": "9" * 5000}]),
        ("/mnt/lib/cache/Big_Rock/v²", [{"Template": "shot", "Name": "Big Rock"}]),
        ("/mnt/lib/elements/Fire/exr_part/1.exr", [{"Template": "asset", "Name": "Fire", "Representation": "exr"}]),
        ("/mnt/lib/elements/Fire/a", [{"Template": "asset", "Name": "Fire"}]),
        ("/mnt/lib/others/Fire", []),
        ("/mnt/lib", []),
        ("", []),
    ],
)
def test_words_and_numbers_are_given_as_they_are(film: Film, path: str, answer: list[dict[str, str]]) -> None:
    change(film.project, file_tree={"working": LIBRARY})
    assert guessed(film, path) == answer


def test_names_are_found_whatever_their_letters(film: Film) -> None:
    film.sequence = change(film.sequence, name="Séq_01")
    change(film.shot, name="Sh 030 (été)")
    for style in ("uppercase", "lowercase", ""):
        folders = {"shot": "Jobs/<Episode>/<Sequence>/v_<Shot>_x/<Task>", "style": style}
        part = {"mountpoint": "/M", "root": "", "folder_path": {**folders}, "file_name": {"shot": "x"}}
        film.project = change(film.project, file_tree={"working": part})
        (told,) = guessed(film, f"/M/{'JOBS' if style == 'uppercase' else 'Jobs'}/E02/SEQ_01/v_sh_030_ete_x/main")
        # A task needs its project and its type, which this path does not name.
        assert told == {"Template": "shot"}
        full = "<Project>/<Episode>/<Sequence>/<Shot>/<TaskType.short_name>/<Task>"
        film.project = change(
            film.project, file_tree={"working": {**part, "folder_path": {"shot": full, "style": style}}}
        )
        change(film.animation_type, short_name="anim")
        (told,) = guessed(film, "/M/caminandes/e02/seq_01/sh_030_ete/anim/main")
        assert (told["Episode"], told["Sequence"], told["Shot"]) == (film.episode.id, film.sequence.id, film.shot.id)
        assert told["Task"] == film.animation.id


def test_sequences_may_be_in_no_episode(film: Film) -> None:
    change(film.sequence, parent_id=None)
    folders = {"shot": "<Project>/<Episode>/<Sequence>/<Shot>"}
    change(film.project, file_tree={"working": {"mountpoint": "", "root": "", "folder_path": folders}})
    (told,) = guessed(film, "/caminandes/e001/sq01/sh010")
    assert (told["Sequence"], told["Shot"], "Episode" in told) == (film.sequence.id, film.shot.id, False)


@pytest.mark.parametrize("tree", [None, {}, [], "simple", {"working": None}, {"working": {"folder_path": 3}}])
def test_without_a_tree_there_is_no_guess(film: Film, tree: Any) -> None:
    change(film.project, file_tree=tree)
    assert guessed(film, "/simple/productions/caminandes/shots/sq01") == []


def test_the_team_may_guess(film: Film) -> None:
    with pytest.raises(Forbidden):
        guessed(film, "/simple", who="stranger")
    for unknown in (UNKNOWN, "nothing"):
        with pytest.raises(NotFound):
            guess(Caller(film.people["admin"]), unknown, "/simple", "/")


def test_what_changed_of_the_entities_is_one_query(simple: Film) -> None:
    path = path_of(FileOf(simple.shot, simple.animation_type, "main"), 1, "preview", "/").folder
    guessed(simple, path)
    with session.opened() as made:
        guessed(simple, path)
    # The stamp of the reference data, and the change index of the entities.
    assert made.calls == {"GetItem": 1, "Query": 1}
