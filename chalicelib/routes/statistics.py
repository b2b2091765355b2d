"""The time of whole productions, the figures of the studio (docs/contract/production.md sections 5 and 11)."""

from typing import Any

from chalicelib.access import rules
from chalicelib.domain.production import statistics
from chalicelib.domain.tasks import time_spent
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.record import plain
from chalicelib.records.tasks import TIME_SPENT
from chalicelib.routes.answer_schemas import Shape, Shown

area = Area("figures", "The time noted in whole productions; the figures of the studio.")


@area.get("/data/projects/{project_id}/time-spents", access=rules.project_member(), answer=Shown(TIME_SPENT, many=True))
def list_time_of_production(call: Call) -> list[Any]:
    """Lists the time noted on the tasks of a production."""
    return [plain(entry) for entry in time_spent.of_production(call.subject)]


@area.get(
    "/stats",
    access=rules.admin,
    answer=Shape(
        number_of_video_previews={"type": "integer"},
        number_of_picture_previews={"type": "integer"},
        number_of_model_previews={"type": "integer"},
        number_of_comments={"type": "integer"},
    ),
)
def read_figures(call: Call) -> dict[str, int]:
    """Counts the previews and comments of all productions."""
    del call
    return statistics.figures()
