"""Access rules of news: the team of their production, but for vendors (docs/contract/tasks.md section 8)."""

from typing import Final

from chalicelib.access import checks
from chalicelib.access.rules import Asked, Rule, about, load, of_record
from chalicelib.errors import NotFound
from chalicelib.records.production import PROJECT
from chalicelib.records.tasks import NEWS
from chalicelib.store import keys

_NAME: Final = "project access, no vendors"


def _of_production(call: Asked) -> None:
    project = checks.known_project(call.params["project_id"])
    checks.see_project(call.caller, project)
    checks.not_vendor(call.caller)
    news = load(NEWS, call.params["news_id"])
    if news.home != keys.home_of_owner(project.id):
        raise NotFound("This production has no such news.", {"id": news.id})
    call.subject = news


feed_reader: Final = of_record(_NAME, PROJECT, "project_id", checks.see_project, about(checks.not_vendor))
reader: Final = Rule(_NAME, _of_production)
