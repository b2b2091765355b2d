"""Productions, what is set on them, the kinds a studio works with, and the journal.

Source: docs/contract/production.md section 14.
"""

from typing import Final

from chalicelib.records.fields import (
    CASCADE,
    DROP_ENTRY,
    KEEP,
    PROTECT,
    SET_NULL,
    STAMPS,
    Field,
    Home,
    Index,
    Kind,
    Reference,
    boolean,
    choice,
    date,
    ids,
    integer,
    json,
    kept,
    number,
    string,
    text,
    uuid,
)

PROJECT = Kind(
    "Project",
    "project",
    "/data/projects",
    (
        *STAMPS,
        string("name", 80, nullable=False, unique=True),
        string("code", 80),
        text("description"),
        integer("shotgun_id"),
        json("file_tree"),
        json("data"),
        boolean("has_avatar", False),
        string("fps", 10, default="25"),
        string("ratio", 10, default="16:9"),
        string("resolution", 12, default="1920x1080"),
        string("production_type", 20, default="short"),
        choice(
            "production_style",
            (
                "2d",
                "2dpaper",
                "3d",
                "2d3d",
                "ar",
                "vfx",
                "stop-motion",
                "motion-design",
                "archviz",
                "commercial",
                "catalog",
                "immersive",
                "nft",
                "video-game",
                "vr",
            ),
            nullable=False,
            default="2d3d",
        ),
        date("start_date"),
        date("end_date"),
        integer("man_days"),
        integer("nb_episodes", default=0),
        integer("episode_span", default=0),
        integer("max_retakes", default=0),
        boolean("is_clients_isolated", False),
        boolean("is_preview_download_allowed", False),
        boolean("is_set_preview_automated", False),
        string("homepage", 80, default="assets"),
        boolean("is_publish_default_for_artists", False),
        integer("hd_bitrate_compression", default=28),
        integer("ld_bitrate_compression", default=6),
        uuid("project_status_id", "project_status", on_delete=PROTECT),
        uuid("default_preview_background_file_id", "preview_background_file", on_delete=PROTECT),
        ids("team", "person", protected=True, on_delete=SET_NULL),
        ids("asset_types", "entity_type", on_delete=PROTECT),
        ids("task_statuses", "task_status", on_delete=PROTECT),
        ids("task_types", "task_type", on_delete=PROTECT),
        ids("status_automations", "status_automation", on_delete=PROTECT),
        ids("preview_background_files", "preview_background_file", on_delete=PROTECT),
        # Whom a connection of ShotGrid put into the team: `{id, person_id}`, so that its end takes them out again.
        kept("shotgun_connections"),
        # Whether records have moved from it to another production, so that their ids tell the wrong home.
        kept("is_left", "boolean"),
    ),
    reference=True,
    references=(Reference("shotgun_connections[].person_id", "person", DROP_ENTRY),),
    keeps_objects=True,
    heard_by=("team",),
)

PROJECT_STATUS = Kind(
    "ProjectStatus",
    "project_status",
    "/data/project-status",
    (
        *STAMPS,
        string("name", 20, nullable=False, unique=True),
        string("color", 7, nullable=False),
    ),
    reference=True,
)

PROJECT_TASK_TYPE_LINK = Kind(
    "ProjectTaskTypeLink",
    "project_task_type_link",
    None,
    (
        *STAMPS,
        uuid("project_id", "project", nullable=False, on_delete=CASCADE, protects=False),
        uuid("task_type_id", "task_type", nullable=False, on_delete=PROTECT),
        integer("priority"),
    ),
    unique_together=(("project_id", "task_type_id"),),
    reference=True,
)

PROJECT_TASK_STATUS_LINK = Kind(
    "ProjectTaskStatusLink",
    "project_task_status_link",
    None,
    (
        *STAMPS,
        uuid("project_id", "project", nullable=False, on_delete=CASCADE, protects=False),
        uuid("task_status_id", "task_status", nullable=False, on_delete=PROTECT),
        integer("priority"),
        Field(
            "roles_for_board",
            "choice[]",
            choices=("user", "admin", "supervisor", "manager", "client", "vendor"),
            default=["user", "admin", "supervisor", "manager", "vendor"],
        ),
    ),
    unique_together=(("project_id", "task_status_id"),),
    reference=True,
)

TASK_TYPE = Kind(
    "TaskType",
    "task_type",
    "/data/task-types",
    (
        *STAMPS,
        string("name", 40, nullable=False),
        string("short_name", 20),
        text("description"),
        string("color", 7, default="#FFFFFF"),
        integer("priority", default=1),
        string("for_entity", 30, default="Asset"),
        boolean("allow_timelog", True),
        boolean("archived", False),
        integer("shotgun_id"),
        uuid("department_id", "department", on_delete=PROTECT),
    ),
    unique_together=(("name", "for_entity", "department_id"),),
    reference=True,
)

TASK_STATUS = Kind(
    "TaskStatus",
    "task_status",
    "/data/task-status",
    (
        *STAMPS,
        string("name", 40, nullable=False),
        boolean("archived", False),
        string("short_name", 10, nullable=False, unique=True),
        text("description"),
        string("color", 7, nullable=False),
        integer("priority", default=1),
        boolean("is_done", False),
        boolean("is_artist_allowed", True),
        boolean("is_client_allowed", True),
        boolean("is_retake", False),
        boolean("is_feedback_request", False),
        boolean("is_default", False),
        integer("shotgun_id"),
        boolean("for_concept", False),
    ),
    reference=True,
)

STATUS_AUTOMATION = Kind(
    "StatusAutomation",
    "status_automation",
    "/data/status-automations/",
    (
        *STAMPS,
        string("entity_type", 40, default="asset"),
        uuid("in_task_type_id", "task_type", on_delete=PROTECT),
        uuid("in_task_status_id", "task_status", on_delete=PROTECT),
        choice("out_field_type", ("status", "ready_for"), nullable=False, default="status"),
        uuid("out_task_type_id", "task_type", on_delete=PROTECT),
        uuid("out_task_status_id", "task_status", on_delete=PROTECT),
        boolean("import_last_revision", False),
        boolean("archived", False),
    ),
    reference=True,
)

METADATA_DESCRIPTOR = Kind(
    "MetadataDescriptor",
    "metadata_descriptor",
    "/data/metadata-descriptors/",
    (
        *STAMPS,
        uuid("project_id", "project", nullable=False, on_delete=CASCADE),
        string("entity_type", 60, nullable=False),
        string("name", 120, nullable=False),
        choice("data_type", ("string", "number", "list", "taglist", "boolean", "checklist")),
        string("field_name", 120, nullable=False),
        json("choices"),
        boolean("for_client", False),
        ids("departments", "department", on_delete=PROTECT),
    ),
    indexes=(Index("l2", ("project_id",)),),
    unique_together=(("project_id", "entity_type", "name"), ("project_id", "entity_type", "field_name")),
    reference=True,
    heard_by=("for_client",),
)

MILESTONE = Kind(
    "Milestone",
    "milestone",
    "/data/milestones/",
    (
        *STAMPS,
        date("date"),
        string("name", 40, nullable=False),
        uuid("project_id", "project", on_delete=CASCADE),
        uuid("task_type_id", "task_type", on_delete=PROTECT),
    ),
    home=Home(owners=("project_id",)),
)

SCHEDULE_ITEM = Kind(
    "ScheduleItem",
    "schedule_item",
    "/data/schedule-items/",
    (
        *STAMPS,
        date("start_date"),
        date("end_date"),
        integer("man_days"),
        uuid("project_id", "project", on_delete=CASCADE),
        uuid("task_type_id", "task_type", on_delete=CASCADE, protects=False),
        uuid("object_id"),
    ),
    home=Home(owners=("project_id",)),
    unique_together=(("project_id", "task_type_id", "object_id"),),
    null_equals_null=True,
    references=(
        Reference("object_id", "entity", CASCADE),
        Reference("object_id", "entity_type", CASCADE),
    ),
)

BUDGET = Kind(
    "Budget",
    "budget",
    None,
    (
        *STAMPS,
        uuid("project_id", "project", on_delete=CASCADE),
        integer("revision", nullable=False, default=1),
        string("name", 255, nullable=False),
        string("currency", 3),
    ),
    home=Home(owners=("project_id",)),
)

BUDGET_ENTRY = Kind(
    "BudgetEntry",
    "budget_entry",
    None,
    (
        *STAMPS,
        uuid("budget_id", "budget", nullable=False, on_delete=CASCADE),
        uuid("department_id", "department", nullable=False, on_delete=PROTECT),
        uuid("person_id", "person", on_delete=SET_NULL),
        date("start_date", nullable=False),
        integer("months_duration", nullable=False),
        number("daily_salary", nullable=False),
        choice("position", ("supervisor", "lead", "artist"), default="artist"),
        choice("seniority", ("senior", "mid", "junior"), default="mid"),
    ),
    home=Home(beside=("budget_id",)),
    indexes=(Index("l1", ("budget_id",)),),
)

# The events that every comment leaves: most of the journal, of which one asks for the newest. They are in no index by
# name, half of what an event costs to write: the journal is read backwards instead, as far as it takes. A name belongs
# here if each of the journals that anybody asks for it has many of it, so that a hundred are found among some thousand
# events; of a rare one the last would be looked for among all there are. A name that was here cannot leave: its events
# from before are in no index, and a list by the name would lack them.
COMMON_EVENTS: Final = frozenset({"comment:new", "news:new", "task:status-changed", "task:update"})

API_EVENT = Kind(
    "ApiEvent",
    "api_event",
    "/data/events/",
    (
        *STAMPS,
        string("name", 80, nullable=False),
        uuid("user_id", "person", on_delete=CASCADE),
        uuid("project_id", "project", on_delete=CASCADE),
        json("data"),
        # The fields of the record it tells of that say who hears of it (access/events.py).
        json("subject", internal=True),
    ),
    # It grows without end and is read from its end: no container holds it, and each month lies by itself.
    held=False,
    monthly=True,
    home=Home(owners=("project_id",)),
    # With the id, so that events of the same moment have an order and a place to read on from.
    indexes=(
        Index("l1", ("name", "created_at", "id"), where=lambda event: event["name"] not in COMMON_EVENTS),
        Index("l2", ("created_at", "id")),
    ),
    references=(Reference("data", "any", KEEP), Reference("subject", "any", KEEP)),
    audited=False,
)

DATA_IMPORT_ERROR = Kind(
    "DataImportError",
    "data_import_error",
    None,
    (
        *STAMPS,
        json("event_data", nullable=False),
        choice("source", ("csv", "shotgun")),
    ),
    references=(Reference("event_data", "any", KEEP),),
    audited=False,
)
