"""The lines of the matrix (table.py) against the permissions that the contract's models name, kind by kind."""

from typing import Any, Final

import pytest

from tests.access.table import (
    ACTS,
    ADMIN,
    ADMINS_ALONE,
    ASSIGNED,
    EVERYBODY,
    KINDS,
    LEADERS,
    MANAGER,
    NOT_VENDORS,
    READS,
    SEES,
    SUPERVISORS,
    TEAM,
    TEAM_NOT_VENDORS,
    Pass,
)
from tests.contract import material

VERBS = ("list", "read", "create", "update", "delete")
# What a sentence of the models comes to for the people of the matrix: the longest one that a permission begins with.
SENTENCES: Final[dict[str, Pass]] = {
    "admin": ADMIN,
    "any signed-in person": EVERYBODY,
    "all but vendors": NOT_VENDORS,
    "nobody (400)": ADMIN,
    "admin or team": TEAM,
    "admin or team, not vendors": TEAM_NOT_VENDORS,
    "team or admin, but not vendors": TEAM_NOT_VENDORS,
    "admin or team; vendors need a task of theirs on": SEES,
    "admin or team; vendors when assigned to the task": SEES,
    "admin, or team of the asset's project; vendors need a task of theirs on it": SEES,
    "who may read the task": SEES,
    "admin or team; below manager the person must be assigned to the task": ASSIGNED,
    "admins and managers; others when assigned to a task of the entity": ASSIGNED,
    "admin, or manager of the team": MANAGER,
    "the creator, or admin, or manager of the team": MANAGER,
    "admin; manager of the team; the creator if in the team; a supervisor": MANAGER,
    "admin; manager or supervisor of the team": SUPERVISORS,
    "admin; manager of the team; supervisor of the team with no department": LEADERS,
    "admin; manager of the team; a supervisor of the team (own departments": LEADERS,
    "admin; managers and clients of the team; the assignees; supervisors of the department": ACTS,
    "admin; team, see the area of comments": READS,
    "admin; managers of the team; the author": MANAGER,
    "managers with project access; others the author": MANAGER,
    "person_id must be an assignee of the task, and the caller that person, an admin, or a manager": MANAGER,
}
# Where the models point elsewhere, or at an oddity that is not to be copied.
INSTEAD: Final[dict[tuple[str, str], Pass]] = {
    ("AssetInstance", "update"): SEES,  # as read
    ("AttachmentFile", "read"): READS,  # it tells the words of its comment, which are not for clients here
    ("Playlist", "delete"): SUPERVISORS,  # the rule of creation
    ("Task", "create"): MANAGER,  # production.md 2.6: the manager of the team
}
models: dict[str, Any] = material.table("models")
GRANTED = [(name, verb) for name, model in models.items() if model["permissions"] for verb in VERBS]


@pytest.mark.parametrize(("name", "verb"), GRANTED)
def test_the_matrix_says_what_the_models_say(name: str, verb: str) -> None:
    said = models[name]["permissions"][verb]
    begun = max((sentence for sentence in SENTENCES if said.startswith(sentence)), key=len, default="")
    wanted = INSTEAD.get((name, verb)) or SENTENCES[begun]
    line = ADMIN if name in ADMINS_ALONE else KINDS[name][VERBS.index(verb)]
    assert line == wanted, said


def test_every_kind_of_the_matrix_is_one_of_the_models() -> None:
    known = {model["type"] for model in models.values()}
    assert {*KINDS, *ADMINS_ALONE} <= known
