"""Tables of the studio: productions, task types, tasks, time (docs/contract/interchange.md 1.1)."""

import datetime
import zoneinfo

from chalicelib.records.production import PROJECT_STATUS
from chalicelib.records.record import Record
from chalicelib.records.tasks import TIME_SPENT
from tests.unit.interchange.exports.conftest import Studio
from tests.unit.tasks.stage import Stage, change, create

TABLES = ("persons", "projects", "task-types", "tasks", "time-spents")


def note(task: Record, person: Record, day: str, minutes: float) -> Record:
    return create(TIME_SPENT, task_id=task.id, person_id=person.id, date=day, duration=minutes)


def close(stage: Stage) -> None:
    closed = create(PROJECT_STATUS, name="Closed", color="#000000")
    stage.set(project_status_id=closed.id)


def elsewhere(stage: Stage) -> Record:
    """A task in a production whose team has no manager."""
    project = stage.production("Elsewhere")
    stone = stage.entity("Stone", "Character", project_id=project.id)
    return stage.task_on(stone, "Modeling")


def test_managers_get_tables_of_the_studio(api: Studio, stage: Stage) -> None:
    for name in TABLES:
        statuses = {who: api.get(f"/export/csv/{name}.csv", user=who).status for who in stage.people}
        allowed = {who for who, status in statuses.items() if status == 200}
        assert (allowed, set(statuses.values())) == ({"admin", "manager", "stranger"}, {200, 403})


def test_productions_come_by_name_with_their_state(api: Studio, stage: Stage) -> None:
    elsewhere(stage)
    close(stage)
    assert api.lines("projects", "admin") == ["Name;Status", "Caminandes;Closed", "Elsewhere;Open"]
    assert api.lines("projects", "manager") == ["Name;Status", "Caminandes;Closed"], "those of the team alone"
    assert api.lines("projects", "stranger") == ["Name;Status"]


def test_task_types_without_a_department_are_left_out(api: Studio, stage: Stage) -> None:
    change(stage.types["Shading"], department_id=stage.departments["Modeling"].id)
    assert api.lines("task-types") == [
        "Department;Name",
        "Animation;Animation",
        "Modeling;Modeling",
        "Modeling;Shading",
    ]


def test_tasks_tell_what_they_are_on_and_who_is_on_them(api: Studio, stage: Stage) -> None:
    elsewhere(stage)
    episode = stage.entity("E01", "Episode")
    change(stage.sequence, parent_id=episode.id)
    dates = {"start_date": "2024-03-04T00:00:00", "due_date": "2024-03-08T12:00:00"}
    assigner = stage.people["manager"].id
    change(stage.task, estimation=480, duration=90.5, assigner_id=assigner, real_start_date="2024-03-05T01:02:03")
    stage.task_on(stage.shot, "Animation", **dates)
    assert api.lines("tasks") == [
        "Project;Task Type;Episode;Sequence;Entity Type;Entity;Assigner;Assignees;Duration;Estimation;"
        "Start date;Due date;WIP date;Validation date;Task Status",
        "Caminandes;Animation;E01;SQ01;Shot;SH010;;;0.0;0.0;2024-03-04;2024-03-08;;;Todo",
        "Caminandes;Modeling;;;Character;Lama;Manager Doe;User Doe, Vendor Doe;90.5;480.0;;;2024-03-05;;Todo",
    ]
    assert [line.split(";")[0] for line in api.lines("tasks", "admin")[1:]] == [*(["Caminandes"] * 2), "Elsewhere"]
    close(stage)
    assert len(api.lines("tasks")) == 1


def test_time_comes_by_day_and_name(api: Studio, stage: Stage) -> None:
    user, vendor = stage.people["user"], stage.people["vendor"]
    animation = stage.task_on(stage.shot, "Animation", "user")
    change(vendor, last_name="Abel")
    note(stage.task, user, "2024-03-05", 60)
    note(stage.task, vendor, "2024-03-05", 90)
    note(animation, user, "2024-03-04", 30)
    note(elsewhere(stage), user, "2024-03-04", 480)
    assert api.lines("time-spents") == [
        "Project;Person;Entity Type Name;Entity;Task Type;Date;Time spent",
        "Caminandes;User Doe;Shot;SQ01 / SH010;Animation;2024-03-04;30.0",
        "Caminandes;Vendor Abel;Character;Lama;Modeling;2024-03-05;90.0",
        "Caminandes;User Doe;Character;Lama;Modeling;2024-03-05;60.0",
    ]
    close(stage)
    assert len(api.lines("time-spents")) == 1


def test_the_file_is_named_after_the_day_where_the_reader_is(api: Studio, stage: Stage) -> None:
    change(stage.people["manager"], timezone="Pacific/Kiritimati")
    zone = zoneinfo.ZoneInfo("Pacific/Kiritimati")
    days = {f"{datetime.datetime.now(zone):%Y_%m_%d}"}
    name = api.get("/export/csv/time-spents.csv", user="manager").headers["content-disposition"]
    days.add(f"{datetime.datetime.now(zone):%Y_%m_%d}")
    assert name in {f"attachment; filename=kitsu_{day}_open_projects_time_spents_export.csv" for day in days}


def test_tables_of_all_productions_cost_queries_for_each(api: Studio, stage: Stage) -> None:
    elsewhere(stage)
    for _ in range(2):
        api.lines("tasks", "admin")
    assert api.calls == {"BatchGetItem": 1, "Query": 4}
    for _ in range(2):
        api.lines("time-spents", "admin")
    assert api.calls == {"BatchGetItem": 1, "Query": 6}
    api.lines("projects", "admin")
    assert api.calls == {"BatchGetItem": 1}
