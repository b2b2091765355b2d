"""File trees of productions: how files are called and where they lie (docs/contract/files.md section 3)."""

from typing import Any

import msgspec

from chalicelib.access import rules
from chalicelib.domain.file_trees import choice
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.production import PROJECT
from chalicelib.records.record import plain
from chalicelib.routes.answer_schemas import Shown

area = Area("file trees", "How the files of a production are called, and where they lie.")


class ChosenTree(msgspec.Struct):
    """One of the trees that are shipped, by its name."""

    tree_name: str


@area.post(
    "/actions/projects/{project_id}/set-file-tree",
    access=rules.project_member(),
    body=ChosenTree,
    answer=Shown(PROJECT),
)
def set_file_tree(call: Call) -> Any:
    """Gives a production one of the file trees that are shipped, `simple` or `default`."""
    return plain(choice.choose(call.subject, call.body.tree_name))
