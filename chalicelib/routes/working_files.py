"""The working files of tasks (docs/contract/files.md section 4)."""

from typing import Any

from chalicelib.access import rules
from chalicelib.domain.files import working_files
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.files import WORKING_FILE
from chalicelib.records.record import plain
from chalicelib.routes.answer_schemas import Shown

area = Area("working files", "The files that people work in.")
_OF_TASK = "/data/tasks/{task_id}/working-files"


class ByName:
    """Working files by their names."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "object", "additionalProperties": Shown(WORKING_FILE).schema()}


@area.get(_OF_TASK, access=rules.task_reader(), answer=Shown(WORKING_FILE, many=True))
def list_working_files(call: Call) -> list[Any]:
    """Lists the working files of a task, highest revision first."""
    return [plain(one) for one in working_files.of_task(call.subject)]


@area.get(f"{_OF_TASK}/last-revisions", access=rules.task_reader(), answer=ByName())
def list_last_working_files(call: Call) -> dict[str, Any]:
    """The working file of the highest revision of each name."""
    return {name: plain(one) for name, one in working_files.last_revisions(call.subject).items()}
