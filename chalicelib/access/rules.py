"""Access rules, as routes declare them. A rule says who is asking, loads what the path names, and checks.

What it loaded stands in `call.subject`, so that a handler reads nothing twice.
"""

from collections.abc import Callable
from typing import Any, Protocol

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.access.identity import caller_of, refreshing
from chalicelib.errors import Invalid, NotFound
from chalicelib.records.entities import ENTITY
from chalicelib.records.fields import Kind
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, reads, reference


class Asked(Protocol):
    """What a rule needs to know of a request."""

    params: dict[str, str]
    query: dict[str, str]
    caller: Any
    subject: Any

    @property
    def token_text(self) -> str | None:
        """The access token, from the header or the cookie."""

    @property
    def refresh_token_text(self) -> str | None:
        """The refresh token, from the header or its own cookie."""


class Rule:
    """An access rule: `name` tells it in documents, `allows` which roles may pass it at best."""

    open = False

    def __init__(self, name: str, check: Callable[[Asked], None] | None = None) -> None:
        self.name = name
        self._check = check

    def identify(self, call: Asked) -> None:
        """Finds out who asks; NotSignedIn or InvalidToken where nobody does."""
        call.caller = caller_of(call.token_text)

    def check(self, call: Asked) -> None:
        """Passes, or raises NotFound or Forbidden."""
        if self._check is not None:
            self._check(call)


class _Anybody(Rule):
    open = True

    def identify(self, call: Asked) -> None:
        """Nobody needs to be signed in."""


class _AnybodyWhere(_Anybody):
    def __init__(self, test: Callable[[], None]) -> None:
        super().__init__("anybody")
        self._test = test

    def identify(self, call: Asked) -> None:
        """Nobody needs to be signed in, but the installation has to have it."""
        del call
        self._test()


class _Refreshing(Rule):
    def identify(self, call: Asked) -> None:
        """The holder of a refresh token asks."""
        call.caller = refreshing(call.refresh_token_text)


def of_caller(name: str, *tests: Callable[[Caller], None]) -> Rule:
    """A rule that looks at the caller alone."""

    def check(call: Asked) -> None:
        for test in tests:
            test(call.caller)

    return Rule(name, check)


def about(test: Callable[[Caller], None]) -> Callable[[Caller, Record], None]:
    """A test of the caller alone, as one among the tests of a record's rule."""
    return lambda caller, _: test(caller)


def of_record(
    name: str,
    kind: Kind,
    parameter: str,
    *tests: Callable[[Caller, Record], None],
    malformed: int = 404,
    bots: bool = True,
) -> Rule:
    """A rule on the record that a parameter of the path names.

    `malformed` is the status for what is no id. Without `bots`, these are refused whatever the path names.
    """

    def check(call: Asked) -> None:
        if not bots:
            checks.be_person(call.caller)
        call.subject = load(kind, call.params[parameter], malformed)
        for test in tests:
            test(call.caller, call.subject)

    return Rule(name, check)


def load(kind: Kind, record_id: str, malformed: int = 404) -> Record:
    """The record an id names. Raises Invalid or NotFound for a malformed id, NotFound for an unknown one."""
    if not keys.is_id(record_id):
        if malformed == 400:
            raise Invalid(f"{record_id!r} is not an id.", "id", "a UUID")
        raise NotFound(f"There is no {kind.name} with the id {record_id!r}.", {"id": record_id})
    return reference.get(kind, record_id) if kind.reference else reads.get(kind, record_id)


anybody = _Anybody("anybody")
# Anybody, in an installation that has what is asked for: the test raises before the body is looked at.
anybody_where = _AnybodyWhere
refresh_token = _Refreshing("holder of a refresh token")
signed_in = of_caller("signed in")
person = of_caller("signed in as a person", checks.be_person)
admin = of_caller("admin", checks.administer)
manager = of_caller("manager or more", checks.manage)
not_vendor = of_caller("everybody but vendors", checks.not_vendor)


def _of_project(name: str, parameter: str, test: Callable[[Caller, Record], None]) -> Rule:
    def check(call: Asked) -> None:
        call.subject = checks.known_project(call.params[parameter])
        test(call.caller, call.subject)

    return Rule(name, check)


def project_member(parameter: str = "project_id") -> Rule:
    """Project access."""
    return _of_project("project access", parameter, checks.see_project)


def project_manager(parameter: str = "project_id") -> Rule:
    """Manager of the project."""
    return _of_project("manager of the project", parameter, checks.manage_project)


def project_supervisor(parameter: str = "project_id") -> Rule:
    """Supervisor of the project."""
    return _of_project("supervisor of the project", parameter, checks.supervise_project)


def project_admin(parameter: str = "project_id") -> Rule:
    """Admins, about a production that exists."""
    return _of_project("admin", parameter, about(checks.administer))


def entity_reader(parameter: str = "entity_id") -> Rule:
    """Project access and entity access, for an entity of any kind."""
    return of_record("entity access", ENTITY, parameter, checks.see_entity)


def task_reader(parameter: str = "task_id", malformed: int = 404) -> Rule:
    """Task access."""
    return of_record("task access", TASK, parameter, checks.see_task, malformed=malformed)


def task_actor(parameter: str = "task_id") -> Rule:
    """Task action: comments and previews."""
    return of_record("task action", TASK, parameter, checks.act_on_task)


def known_person(parameter: str = "person_id", *tests: Callable[[Caller, Record], None]) -> Rule:
    """Signed in, about a person that exists."""
    return of_record("signed in", PERSON, parameter, *tests)
