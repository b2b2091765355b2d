"""Persons and what belongs to them: sign-in, days off, filters, chats, notifications.

Source: docs/contract/people.md section 15.
"""

from chalicelib.records.fields import (
    CASCADE,
    PROTECT,
    SET_NULL,
    STAMPS,
    Counter,
    Edge,
    Field,
    Home,
    Index,
    Kind,
    Reference,
    boolean,
    choice,
    date,
    datetime,
    ids,
    integer,
    json,
    kept,
    number,
    string,
    text,
    uuid,
)

PERSON = Kind(
    "Person",
    "person",
    "/data/persons",
    (
        *STAMPS,
        string("first_name", 80, nullable=False),
        string("last_name", 80, nullable=False),
        Field("email", "email", unique=True),
        string("phone", 30),
        choice(
            "contract_type",
            ("open-ended", "fixed-term", "short-term", "freelance", "apprentice", "internship"),
            nullable=False,
            default="open-ended",
        ),
        boolean("active", True),
        boolean("archived", False),
        date("last_presence"),
        Field("password", "binary", protected=True, secret=True),
        string("desktop_login", 80),
        integer("login_failed_attemps", default=0),
        datetime("last_login_failed"),
        boolean("totp_enabled", False),
        string("totp_secret", 32, secret=True),
        boolean("email_otp_enabled", False),
        string("email_otp_secret", 32, secret=True),
        boolean("fido_enabled", False),
        Field("fido_credentials", "json[]", secret=True),
        Field("otp_recovery_codes", "binary[]", secret=True),
        choice("preferred_two_factor_authentication", ("totp", "email_otp", "fido")),
        integer("shotgun_id", unique=True),
        Field("timezone", "timezone", default="Europe/Paris"),
        Field("locale", "locale", default="en_US"),
        json("data"),
        choice("role", ("user", "admin", "supervisor", "manager", "client", "vendor"), nullable=False, default="user"),
        choice("position", ("supervisor", "lead", "artist"), default="artist"),
        choice("seniority", ("senior", "mid", "junior"), default="mid"),
        integer("daily_salary", default=0),
        boolean("has_avatar", False),
        boolean("notifications_enabled", False),
        boolean("notifications_slack_enabled", False),
        string("notifications_slack_userid", 60, default=""),
        boolean("notifications_mattermost_enabled", False),
        string("notifications_mattermost_userid", 60, default=""),
        boolean("notifications_discord_enabled", False),
        string("notifications_discord_userid", 60, default=""),
        boolean("is_bot", False, nullable=False),
        string("jti", 60, unique=True, protected=True, secret=True),
        date("expiration_date"),
        ids("departments", "department", on_delete=PROTECT),
        uuid("studio_id", "studio", on_delete=PROTECT),
        boolean("is_generated_from_ldap", False),
        string("ldap_uid", 60, unique=True),
        string("full_name", nullable=False, computed=True),
        json("fido_devices", nullable=False, computed=True, default=[]),
        kept("reset_token"),
        # How often all their sessions were ended, and the one that was left the last time (domain/people/sessions.py).
        kept("token_generation", "integer"),
        kept("kept_session", "string"),
        # Why and since when letters to them are refused (domain/people/mail_problems.py).
        kept("mail_problem", "string"),
        # The address that nothing but what somebody asks for is sent to, because letters to it come back.
        kept("mail_given_up", "string"),
    ),
    computed={
        "full_name": lambda person: f"{person['first_name']} {person['last_name']}".strip(),
        "fido_devices": lambda person: [device["device_name"] for device in person.get("fido_credentials") or ()],
    },
    unique_where={"email": lambda person: not person.get("is_bot")},
    unaudited=("last_presence", "login_failed_attemps", "last_login_failed"),
    reference=True,
    keeps_objects=True,
)

DEPARTMENT = Kind(
    "Department",
    "department",
    "/data/departments",
    (
        *STAMPS,
        string("name", 80, nullable=False, unique=True),
        string("color", 7, nullable=False),
        boolean("archived", False),
    ),
    reference=True,
)

STUDIO = Kind(
    "Studio",
    "studio",
    "/data/studios",
    (
        *STAMPS,
        string("name", 80, nullable=False, unique=True),
        string("color", 7, nullable=False),
        boolean("archived", False),
    ),
    reference=True,
)

ORGANISATION = Kind(
    "Organisation",
    "organisation",
    "/data/organisations",
    (
        *STAMPS,
        string("name", 80, nullable=False, unique=True),
        number("hours_by_day", nullable=False, default=8.0),
        boolean("has_avatar", False),
        boolean("use_original_file_name", False),
        boolean("timesheets_locked", False),
        boolean("format_duration_in_hours", False),
        boolean("hd_by_default", False),
        string("chat_token_slack", 80, default="", withheld=True),
        string("chat_webhook_mattermost", 80, default="", withheld=True),
        string("chat_token_discord", 80, default="", withheld=True),
        boolean("dark_theme_by_default", False),
        kept("mail_down_since", "string"),
        kept("mail_down_because", "string"),
    ),
    reference=True,
    keeps_objects=True,
)

SALARY_SCALE = Kind(
    "SalaryScale",
    "salary_scale",
    "/data/salary-scales",
    (
        *STAMPS,
        uuid("department_id", "department", nullable=False, on_delete=CASCADE, protects=False),
        choice("position", ("supervisor", "lead", "artist"), nullable=False, default="artist"),
        choice("seniority", ("senior", "mid", "junior"), nullable=False, default="mid"),
        integer("salary", nullable=False, default=0),
    ),
)

DAY_OFF = Kind(
    "DayOff",
    "day_off",
    "/data/day-offs/",
    (
        *STAMPS,
        date("date", nullable=False),
        date("end_date", nullable=False),
        text("description"),
        uuid("person_id", "person", on_delete=CASCADE),
    ),
    home=Home(owners=("person_id",)),
    indexes=(Index("l1", ("date",)),),
    unique_together=(("person_id", "date"),),
    heard_by=("person_id",),
)

DESKTOP_LOGIN_LOG = Kind(
    "DesktopLoginLog",
    "desktop_login_log",
    None,
    (
        *STAMPS,
        uuid("person_id", "person", nullable=False, on_delete=CASCADE),
        datetime("date", nullable=False),
    ),
    home=Home(owners=("person_id",)),
    indexes=(Index("l1", ("date",)),),
    heard_by=("person_id",),
    audited=False,
)

LOGIN_LOG = Kind(
    "LoginLog",
    "login_log",
    None,
    (
        *STAMPS,
        uuid("person_id", "person", nullable=False, on_delete=CASCADE),
        Field("ip_address", "ip"),
        choice("origin", ("web", "script")),
    ),
    indexes=(
        Index("l1", ("created_at",)),
        Index("l2", ("person_id", "created_at")),
    ),
    audited=False,
)

CUSTOM_ACTION = Kind(
    "CustomAction",
    "custom_action",
    "/data/custom-actions/",
    (
        *STAMPS,
        string("name", 80, nullable=False),
        string("url", 400),
        string("entity_type", 40, default="all"),
        boolean("is_ajax", False),
    ),
    reference=True,
)

PLUGIN = Kind(
    "Plugin",
    "plugin",
    "/data/plugins",
    (
        *STAMPS,
        string("plugin_id", 80, nullable=False, unique=True),
        string("name", 80, nullable=False),
        text("description"),
        string("version", 50, nullable=False),
        string("maintainer_name", 200, nullable=False),
        Field("maintainer_email", "email"),
        Field("website", "url"),
        string("license", 80, nullable=False),
    ),
)

SEARCH_FILTER = Kind(
    "SearchFilter",
    "search_filter",
    "/data/search-filters/",
    (
        *STAMPS,
        string("list_type", 80, nullable=False),
        string("entity_type", 80),
        string("name", 200, nullable=False, default=""),
        string("search_query", 500, nullable=False, default=""),
        boolean("is_shared", False, nullable=False),
        uuid("department_id", "department", on_delete=PROTECT),
        uuid("search_filter_group_id", "search_filter_group", on_delete=SET_NULL),
        uuid("person_id", "person", on_delete=CASCADE),
        uuid("project_id", "project", on_delete=CASCADE),
    ),
    reference=True,
    heard_by=("person_id",),
)

SEARCH_FILTER_GROUP = Kind(
    "SearchFilterGroup",
    "search_filter_group",
    "/data/search-filter-groups/",
    (
        *STAMPS,
        string("list_type", 80, nullable=False),
        string("entity_type", 80),
        string("name", 200, nullable=False, default=""),
        string("color", 8, nullable=False, default=""),
        boolean("is_shared", False, nullable=False),
        uuid("person_id", "person", on_delete=CASCADE),
        uuid("project_id", "project", on_delete=CASCADE),
        uuid("department_id", "department", on_delete=PROTECT),
    ),
    reference=True,
    heard_by=("person_id",),
)

SUBSCRIPTION = Kind(
    "Subscription",
    "subscription",
    "/data/subscriptions/",
    (
        *STAMPS,
        uuid("person_id", "person", nullable=False, on_delete=CASCADE),
        uuid("task_id", "task", on_delete=CASCADE),
        uuid("entity_id", "entity", on_delete=CASCADE, protects=False),
        uuid("task_type_id", "task_type", on_delete=PROTECT),
    ),
    home=Home(beside=("task_id", "entity_id")),
    indexes=(
        Index("l1", ("person_id",)),
        Index("l2", ("task_id",)),
        Index("l3", ("entity_id", "task_type_id")),
    ),
    unique_together=(("person_id", "task_type_id", "entity_id"), ("person_id", "task_id")),
    heard_by=("person_id",),
)

NOTIFICATION = Kind(
    "Notification",
    "notification",
    "/data/notifications/",
    (
        *STAMPS,
        boolean("read", False, nullable=False),
        boolean("change", False, nullable=False),
        choice(
            "notification_type",
            ("comment", "mention", "assignation", "reply", "reply-mention"),
            nullable=False,
            request_name="type",
        ),
        uuid("person_id", "person", nullable=False, on_delete=CASCADE),
        uuid("author_id", "person", nullable=False, on_delete=CASCADE),
        uuid("comment_id", "comment", on_delete=CASCADE, listed_in="told", found_by=("task_id",)),
        uuid("task_id", "task", nullable=False, on_delete=CASCADE, listed_in="told"),
        uuid("reply_id"),
        kept("unread_since", "datetime"),
    ),
    home=Home(owners=("person_id",)),
    indexes=(
        Index("l1", ("unread_since",)),
        Index("l2", ("created_at",)),
        # Those of a comment stand among them.
        Index("l3", ("task_id",)),
    ),
    unique_together=(("person_id", "author_id", "comment_id", "reply_id", "notification_type"),),
    references=(
        # A reply is an entry of its comment; its notifications are of its author.
        Reference("reply_id", "reply", CASCADE),
    ),
    heard_by=("person_id",),
    # They grow without end, and lists read the newest.
    held=False,
    audited=False,
)

CHAT = Kind(
    "Chat",
    "chat",
    "/data/chats/",
    (
        *STAMPS,
        uuid("object_id", nullable=False),
        string("object_type", 80, nullable=False, default="entity"),
        datetime("last_message"),
        ids("participants", "person", on_delete=SET_NULL),
    ),
    home=Home(beside=("object_id",)),
    indexes=(Index("l2", ("object_id",)),),
    edges=(Edge("participants", ("object_id",)),),
    references=(Reference("object_id", "entity", CASCADE),),
    counters=(Counter(("last_message",), "chat_message", "chat_id"),),
    heard_by=("participants", "object_id"),
)

CHAT_MESSAGE = Kind(
    "ChatMessage",
    "chat_message",
    "/data/chat-messages/",
    (
        *STAMPS,
        uuid("chat_id", "chat", nullable=False, on_delete=CASCADE),
        uuid("person_id", "person", nullable=False, on_delete=CASCADE),
        text("text"),
        ids("attachment_files", "attachment_file", derived=True),
        # The ids of its attachments, so that a chat finds them all in one read.
        kept("attached"),
    ),
    home=Home(beside=("chat_id",)),
    indexes=(Index("l1", ("chat_id", "created_at")),),
    references=(Reference("attached[]", "attachment_file", SET_NULL, listed_in="chat_message_id"),),
    heard_by=("chat_id",),
)
