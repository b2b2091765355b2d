"""File trees of productions: how files are called and where they lie (docs/contract/files.md section 3)."""

from typing import Any

import msgspec

from chalicelib.access import rules
from chalicelib.domain.file_trees import choice, guess
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.production import PROJECT
from chalicelib.records.record import plain
from chalicelib.routes.answer_schemas import TEXT, Shown

area = Area("file trees", "How the files of a production are called, and where they lie.")


class ChosenTree(msgspec.Struct):
    """One of the trees that are shipped, by its name."""

    tree_name: str


class GuessedPath(msgspec.Struct):
    """A path, and what separates its folders."""

    project_id: str
    file_path: str
    sep: str = "/"


class Guesses:
    """What a path may be of: the template it follows, and the ids and texts that it names by their tokens."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        one = {"type": "object", "properties": {"Template": TEXT}, "additionalProperties": TEXT}
        return {"type": "array", "items": one}


@area.post(
    "/actions/projects/{project_id}/set-file-tree",
    access=rules.project_member(),
    body=ChosenTree,
    answer=Shown(PROJECT),
)
def set_file_tree(call: Call) -> Any:
    """Gives a production one of the file trees that are shipped, `simple` or `default`."""
    return plain(choice.choose(call.subject, call.body.tree_name))


@area.post("/data/entities/guess_from_path", access=rules.signed_in, body=GuessedPath, answer=Guesses())
def guess_from_path(call: Call) -> list[dict[str, str]]:
    """Tells what a path is of: for each template that it follows what it names, by their ids."""
    asked: GuessedPath = call.body
    return guess.guess(call.caller, asked.project_id, asked.file_path, asked.sep)
