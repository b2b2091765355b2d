"""Castings: what plays in what, how it is written, how it is read (docs/contract/entities.md section 7)."""

from typing import Any

import pytest

from chalicelib.records.entities import ENTITY, ENTITY_LINK
from chalicelib.records.production import PROJECT_TASK_TYPE_LINK
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import homes, keys, reads
from tests.unit.entities.stage import Studio, cast, together
from tests.unit.tasks.stage import UNKNOWN, Stage, change, create, now


def of(entity: Record) -> str:
    return f"/data/projects/{entity['project_id']}/entities/{entity.id}/casting"


def part(asset: Record, count: Any = 1, **more: Any) -> dict[str, Any]:
    return {"asset_id": asset.id, "nb_occurences": count, **more}


def put(api: Studio, entity: Record, *parts: Any, user: str | None = "manager") -> int:
    return int(api.put(of(entity), list(parts), user=user).status)


def cast_names(api: Studio, entity: Record) -> list[str]:
    reply = api.get(of(entity), user="user")
    assert reply.status == 200, reply.content
    return [one["asset_name"] for one in reply.json]


class Show:
    """An episode with a sequence and two shots, and three assets."""

    def __init__(self, stage: Stage) -> None:
        self.episode = stage.entity("E01", "Episode")
        change(stage.sequence, parent_id=self.episode.id)
        self.first = stage.shot
        self.second = stage.entity("SH020", "Shot", parent_id=stage.sequence.id)
        self.fox, self.hat = stage.entity("Fox", "Character"), stage.entity("Hat", "Character")


@pytest.fixture
def show(stage: Stage) -> Show:
    return Show(stage)


def test_a_casting_is_replaced_as_a_whole(api: Studio, stage: Stage) -> None:
    fox = stage.entity("Fox", "Character")
    sent = [part(stage.lama, 2, label="animate"), part(fox)]
    reply = api.put(of(stage.shot), sent, user="manager")
    assert (reply.status, reply.json) == (200, sent)
    assert cast_names(api, stage.shot) == ["Fox", "Lama"]
    assert api.get(of(stage.shot)).json[1] == {
        "asset_id": stage.lama.id,
        "asset_name": "Lama",
        "asset_type_name": "Character",
        "ready_for": None,
        "episode_id": None,
        "preview_file_id": None,
        "nb_occurences": 2,
        "label": "animate",
        "is_shared": False,
        "project_id": stage.project.id,
    }
    assert put(api, stage.shot, part(fox, 3)) == 200
    assert [(one["asset_name"], one["nb_occurences"]) for one in api.get(of(stage.shot)).json] == [("Fox", 3)]
    assert put(api, stage.shot) == 200
    assert cast_names(api, stage.shot) == []
    shot = stage.shot.id
    assert stage.events("shot:casting-update") == [{"shot_id": shot, "nb_entities_out": count} for count in (2, 1, 0)]
    assert len(stage.events("entity-link:new")) == 3


def test_entries_without_an_asset_or_a_number_are_left_out_and_counted(api: Studio, stage: Stage) -> None:
    assert put(api, stage.shot, {"asset_id": stage.lama.id}, {"nb_occurences": 1}, {}) == 200
    assert cast_names(api, stage.shot) == []
    assert now(stage.shot)["nb_entities_out"] == 3
    assert put(api, stage.shot, part(stage.lama), part(stage.lama, 4)) == 200
    assert [one["nb_occurences"] for one in api.get(of(stage.shot)).json] == [4]


def test_what_is_no_casting_changes_nothing(api: Studio, stage: Stage) -> None:
    far = stage.production("Elsewhere", ("stranger",))
    crate = stage.entity("Crate", "Character", project_id=far.id)
    put(api, stage.shot, part(stage.lama))
    wrong: list[Any] = [
        [part(crate)],
        [part(stage.sequence)],
        [{"asset_id": UNKNOWN, "nb_occurences": 1}],
        [{"asset_id": "x", "nb_occurences": 1}],
        [part(stage.lama, "many")],
        [part(stage.lama, -1)],
        [part(stage.lama, label="x" * 81)],
        [part(stage.lama, label=["x"])],
        ["x"],
        {"asset_id": stage.lama.id},
    ]
    for sent in wrong:
        assert api.put(of(stage.shot), sent, user="manager").status == 400, sent
    assert cast_names(api, stage.shot) == ["Lama"]
    assert now(stage.shot)["nb_entities_out"] == 1
    assert put(api, stage.shot, part(change(crate, is_shared=True))) == 200
    assert cast_names(api, stage.shot) == ["Crate"]


def test_who_casts(api: Studio, stage: Stage) -> None:
    for who, status in (("admin", 200), ("manager", 200), ("stranger", 403), (None, 401)):
        assert put(api, stage.shot, part(stage.lama), user=who) == status
    for who in ("supervisor", "user", "client", "vendor"):
        assert put(api, stage.shot, user=who) == 403
        assert api.get(of(stage.shot), user=who).status == 200
    for who in ("stranger", None):
        assert api.get(of(stage.shot), user=who).status in (401, 403)
    own = f"/data/assets/{stage.lama.id}/casting"
    assert api.put(own, [], user="user").status == 403
    assert api.get(own, user="user").json == []


def test_entities_of_elsewhere_are_not_below_a_production(api: Studio, stage: Stage) -> None:
    far = stage.production("Elsewhere")
    crate = stage.entity("Crate", "Character", project_id=far.id)
    (link,) = cast(stage.entity("SH900", "Shot", project_id=far.id), crate)
    below = f"/data/projects/{stage.project.id}"
    assert api.get(f"{below}/entities/{crate.id}/casting").status == 404
    assert api.put(f"{below}/entities/{crate.id}/casting", []).status == 404
    assert api.put(f"{below}/entities/{UNKNOWN}/casting", []).status == 404
    assert api.get(f"{below}/entities/{UNKNOWN}/casting").json == []
    assert api.delete(f"{below}/entity-links/{link.id}").status == 404
    for name in ("sequences", "episodes"):
        end = "sequences/all/casting" if name == "episodes" else "casting"
        for wrong in (stage.entity(name, name[:-1].capitalize(), project_id=far.id).id, stage.shot.id, UNKNOWN, "x"):
            assert api.get(f"{below}/{name}/{wrong}/{end}").status == 404
    assert api.get(f"{below}/episodes/main/sequences/all/casting").json == {}


def test_casting_a_shot_casts_its_episode(api: Studio, stage: Stage, show: Show) -> None:
    put(api, show.first, part(stage.lama, 2, label="animate"))
    (entry,) = api.get(of(show.episode)).json
    assert (entry["asset_name"], entry["nb_occurences"], entry["label"]) == ("Lama", 1, "animate")
    assert stage.events("asset:update") == [{"asset_id": stage.lama.id}]
    put(api, show.first)
    assert cast_names(api, show.episode) == ["Lama"], "uncasting a shot leaves the episode"


def test_uncasting_an_episode_uncasts_its_shots(api: Studio, stage: Stage, show: Show) -> None:
    put(api, show.first, part(stage.lama), part(show.fox))
    put(api, show.second, part(show.fox))
    outside = stage.entity("SH900", "Shot", parent_id=stage.entity("SQ09", "Sequence").id)
    put(api, outside, part(show.fox))
    put(api, show.episode, part(stage.lama), part(show.hat))
    assert [cast_names(api, one) for one in (show.episode, show.first, show.second, outside)] == [
        ["Hat", "Lama"],
        ["Lama"],
        [],
        ["Fox"],
    ]
    assert [now(one)["nb_entities_out"] for one in (show.first, show.second)] == [1, 0]
    assert stage.events("episode:casting-update") == [{"episode_id": show.episode.id, "nb_entities_out": 2}]


def test_tasks_of_a_shot_count_what_is_ready(api: Studio, stage: Stage, show: Show) -> None:
    ranks = {"Animation": 1, "Lighting": 2}
    stage.set(task_types=[stage.types[name].id for name in ranks])
    for name, priority in ranks.items():
        values = {"project_id": stage.project.id, "task_type_id": stage.types[name].id, "priority": priority}
        create(PROJECT_TASK_TYPE_LINK, **values)
    change(stage.lama, ready_for=stage.types["Animation"].id)
    animation, lighting = (stage.task_on(show.first, name) for name in ranks)
    put(api, show.first, part(stage.lama), part(show.fox))
    assert [now(task)["nb_assets_ready"] for task in (animation, lighting)] == [1, 0]
    put(api, show.episode, part(show.fox))
    assert [now(task)["nb_assets_ready"] for task in (animation, lighting)] == [0, 0]


def test_castings_of_many(api: Studio, stage: Stage, show: Show) -> None:
    put(api, show.first, part(stage.lama), part(show.fox, 2))
    put(api, stage.lama, part(show.hat, label="worn"))
    assert stage.events("asset:casting-update") == [{"asset_id": stage.lama.id}]
    below = f"/data/projects/{stage.project.id}"
    (of_sequence,) = api.get(f"{below}/sequences/{stage.sequence.id}/casting", user="user").json.items()
    shot_id, entries = of_sequence
    assert shot_id == show.first.id
    assert [(one["name"], one["asset_name"], one["sequence_name"]) for one in entries] == [
        ("Fox", "Fox", "SQ01"),
        ("Lama", "Lama", "SQ01"),
    ]
    for end in ("sequences/all/casting", f"episodes/{show.episode.id}/sequences/all/casting"):
        assert api.get(f"{below}/{end}").json == {shot_id: entries}
    everything = api.get(f"{below}/episodes/casting").json
    assert everything.keys() == {show.episode.id, show.first.id, stage.lama.id}
    of_type = api.get(f"{below}/asset-types/{stage.kinds['Character'].id}/casting").json
    assert of_type == {
        stage.lama.id: [
            {
                "asset_id": show.hat.id,
                "name": "Hat",
                "asset_name": "Hat",
                "asset_type_name": "Character",
                "preview_file_id": None,
                "nb_occurences": 1,
                "label": "worn",
            }
        ]
    }
    assert api.get(f"{below}/asset-types/{UNKNOWN}/casting").status == 404
    change(show.fox, canceled=True)
    assert cast_names(api, show.first) == ["Lama"]
    assert len(api.get(f"{below}/sequences/all/casting").json[show.first.id]) == 1
    assert api.names(f"/data/shots/{show.first.id}/assets") == ["Fox", "Lama"]


def test_where_an_asset_plays(api: Studio, stage: Stage, show: Show) -> None:
    put(api, show.second, part(show.hat))
    put(api, show.first, part(show.hat, 2))
    put(api, stage.lama, part(show.hat))
    found = api.get(f"/data/assets/{show.hat.id}/cast-in", user="user").json
    assert [one.get("shot_name") or one["asset_name"] for one in found] == ["SH010", "SH020", "Lama"]
    assert found[0] == {
        "shot_id": show.first.id,
        "shot_name": "SH010",
        "sequence_name": "SQ01",
        "episode_id": show.episode.id,
        "episode_name": "E01",
        "preview_file_id": None,
        "nb_occurences": 2,
    }
    change(show.first, canceled=True)
    assert len(api.get(f"/data/assets/{show.hat.id}/cast-in").json) == 2


def test_where_a_shared_asset_plays_is_told_of_ones_own_productions(api: Studio, stage: Stage) -> None:
    far = stage.production("Elsewhere", ("stranger",))
    shot = stage.entity(
        "SH900", "Shot", project_id=far.id, parent_id=stage.entity("SQ9", "Sequence", project_id=far.id).id
    )
    change(stage.lama, is_shared=True)
    cast(shot, stage.lama)
    path = f"/data/assets/{stage.lama.id}/cast-in"
    assert [one["shot_name"] for one in api.get(path).json] == ["SH900"]
    assert api.get(path, user="manager").json == []
    assert cast_names(Studio(stage), stage.shot) == []
    assert len(api.get(of(shot), user="stranger").json) == 1
    change(stage.lama, is_shared=False)
    assert api.get(of(shot), user="stranger").json == [], "it is shared no more"
    assert api.get(f"/data/projects/{far.id}/sequences/all/casting", user="stranger").json == {}


def test_who_sees_both_productions_casts_what_is_not_shared(api: Studio, stage: Stage) -> None:
    far = stage.production("Elsewhere", ("manager",))
    kept = stage.entity("Lantern", "Character", project_id=far.id)
    sent = [{"asset_id": kept.id, "nb_occurences": 1}]
    assert api.put(of(stage.shot), sent, user="manager").status == 200
    assert [one["asset_name"] for one in api.get(of(stage.shot), user="manager").json] == ["Lantern"]
    assert api.get(of(stage.shot), user="user").json == [], "others of the team learn nothing of it"
    assert [one["shot_name"] for one in api.get(f"/data/assets/{kept.id}/cast-in", user="manager").json] == ["SH010"]
    assert api.delete(f"/data/assets/{kept.id}?force=true", user="admin").status == 204
    assert reads.query(ENTITY_LINK, homes.of(ENTITY, stage.shot)) == []


def test_links_are_listed_oldest_first(api: Studio, stage: Stage, show: Show) -> None:
    assets = (stage.lama, show.fox, show.hat)
    made = cast(show.first, *assets)
    path = f"/data/projects/{stage.project.id}/entity-links"
    plain = api.get(path, user="manager").json
    assert [link["id"] for link in plain] == [link.id for link in made]
    assert "updated_at" not in plain[0]
    assert len(api.get(path, {"limit": 2}).json) == 2
    page = api.get(path, {"page": 2, "limit": 2}).json
    assert ([one["id"] for one in page.pop("data")], page) == (
        [made[2].id],
        {"total": 3, "nb_pages": 2, "limit": 2, "offset": 2, "page": 2},
    )
    after = api.get(path, {"cursor_created_at": made[0]["created_at"], "limit": 1}).json
    assert ([one["id"] for one in after["data"]], after["total"], after["limit"]) == ([made[1].id], 3, 1)
    for wrong in ({"page": "x"}, {"limit": "x"}, {"cursor_created_at": "yesterday"}):
        assert api.get(path, wrong).status == 400
    assert api.get(path, user="user").status == 403


def test_a_link_is_taken_away_alone(api: Studio, stage: Stage, show: Show) -> None:
    put(api, show.first, part(stage.lama), part(show.fox))
    link = next(one for one in api.get(f"/data/projects/{stage.project.id}/entity-links").json if one)
    path = f"/data/projects/{stage.project.id}/entity-links/{link['id']}"
    assert api.delete(path, user="user").status == 403
    assert api.delete(path, user="manager")["id"] == link["id"]
    assert api.delete(path, user="manager").status == 404
    assert stage.events("entity-link:delete") == [{"entity_link_id": link["id"]}]


def test_a_large_casting_is_written_in_several_pieces(api: Studio, stage: Stage, show: Show) -> None:
    crowd = [stage.entity(f"Extra {number:03}", "Character") for number in range(70)]
    assert put(api, show.first, *[part(one) for one in crowd]) == 200
    assert len(cast_names(api, show.first)) == len(cast_names(api, show.episode)) == 70
    assert put(api, show.first, part(stage.lama)) == 200
    assert cast_names(api, show.first) == ["Lama"]
    assert now(show.first)["nb_entities_out"] == 1
    assert len(stage.events("shot:casting-update")) == 2


def test_of_castings_at_the_same_time_one_is_there_in_the_end(api: Studio, stage: Stage, show: Show) -> None:
    castings = [[part(stage.lama)], [part(show.fox), part(show.hat)], [], [part(show.hat)]] * 2
    assert together(8, lambda number: put(api, show.second, *castings[number])) == [200] * 8
    links = reads.query(ENTITY_LINK, keys.home_of_owner(stage.project.id), "entity_in_id", ("^", f"{show.second.id}#"))
    there = {link["entity_out_id"] for link in links}
    assert there in [{one["asset_id"] for one in casting} for casting in castings]
    assert now(show.second)["nb_entities_out"] == len(there)


def test_what_castings_cost(api: Studio, stage: Stage) -> None:
    cast(stage.shot, stage.lama)
    stage.task_on(stage.shot, "Animation")
    below = f"/data/projects/{stage.project.id}"
    # The token and the stamp; the entity and its links; the assets.
    costs = {
        of(stage.shot): 1 + 2 + 1,
        f"/data/assets/{stage.lama.id}/cast-in": 1 + 1 + 1 + 2,
        f"{below}/sequences/all/casting": 1 + 2,
        f"{below}/episodes/casting": 1 + 2,
        f"{below}/entity-links": 1 + 1,
    }
    for path, cost in costs.items():
        for _ in range(2):
            api.get(path, user="manager")
        assert api.cost == cost, path
    for _ in range(2):
        put(api, stage.shot, part(stage.lama))
    # The entity, the asset, again the entity with its links and its sequence, the transaction; then the links and tasks
    # of the shot, the assets.
    assert api.cost == 1 + 1 + 1 + 3 + 1 + 3
    assert len(reads.query(TASK, keys.home_of_owner(stage.project.id))) == 2
