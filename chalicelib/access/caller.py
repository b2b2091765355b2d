"""Who asks: a person or a bot, with a role (docs/contract/people.md section 1)."""

from dataclasses import dataclass
from functools import cached_property

from chalicelib.records.record import Record


@dataclass(frozen=True)
class Caller:
    """The person behind a request. `identity` is `person`, `bot` or `person_api` (a person's script token);
    `session_id` is what the tokens of one login have in common."""

    person: Record
    identity: str = "person"
    token_id: str = ""
    session_id: str = ""

    @property
    def id(self) -> str:
        """The person's id."""
        return self.person.id

    @property
    def role(self) -> str:
        """One of admin, manager, supervisor, user, client, vendor."""
        return str(self.person["role"])

    @property
    def is_admin(self) -> bool:
        """Studio manager: passes every check."""
        return self.role == "admin"

    @property
    def is_manager(self) -> bool:
        """Manager or more."""
        return self.role in ("admin", "manager")

    @property
    def is_supervisor(self) -> bool:
        """Supervisor or more."""
        return self.role in ("admin", "manager", "supervisor")

    @property
    def is_vendor(self) -> bool:
        """Sees only what they are assigned to."""
        return self.role == "vendor"

    @property
    def is_client(self) -> bool:
        """Reads, and comments with the statuses for clients."""
        return self.role == "client"

    @property
    def is_bot(self) -> bool:
        """A program with a role, refused where a person is required."""
        return bool(self.person["is_bot"])

    @cached_property
    def departments(self) -> frozenset[str]:
        """The ids of the departments they belong to."""
        return frozenset(self.person.get("departments") or ())

    def leads(self, department_id: str | None) -> bool:
        """Whether a supervisor leads task types of that department: their own, or all without any of their own."""
        return not self.departments or department_id in self.departments

    def in_team(self, project: Record) -> bool:
        """Whether they are in the team of a production (an admin need not be)."""
        return self.id in project["team"]
