"""Castings as a table (docs/contract/interchange.md 1.3)."""

from chalicelib.records.entities import ENTITY_LINK
from chalicelib.records.record import Record
from tests.unit.entities.stage import cast
from tests.unit.interchange.exports.conftest import Studio
from tests.unit.tasks.stage import Stage, change, create

HEAD = "Parent;Name;Asset Type;Asset;Occurences;Label"


def casts(entity: Record, asset: Record, number: int = 1, label: str = "") -> None:
    create(ENTITY_LINK, entity_in_id=entity.id, entity_out_id=asset.id, nb_occurences=number, label=label)


def test_a_film_tells_what_its_assets_or_its_shots_cast(api: Studio, stage: Stage) -> None:
    hat, boot = (stage.entity(name, "Character") for name in ("Hat", "Boot"))
    casts(stage.lama, hat, 3, "fixed")
    casts(stage.lama, boot, 12)
    casts(stage.shot, stage.lama, 2, "animate")
    of_assets = [HEAD, "Character;Lama;Character;Boot;12;", "Character;Lama;Character;Hat;3;fixed"]
    assert api.table("casting") == api.table("casting", is_shot_casting="1") == of_assets
    assert api.table("casting", episode_id="main") == of_assets
    assert api.table("casting", is_shot_casting="True") == [HEAD, "SQ01;SH010;Character;Lama;2;animate"]


def test_a_show_tells_the_episodes_first_then_the_main_pack(api: Studio, stage: Stage) -> None:
    stage.set(production_type="tvshow")
    first, last = (stage.entity(name, "Episode") for name in ("E01", "Z99"))
    hat = stage.entity("Hat", "Character")
    for episode in (last, first):
        casts(stage.entity(f"Guest of {episode['name']}", "Character", source_id=episode.id), hat)
    casts(stage.lama, hat)
    main = "MP;Character;Lama;Character;Hat;1;"
    of_last = "Z99;Character;Guest of Z99;Character;Hat;1;"
    head = f"Episode;{HEAD}"
    assert api.table("casting") == [head, "E01;Character;Guest of E01;Character;Hat;1;", of_last, main]
    assert api.table("casting", episode_id=last.id) == [head, of_last, main]
    assert api.table("casting", episode_id="main") == [head, main]


def test_a_show_tells_its_shots_and_its_episodes(api: Studio, stage: Stage) -> None:
    stage.set(production_type="tvshow")
    episode = stage.entity("E01", "Episode")
    sequence = stage.entity("SQ01", "Sequence", parent_id=episode.id)
    cast(stage.entity("SH020", "Shot", parent_id=sequence.id), stage.lama)
    cast(stage.shot, stage.lama)
    cast(episode, stage.lama)
    shots = api.table("casting", is_shot_casting="true")
    assert shots[1:] == [";SQ01;SH010;Character;Lama;1;", "E01;SQ01;SH020;Character;Lama;1;"]
    assert api.table("casting", is_shot_casting="true", episode_id=episode.id)[1:] == shots[2:]
    assert api.table("casting", episode_id="all") == [HEAD, "Episode;E01;Character;Lama;1;"]


def test_what_castings_do_not_show_is_in_no_table(api: Studio, stage: Stage) -> None:
    elsewhere = stage.production("Elsewhere")
    lent = stage.entity("Lent", "Character", project_id=elsewhere.id, is_shared=True)
    gone = stage.entity("Gone", "Character", canceled=True)
    cast(stage.shot, lent, gone)
    assert [line.split(";")[3] for line in api.table("casting", is_shot_casting="true")[1:]] == ["Lent"]
    change(lent, is_shared=False)
    assert api.table("casting", is_shot_casting="true")[1:] == []


def test_what_is_no_episode_is_refused(api: Studio, stage: Stage) -> None:
    path = f"/export/csv/projects/{stage.project.id}/casting.csv"
    assert api.get(path, {"episode_id": "first"}).status == 400
