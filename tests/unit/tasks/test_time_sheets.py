"""The time people noted: whose time whom is shown, sums by task, tables by unit (docs/contract/tasks.md section 9)."""

from typing import Any

import pytest

from chalicelib.records.people import PERSON
from chalicelib.records.people import STUDIO as STUDIO_KIND
from chalicelib.records.record import Record
from chalicelib.records.tasks import TIME_SPENT
from tests.unit.tasks.stage import UNKNOWN, Stage, Studio, change, create

TABLES = "/data/persons/time-spents"


def note(stage: Stage, task: Record, who: str, day: str, minutes: int) -> Record:
    values = {"task_id": task.id, "person_id": stage.people[who].id, "date": day, "duration": minutes}
    return create(TIME_SPENT, **values)


class Sheet:
    """Time of the artist and the vendor: on a shot and an asset here, on an asset elsewhere."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        episode = stage.entity("E01", "Episode")
        change(stage.sequence, parent_id=episode.id)
        self.animation = stage.task_on(stage.shot, "Animation", "user", "vendor")
        self.far = stage.production("Elsewhere", ("stranger", "user"))
        crate = stage.entity("Crate", "Character", project_id=self.far.id)
        self.away = stage.task_on(crate, "Modeling", "user")
        note(stage, self.animation, "user", "2021-01-01", 60)
        note(stage, self.animation, "user", "2022-03-01", 100)
        note(stage, self.animation, "user", "2022-03-07", 20)
        note(stage, stage.task, "user", "2022-03-01", 30)
        note(stage, self.away, "user", "2022-03-01", 45)
        note(stage, self.animation, "vendor", "2022-04-12", 90)

    def of(self, who: str, end: str = "") -> str:
        return f"/data/persons/{self.stage.people[who].id}/time-spents{end}"


@pytest.fixture
def sheet(stage: Stage) -> Sheet:
    return Sheet(stage)


def minutes(reply: Any) -> list[float]:
    assert reply.status == 200, reply.content
    return sorted(row["duration"] for row in reply.json)


def test_one_sees_all_of_ones_own_time_and_leaders_what_is_theirs(api: Studio, stage: Stage, sheet: Sheet) -> None:
    day = sheet.of("user", "/2022-03-01")
    for who in ("user", "admin"):
        assert minutes(api.get(day, user=who)) == [30, 45, 100]
    assert minutes(api.get(day, user="manager")) == [30, 100]
    assert minutes(api.get(day, user="supervisor")) == [30, 100]
    assert minutes(api.get(day, user="stranger")) == [45]
    for who in ("client", "vendor"):
        assert api.get(day, user=who).status == 403
    change(stage.people["supervisor"], departments=[stage.departments["Animation"].id])
    assert minutes(api.get(day, user="supervisor")) == [100]


def test_a_span_holds_both_of_its_days(api: Studio, sheet: Sheet) -> None:
    path = sheet.of("user")
    days = [one["date"] for one in api.get(path, {"start_date": "2021-01-01", "end_date": "2022-03-01"}).json]
    assert days == ["2021-01-01", "2022-03-01", "2022-03-01", "2022-03-01"]
    assert len(api.get(path).json) == 5
    for wrong in ({"start_date": "2021-01-01"}, {"start_date": "x", "end_date": "y"}):
        assert api.get(path, wrong).status == 400
    assert api.get(path, user="user").status == 403
    own = {"start_date": "2022-03-07", "end_date": "2022-03-07"}
    assert minutes(api.get("/data/user/time-spents", own, user="user")) == [20]
    assert len(api.get("/data/user/time-spents", user="user").json) == 5


def test_sums_tell_what_a_task_is_on(api: Studio, stage: Stage, sheet: Sheet) -> None:
    found = {row["task_id"]: row for row in api.get(sheet.of("user", "/year/2022"), user="user").json}
    assert {task_id: row["duration"] for task_id, row in found.items()} == {
        sheet.animation.id: 120,
        stage.task.id: 30,
        sheet.away.id: 45,
    }
    assert found[sheet.animation.id] == {
        "task_id": sheet.animation.id,
        "task_type_id": stage.types["Animation"].id,
        "project_id": stage.project.id,
        "project_name": "Caminandes",
        "entity_name": "SH010",
        "entity_type_name": "Shot",
        "sequence_name": "SQ01",
        "episode_name": "E01",
        "duration": 120,
    }
    assert found[stage.task.id]["sequence_name"] is None


@pytest.mark.parametrize(
    ("end", "durations"),
    [
        ("year/2021", [60]),
        ("month/2022/03", [30, 45, 120]),
        ("month/2022/4", []),
        ("week/2022/9", [30, 45, 100]),
        ("week/2020/53", [60]),
        ("day/2022/3/7", [20]),
    ],
)
def test_a_period_sums_up_its_days(api: Studio, sheet: Sheet, end: str, durations: list[int]) -> None:
    assert minutes(api.get(sheet.of("user", f"/{end}"), user="user")) == durations


def test_sums_of_one_production(api: Studio, stage: Stage, sheet: Sheet) -> None:
    year = sheet.of("user", "/year/2022")
    far = {"project_id": sheet.far.id}
    assert minutes(api.get(year, far, user="user")) == [45]
    assert minutes(api.get(year, far, user="stranger")) == [45]
    assert api.get(year, far, user="manager").status == 403
    assert api.get(year, {"project_id": "x"}).status == 400
    assert api.get(year, {"project_id": UNKNOWN}).status == 404


@pytest.mark.parametrize("end", ["year/2009", "month/2022/13", "week/2022/53", "day/2022/2/30", "month/all/2022/0"])
def test_what_is_no_period_is_not_found(api: Studio, sheet: Sheet, end: str) -> None:
    assert api.get(sheet.of("user", f"/{end}"), user="user").status == 404


def test_the_rows_of_a_month_are_ones_own(api: Studio, sheet: Sheet) -> None:
    month = sheet.of("user", "/month/all/2022/3")
    for who, status in (("user", 200), ("admin", 200), ("manager", 403), ("vendor", 403), (None, 401)):
        assert api.get(month, user=who).status == status
    assert minutes(api.get(month)) == [20, 30, 45, 100]


def test_a_bot_has_no_time(api: Studio, stage: Stage) -> None:
    bot = create(PERSON, first_name="Farm", last_name="", is_bot=True)
    for end in ("", "/2022-03-01", "/year/2022", "/month/all/2022/3"):
        assert api.get(f"/data/persons/{bot.id}/time-spents{end}").status == 403
        assert api.get(f"/data/persons/{UNKNOWN}/time-spents{end}").status == 404


def test_the_time_on_a_task_and_day_is_a_row_or_nothing(api: Studio, stage: Stage, sheet: Sheet) -> None:
    path = f"/data/user/tasks/{sheet.animation.id}/time-spents"
    assert api.get(f"{path}/2022-03-01", user="user")["duration"] == 100
    assert api.get(f"{path}/2022-03-02", user="user").json is None
    assert api.get(f"{path}/2022-03-01", user="vendor").json is None
    assert api.get(f"{path}/someday", user="user").status == 404
    assert api.get(f"/data/user/tasks/{UNKNOWN}/time-spents/2022-03-01", user="user").status == 404
    assert minutes(api.get("/data/user/time-spents/2022-03-01", user="user")) == [30, 45, 100]


def test_tables_are_by_unit_and_person(api: Studio, stage: Stage, sheet: Sheet) -> None:
    user, vendor = stage.people["user"].id, stage.people["vendor"].id
    assert api.get(f"{TABLES}/year-table/").json == {"2021": {user: 60}, "2022": {user: 195, vendor: 90}}
    assert api.get(f"{TABLES}/month-table/2022").json == {"3": {user: 195}, "4": {vendor: 90}}
    assert api.get(f"{TABLES}/day-table/2022/03").json == {"1": {user: 175}, "7": {user: 20}}
    # The first of January 2021 is in the last ISO week of 2020, and in the table of its calendar year.
    assert api.get(f"{TABLES}/week-table/2021").json == {"53": {user: 60}}
    assert api.get(f"{TABLES}/month-table/1999").json == {}


def test_a_table_holds_what_the_caller_may_know(api: Studio, stage: Stage, sheet: Sheet) -> None:
    user, vendor = stage.people["user"].id, stage.people["vendor"].id
    table = f"{TABLES}/month-table/2022"
    assert api.get(table, user="manager").json == {"3": {user: 150}, "4": {vendor: 90}}
    assert api.get(table, user="stranger").json == {"3": {user: 45}}
    assert api.get(table, user="user").json == {"3": {user: 195}}
    assert api.get(table, user="vendor").json == {"4": {vendor: 90}}
    assert api.get(table, user="client").json == {}
    assert api.get(table, {"project_id": sheet.far.id}, user="manager").status == 403
    animation, modeling = stage.departments["Animation"].id, stage.departments["Modeling"].id
    change(stage.people["supervisor"], departments=[animation])
    assert api.get(table, user="supervisor").json == {"3": {user: 120}, "4": {vendor: 90}}
    assert api.get(table, {"department_id": modeling}, user="supervisor").status == 400
    assert api.get(table, {"department_id": modeling}).json == {"3": {user: 75}}


def test_a_table_of_a_studio(api: Studio, stage: Stage, sheet: Sheet) -> None:
    annex = create(STUDIO_KIND, name="Annex", color="#000000")
    change(stage.people["vendor"], studio_id=annex.id)
    found = api.get(f"{TABLES}/year-table", {"studio_id": annex.id}).json
    assert found == {"2022": {stage.people["vendor"].id: 90}}
    for name in ("studio_id", "department_id", "project_id"):
        assert api.get(f"{TABLES}/year-table", {name: "x"}).status == 400


@pytest.mark.parametrize("end", ["month-table/0", "month-table/x", "week-table/12345", "day-table/2022/13"])
def test_what_is_no_table_is_not_found(api: Studio, end: str) -> None:
    assert api.get(f"{TABLES}/{end}").status == 404


def test_the_time_on_an_entity_is_latest_first(api: Studio, stage: Stage, sheet: Sheet) -> None:
    path = f"/data/entities/{stage.shot.id}/time-spents"
    days = [one["date"] for one in api.get(path, user="user").json]
    assert days == ["2022-04-12", "2022-03-07", "2022-03-01", "2021-01-01"]
    assert api.get(path, user="stranger").status == 403


def test_what_the_sheets_cost(api: Studio, stage: Stage, sheet: Sheet) -> None:
    # The token and the stamp; one query a production; of the sums the tasks, entities, sequences and episodes.
    costs = {
        sheet.of("user", "/2022-03-01"): 1 + 2,
        sheet.of("user", "/year/2022"): 1 + 2 + 4,
        f"{TABLES}/month-table/2022": 1 + 2,
        "/data/user/time-spents/2022-03-01": 1 + 2,
        f"/data/user/tasks/{stage.task.id}/time-spents/2022-03-01": 1 + 3,
    }
    for path, cost in costs.items():
        for _ in range(2):
            api.get(path, user="user" if "user" in path else "admin")
        assert api.cost == cost, path
