"""Who hears of an event: the one rule for the journal and for those who listen live.

An event of a production reaches its team at that moment, and admins. Vendors and clients hear what they could read:
the work that is theirs, no words that are not for them. What belongs to a person reaches that person alone. A name that
nobody declared here reaches managers at most.

    audience = audience_of(event)
    told = [session for session in sessions if audience.holds(session.caller)]

Productions, teams and people come from the reference data that the container holds. Records are read at most once an
event, and only where somebody asks whose role is narrowed by them: vendors, for comments artists and clients.

Source: docs/contract/people.md section 1, production.md section 12.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from chalicelib.access import comments
from chalicelib.access.caller import Caller
from chalicelib.records.entities import ASSET_INSTANCE, ENTITY
from chalicelib.records.fields import STUDIO, Kind
from chalicelib.records.files import ATTACHMENT_FILE, PLAYLIST
from chalicelib.records.people import CHAT, CHAT_MESSAGE
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.registry import KINDS
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import homes, keys, reads, reference

Event = Mapping[str, Any]
_NOBODY: Final[frozenset[str]] = frozenset()
# What the names of events of entities begin with; `asset_id` is the id of one.
ENTITY_WORDS: Final = ("asset", "shot", "sequence", "episode", "scene", "edit", "concept", "entity")
# Whose work a record belongs to, by the field that names that; the first one that is set counts.
_WORK_ABOVE: Final[Mapping[str, tuple[tuple[Kind, str], ...]]] = {
    "comment": ((TASK, "object_id"),),
    "attachment_file": ((COMMENT, "comment_id"), (CHAT_MESSAGE, "chat_message_id")),
    "preview_file": ((TASK, "task_id"),),
    "time_spent": ((TASK, "task_id"),),
    "news": ((TASK, "task_id"),),
    "working_file": ((TASK, "task_id"), (ENTITY, "entity_id")),
    "output_file": ((ENTITY, "entity_id"), (ASSET_INSTANCE, "asset_instance_id")),
    "asset_instance": ((ENTITY, "asset_id"),),
    "entity_link": ((ENTITY, "entity_in_id"),),
    "entity_concept_link": ((ENTITY, "entity_in_id"),),
    "chat": ((ENTITY, "object_id"),),
    "chat_message": ((CHAT, "chat_id"),),
}


class Lookup:
    """What the events of a batch have read, so that it is read once."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, str], Record | None] = {}
        self._workers: dict[str, frozenset[str]] = {}

    def find(self, kind: Kind, record_id: Any) -> Record | None:
        """The record with this id, or None."""
        if not keys.is_id(record_id):
            return None
        if kind.reference:
            return reference.find(kind, record_id)
        key = (kind.table, record_id)
        if key not in self._records:
            self._records[key] = reads.find(kind, record_id)
        return self._records[key]

    def workers_on(self, entity_id: Any) -> frozenset[str]:
        """The people with a task on an entity (one query)."""
        if not keys.is_id(entity_id):
            return _NOBODY
        if entity_id not in self._workers:
            tasks = reads.query(TASK, homes.of_id(entity_id) or STUDIO, "entity_id", ("^", f"{entity_id}#"))
            self._workers[entity_id] = frozenset(person for task in tasks for person in task["assignees"])
        return self._workers[entity_id]


class Audience:
    """Those who hear of one event. The event is a record of the journal, or the values of one."""

    def __init__(self, event: Event, lookup: Lookup) -> None:
        self.data: Mapping[str, Any] = event["data"] if isinstance(event["data"], dict) else {}
        self._event = event
        self._lookup = lookup
        self._word = word_of(event["name"])
        self._circle = CIRCLES.get(self._word, _UNDECLARED)

    def holds(self, caller: Caller) -> bool:
        """Whether the caller hears of it."""
        if not caller.person["active"]:
            return False
        if caller.is_admin and not self._circle.is_personal:
            return True
        if not self._is_in_the_teams(caller):
            return False
        if caller.id == self._event["user_id"] and not self._circle.is_personal and not self.productions:
            return True
        return self._circle.holds(caller, self)

    @cached_property
    def productions(self) -> frozenset[str]:
        """The ids of the productions that it is tied to, or of which it names something."""
        tied = self._event["project_id"] or self.data.get("project_id")
        if tied:
            return frozenset([str(tied)])
        by_home = reference.production_homes()
        told = (keys.home_told_by(one.lower()) for one in keys.UUID.findall(str(self.data)))
        return frozenset(by_home[home] for home in told if home is not None and home in by_home)

    @cached_property
    def project(self) -> Record | None:
        """The production it is tied to, or of which it names something; None where it is gone."""
        return reference.find(PROJECT, next(iter(self.productions), None))

    @cached_property
    def record(self) -> Record | None:
        """The record it tells of: what the event has kept of it, else as it is now."""
        subject = self._event.get("subject")
        if subject and self._kind is not None:
            return Record(self._kind, {"id": self._record_id, **subject})
        return self.find(self._kind, self._record_id) if self._kind is not None else None

    @cached_property
    def workers(self) -> frozenset[str]:
        """The people with a task on the entity that it is about."""
        if self._kind is ENTITY:
            return self._lookup.workers_on(self._record_id)
        return self._workers_of(self.record)

    def find(self, kind: Kind, record_id: Any) -> Record | None:
        """Another record, read once for all events of the batch."""
        return self._lookup.find(kind, record_id)

    @cached_property
    def _kind(self) -> Kind | None:
        return ENTITY if self._word in ENTITY_WORDS else KINDS.get(self._word.replace("-", "_"))

    @property
    def _record_id(self) -> Any:
        # A link between two assets is the work on the one that holds the other.
        return self.data.get(f"{self._word.replace('-', '_')}_id") or self.data.get("asset_in")

    @cached_property
    def _teams(self) -> list[frozenset[str]]:
        return [self._team_of(one) for one in self.productions]

    def _team_of(self, project_id: str) -> frozenset[str]:
        project = reference.find(PROJECT, project_id)
        # A production that is gone was its team's.
        project = self.record if project is None and self._kind is PROJECT else project
        return frozenset(project["team"]) if project is not None else _NOBODY

    def _is_in_the_teams(self, caller: Caller) -> bool:
        return caller.is_admin or all(caller.id in team for team in self._teams)

    def _workers_of(self, record: Record | None) -> frozenset[str]:
        if record is None:
            return _NOBODY
        if record.kind is TASK:
            return frozenset(record["assignees"]) | self._lookup.workers_on(record["entity_id"])
        for kind, name in _WORK_ABOVE.get(record.kind.table, ()):
            if led := record.get(name):
                return self._lookup.workers_on(led) if kind is ENTITY else self._workers_of(self.find(kind, led))
        return _NOBODY


@dataclass(frozen=True)
class Circle:
    """Whom events of a sort reach; where they are tied to a production, of its team.

    `name` tells it in documents. Of a personal one admins hear no more than others.
    """

    name: str
    holds: Callable[[Caller, Audience], bool]
    is_personal: bool = False


def word_of(name: Any) -> str:
    """What the name of an event tells of: `task` of `task:new`."""
    return str(name).partition(":")[0]


def audiences_of(events: Sequence[Event]) -> list[Audience]:
    """Who hears of each event of a batch; what several of them need is read once."""
    lookup = Lookup()
    return [Audience(event, lookup) for event in events]


def audience_of(event: Event) -> Audience:
    """Who hears of an event: `{name, data, user_id, project_id}`, a record of the journal or its values."""
    return Audience(event, Lookup())


def may_hear(caller: Caller, event: Event) -> bool:
    """Whether the caller hears of an event."""
    return audience_of(event).holds(caller)


# -- the circles -------------------------------------------------------------------------------------------------------
def _team(caller: Caller, told: Audience) -> bool:
    del caller
    return bool(told.productions)


def _sees_entity(caller: Caller, told: Audience) -> bool:
    return _team(caller, told) and (not caller.is_vendor or caller.id in told.workers)


def _sees_concept(caller: Caller, told: Audience) -> bool:
    return not caller.is_client and _sees_entity(caller, told)


def _sees_task(caller: Caller, told: Audience) -> bool:
    # Who is taken off a task hears of that, too.
    return _team(caller, told) and (caller.id == told.data.get("person_id") or _sees_entity(caller, told))


def _reads_words(caller: Caller, told: Audience) -> bool:
    """As `comments.see_comment` has it; clients are told of comments whose pictures alone they see, too."""
    if not _sees_entity(caller, told) or told.project is None:
        return False
    if caller.is_supervisor:
        return True
    comment = told.record
    if comment is not None and comment.kind is ATTACHMENT_FILE:
        comment = told.find(COMMENT, comment["comment_id"])
    if comment is None:
        return False
    return comments.reads_whole(caller, told.project, comment) or comments.reads_picture(caller, comment)


def _not_vendor_in_team(caller: Caller, told: Audience) -> bool:
    return not caller.is_vendor and _team(caller, told)


def _is_for_client(caller: Caller, shown: Record | None) -> bool:
    return not caller.is_client or (shown is not None and bool(shown["for_client"]))


def _sees_column(caller: Caller, told: Audience) -> bool:
    return _team(caller, told) and _is_for_client(caller, told.record if caller.is_client else None)


def _sees_playlist(caller: Caller, told: Audience) -> bool:
    return _not_vendor_in_team(caller, told) and _is_for_client(caller, told.record if caller.is_client else None)


def _follows_builds(caller: Caller, told: Audience) -> bool:
    if caller.is_client:
        return _team(caller, told) and _is_for_client(caller, told.find(PLAYLIST, told.data.get("playlist_id")))
    return caller.is_supervisor and _team(caller, told)


def _manages(caller: Caller, told: Audience) -> bool:
    return caller.is_manager and _team(caller, told)


def _is_theirs(caller: Caller, told: Audience) -> bool:
    if told.data.get("person_id"):
        return bool(told.data["person_id"] == caller.id)
    return told.record is not None and told.record["person_id"] == caller.id


def _talks(caller: Caller, told: Audience) -> bool:
    chat = told.record
    if chat is not None and chat.kind is not CHAT:
        chat = told.find(CHAT, chat["chat_id"])
    # Who leaves hears of that, too.
    is_in_it = caller.id == told.data.get("person_id") or (chat is not None and caller.id in chat["participants"])
    return is_in_it and _sees_entity(caller, told)


_EVERYBODY: Final = Circle("everybody", lambda *_: True)
_NOT_VENDORS: Final = Circle("everybody but vendors", lambda caller, _: not caller.is_vendor)
_ADMINS: Final = Circle("admins", lambda *_: False)
_TEAM: Final = Circle("the team", _team)
_TEAM_NOT_VENDORS: Final = Circle("the team, but no vendors", _not_vendor_in_team)
_ENTITY: Final = Circle("the team; vendors with a task on the entity", _sees_entity)
_CONCEPT: Final = Circle("the team, but no clients; vendors with a task on the entity", _sees_concept)
_TASK: Final = Circle("the team; vendors with a task on the entity", _sees_task)
_WORDS: Final = Circle("those of the team who may read the comment", _reads_words)
_COLUMN: Final = Circle("the team; clients where it is for them", _sees_column)
_PLAYLIST: Final = Circle("the team, but no vendors; clients where it is for them", _sees_playlist)
_BUILD: Final = Circle("managers and supervisors of the team; clients where the playlist is for them", _follows_builds)
_MANAGERS: Final = Circle("managers of the team", _manages)
_PERSON: Final = Circle("the person alone", _is_theirs, is_personal=True)
_CHAT: Final = Circle("the participants of the chat alone", _talks, is_personal=True)
# Scripts may post events of any name to the journal.
_UNDECLARED: Final = _MANAGERS

_CIRCLES: Final[Mapping[Circle, tuple[str, ...]]] = {
    _EVERYBODY: (
        *("asset-type", "department", "entity-type", "file-status", "file_status", "main", "organisation"),
        *("output-type", "output_type", "person", "preview-background-file", "project-status", "software", "studio"),
        *("task-status", "task-type"),
    ),
    _NOT_VENDORS: ("custom-action", "status-automation"),
    _ADMINS: ("api-event", "data-import-error", "login-log", "plugin", "salary-scale", "webhook"),
    _TEAM: ("milestone", "project", "project-task-status-link", "project-task-type-link"),
    _TEAM_NOT_VENDORS: ("schedule-item",),
    _ENTITY: (
        *("asset", "asset-instance", "asset_instance", "edit", "entity", "entity-concept-link", "entity-link"),
        *("entity-version", "episode", "output-file", "preview-file", "scene", "sequence", "shot", "working-file"),
    ),
    _CONCEPT: ("concept",),
    _TASK: ("news", "task", "time-spent"),
    _WORDS: ("attachment-file", "comment"),
    _COLUMN: ("metadata-descriptor",),
    _PLAYLIST: ("playlist",),
    _BUILD: ("build-job",),
    _MANAGERS: ("budget", "budget-entry", "csv-import", "kitsu-import", "shotgun-import"),
    _PERSON: ("day-off", "desktop-login-log", "notification", "search-filter", "search-filter-group", "subscription"),
    _CHAT: ("chat", "chat-message"),
}
# Whom events reach, by what their name begins with.
CIRCLES: Final[Mapping[str, Circle]] = {word: circle for circle, words in _CIRCLES.items() for word in words}


def is_of_a_person(kind: Kind) -> bool:
    """Whether records of a kind are somebody's own, of which nobody else is told but administrators."""
    return CIRCLES.get(kind.event_name) is _PERSON
