"""Who passes which access rule: the tables of the contract, one line a rule.

Source: docs/contract/people.md 1, production.md 3.

An admin passes everything, nobody and inactive people nothing; a bot is an artist in the team here. A line names the
others it lets pass. Where a record is of a production, that holds in one whose team they are in; outside of it nobody
but an admin passes.
"""

from dataclasses import dataclass
from typing import Final

from tests.access.studio import MEMBERS


@dataclass(frozen=True)
class Pass:
    """Whom a rule lets pass in productions whose team they are in, and whom `anywhere`."""

    people: frozenset[str]
    anywhere: frozenset[str] = frozenset()
    # Whether admins pass as well, as they do nearly everywhere.
    admins: bool = True

    def lets(self, name: str, inside: bool) -> bool:
        """Whether it lets that person pass in a production of their team (`inside`), or in another one."""
        return (name == "admin" and self.admins) or name in self.anywhere or (inside and name in self.people)


def team(*people: str) -> Pass:
    """These people, in productions whose team they are in."""
    return Pass(frozenset(people))


def studio(*people: str) -> Pass:
    """These people, wherever."""
    return Pass(frozenset(), frozenset(people))


def without(*people: str) -> tuple[str, ...]:
    """Everybody but these."""
    return tuple(name for name in MEMBERS if name not in people)


ADMIN: Final = studio()
EVERYBODY: Final = studio(*MEMBERS)
NOT_VENDORS: Final = studio(*without("vendor", "hired"))
TEAM: Final = team(*MEMBERS)
TEAM_NOT_VENDORS: Final = team(*without("vendor", "hired"))
STUDIO_STAFF: Final = team(*without("vendor", "hired", "client"))
# Vendors see what they have a task on.
SEES: Final = team(*without("vendor"))
MANAGER: Final = team("manager")
SUPERVISORS: Final = team("manager", "supervisor", "leader")
LEADERS: Final = team("manager", "leader")
ACTS: Final = team("manager", "leader", "assigned", "client", "hired")
ASSIGNED: Final = team("manager", "assigned", "hired")
# The comment of the tests was written by the studio.
READS: Final = team(*without("vendor", "client"))

RULES: Final[dict[str, Pass]] = {
    "anybody": EVERYBODY,
    "signed in": EVERYBODY,
    "signed in as a person": studio(*without("bot")),
    "admin": ADMIN,
    "admin, no bots": ADMIN,
    "manager or more": studio("manager"),
    "everybody but vendors": NOT_VENDORS,
    "the person, or admin": ADMIN,
    "the person, or manager or more": studio("manager"),
    "project access": TEAM,
    "project access by query": TEAM,
    "project access, no vendors": TEAM_NOT_VENDORS,
    "project access, no vendors, what is for clients": TEAM_NOT_VENDORS,
    "playlist access": team("manager", "client"),
    "playlist access, supervisors too": team("manager", "supervisor", "leader", "client"),
    "project access, no vendors, no clients": STUDIO_STAFF,
    "project access by query, no vendors, no clients": STUDIO_STAFF,
    "project access, neither vendor nor client": STUDIO_STAFF,
    "manager of the project": MANAGER,
    "supervisor of the project": SUPERVISORS,
    "creator, or manager of the project": MANAGER,
    # The picture of a production is shown to managers of others, too (docs/contract/files.md section 7).
    "managers, and the team": Pass(frozenset(MEMBERS), frozenset(["manager"])),
    "entity access": SEES,
    "entity access, no clients": team(*without("vendor", "client")),
    "task access": SEES,
    "task access, or shared": SEES,
    "project access, no bots": team(*without("bot")),
    "entity access, no bots": team(*without("vendor", "bot")),
    "task access, no bots": team(*without("vendor", "bot")),
    # What the tests keep is the mate's; to others, whoever they are, it is not there.
    "the owner": Pass(frozenset(), admins=False),
    "the owner, or admin": ADMIN,
    "the author": Pass(frozenset(), admins=False),
    "time access": ADMIN,
    "the person, admin, or manager or supervisor for their productions": studio("manager", "supervisor", "leader"),
    "project access, and supervisor or the person": SUPERVISORS,
    # Without a production in the query, which this matrix leaves out, managers are refused.
    "the person, or manager of the project that the query names": ADMIN,
    "task action": ACTS,
    "may assign": LEADERS,
    "managers, clients and supervisors of the department": team("manager", "leader", "client"),
    "comment access": READS,
    "author, or task action": team("manager", "leader", "assigned", "hired"),
    "author, or manager of the project": MANAGER,
}

# The generic routes: list, read, create, change, delete. Kinds without a line are for admins alone.
KINDS: Final[dict[str, tuple[Pass, Pass, Pass, Pass, Pass]]] = {
    "AssetInstance": (ADMIN, SEES, ADMIN, SEES, ADMIN),
    "AttachmentFile": (ADMIN, READS, ADMIN, ADMIN, ADMIN),
    "Comment": (ADMIN, READS, ADMIN, MANAGER, MANAGER),
    "CustomAction": (NOT_VENDORS, ADMIN, ADMIN, ADMIN, ADMIN),
    "DayOff": (ADMIN, ADMIN, ADMIN, ADMIN, ADMIN),
    "Department": (EVERYBODY, EVERYBODY, ADMIN, ADMIN, ADMIN),
    "Entity": (EVERYBODY, SEES, MANAGER, MANAGER, MANAGER),
    "EntityType": (EVERYBODY, EVERYBODY, ADMIN, ADMIN, ADMIN),
    "FileStatus": (EVERYBODY, EVERYBODY, ADMIN, ADMIN, ADMIN),
    "MetadataDescriptor": (EVERYBODY, ADMIN, ADMIN, ADMIN, ADMIN),
    "Milestone": (ADMIN, TEAM_NOT_VENDORS, MANAGER, MANAGER, ADMIN),
    "Organisation": (EVERYBODY, EVERYBODY, ADMIN, ADMIN, ADMIN),
    "OutputFile": (NOT_VENDORS, SEES, ADMIN, ASSIGNED, ADMIN),
    "OutputType": (EVERYBODY, EVERYBODY, ADMIN, ADMIN, ADMIN),
    "Person": (EVERYBODY, EVERYBODY, ADMIN, ADMIN, ADMIN),
    "Playlist": (EVERYBODY, TEAM_NOT_VENDORS, SUPERVISORS, TEAM_NOT_VENDORS, SUPERVISORS),
    "PreviewBackgroundFile": (EVERYBODY, EVERYBODY, ADMIN, ADMIN, ADMIN),
    "PreviewFile": (EVERYBODY, SEES, ADMIN, ASSIGNED, MANAGER),
    "Project": (EVERYBODY, TEAM, ADMIN, MANAGER, ADMIN),
    "ProjectStatus": (EVERYBODY, EVERYBODY, ADMIN, ADMIN, ADMIN),
    "ScheduleItem": (ADMIN, ADMIN, ADMIN, LEADERS, ADMIN),
    "Software": (EVERYBODY, EVERYBODY, ADMIN, ADMIN, ADMIN),
    "StatusAutomation": (NOT_VENDORS, ADMIN, ADMIN, ADMIN, ADMIN),
    "Studio": (EVERYBODY, EVERYBODY, ADMIN, ADMIN, ADMIN),
    "Task": (EVERYBODY, SEES, MANAGER, LEADERS, MANAGER),
    "TaskStatus": (EVERYBODY, EVERYBODY, ADMIN, ADMIN, ADMIN),
    "TaskType": (EVERYBODY, EVERYBODY, ADMIN, ADMIN, ADMIN),
    "TimeSpent": (ADMIN, ADMIN, ADMIN, ADMIN, MANAGER),
    "WorkingFile": (NOT_VENDORS, SEES, ADMIN, ACTS, ADMIN),
}
# Routes that tell more by a record which the rule of their path does not name.
EXCEPTIONS: Final[dict[str, Pass]] = {
    # Hours of an assignee: the person, and managers of the project.
    "POST /actions/tasks/{task_id}/time-spents/{date}/persons/{person_id}": MANAGER,
    "POST /actions/tasks/{task_id}/time-spents/{date}/persons/{person_id}/add": MANAGER,
    "DELETE /actions/tasks/{task_id}/time-spents/{date}/persons/{person_id}": MANAGER,
    "GET /data/concepts/{concept_id}": READS,
    "GET /data/concepts/{concept_id}/tasks": READS,
    "GET /data/concepts/{concept_id}/task-types": READS,
    "DELETE /data/tasks/{task_id}/comments/{comment_id}/reply/{reply_id}": ADMIN,  # its author was an admin
}
# Refused by 400, as clients were told always: who is in the team and may not change; whoever ends an open production.
REFUSED_BY_400: Final = frozenset({"DELETE /data/projects/{instance_id}", "PUT /data/entities/{instance_id}"})
# Kinds that production.md section 3 sums up as "the remaining models".
ADMINS_ALONE: Final = frozenset(
    {
        "SalaryScale",
        "SearchFilter",
        "SearchFilterGroup",
        "Subscription",
        "Notification",
        "Chat",
        "ChatMessage",
        "Plugin",
        "ApiEvent",
        "EntityLink",
        "News",
    }
)
# Who hears of events, by what their name begins with. The vendor has no task on anything, the hired one on most.
EVENTS: Final[dict[str, Pass]] = {
    **dict.fromkeys(
        (
            *("asset-type", "department", "file-status", "file_status", "main", "organisation", "output-type"),
            *("person", "preview-background-file", "project-status", "software", "studio", "task-status", "task-type"),
        ),
        EVERYBODY,
    ),
    **dict.fromkeys(("custom-action", "status-automation"), NOT_VENDORS),
    **dict.fromkeys(("api-event", "plugin", "salary-scale", "webhook"), ADMIN),
    **dict.fromkeys(("milestone", "project"), TEAM),
    **dict.fromkeys(("playlist", "schedule-item"), TEAM_NOT_VENDORS),
    **dict.fromkeys(
        (
            *("asset", "asset-instance", "asset_instance", "edit", "entity-link", "episode", "news", "output-file"),
            *("preview-file", "scene", "sequence", "shot", "task", "time-spent", "working-file"),
        ),
        SEES,
    ),
    "concept": team(*without("vendor", "client")),
    "build-job": team("manager", "supervisor", "leader", "client"),
    **dict.fromkeys(("budget", "budget-entry"), MANAGER),
    # Of a comment and what is attached to it, those whom its words are for; of a column and a playlist, clients where
    # it is for them. The tests ask the API whether they may read it.
    **dict.fromkeys(("attachment-file", "comment"), SEES),
    "metadata-descriptor": TEAM,
}
# The person alone, or the participants of a chat: not even admins, unless they did it.
PERSONAL_EVENTS: Final = frozenset(
    {
        *("chat", "chat-message", "day-off", "desktop-login-log", "notification", "search-filter"),
        *("search-filter-group", "subscription"),
    }
)
GENERIC: Final = "the rules of "
_VERBS: Final = {("GET", False): 0, ("GET", True): 1, ("POST", False): 2, ("PUT", True): 3, ("DELETE", True): 4}


def who_passes(rule: str, method: str, path: str) -> Pass:
    """The line that holds for a route; KeyError where the tables have none."""
    if not rule.startswith(GENERIC):
        return EXCEPTIONS.get(f"{method} {path}", RULES[rule])
    kind = rule.removeprefix(GENERIC)
    if kind in ADMINS_ALONE:
        return ADMIN
    return KINDS[kind][_VERBS[method, path.endswith("}")]]
