"""What happened: one entry for every comment (docs/contract/tasks.md section 8); the generic ones stand in crud.py."""

from typing import Any, Final

from chalicelib.access import news as access
from chalicelib.access import rules
from chalicelib.domain.news import feed, presentation
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.routes.answer_schemas import ID, TEXT, TRUTH, Shape, or_null

area = Area("news", "What happened in productions.")
_ENTRY: Final = {
    **dict.fromkeys(("id", "author_id", "task_id"), ID),
    **dict.fromkeys(("comment_id", "task_type_id", "task_status_id", "task_entity_id", "project_id"), or_null(ID)),
    **dict.fromkeys(("preview_file_id", "episode_id", "entity_preview_file_id"), or_null(ID)),
    **dict.fromkeys(("type", "created_at", "project_name", "full_entity_name"), TEXT),
    "change": TRUTH,
    "preview_file_extension": or_null(TEXT),
    "preview_file_annotations": {},
}
_NUMBER: Final = {"type": "integer"}
_PAGE: Final = {
    "data": Shape.several(**_ENTRY).schema(),
    **dict.fromkeys(("total", "nb_pages", "limit", "offset", "page"), _NUMBER),
}
_FEED: Final = Shape(**_PAGE, stats={"type": "object", "additionalProperties": _NUMBER})
_QUERY: Final = {
    "page": "The page, from 1.",
    "limit": "How many a page has (50).",
    "after": "News after that moment or day.",
    "before": "News before that moment or day.",
    "task_type_id": "About tasks of that type.",
    "task_status_id": "That tell of a change to that status.",
    "person_id": "By that author.",
    "episode_id": "About shots of that episode.",
    "only_preview": "`true`: those with a preview.",
}


@area.get("/data/projects/news", access=rules.signed_in, query=_QUERY, answer=_FEED)
def list_all_news(call: Call) -> dict[str, Any]:
    """Lists the news of the caller's open productions, newest first."""
    return feed.of_all(call.caller, call.query)


@area.get("/data/projects/{project_id}/news", access=access.feed_reader, query=_QUERY, answer=_FEED)
def list_news(call: Call) -> dict[str, Any]:
    """Lists the news of a production, newest first."""
    return feed.of_production(call.subject, call.query)


@area.get("/data/projects/{project_id}/news/{news_id}", access=access.reader, answer=Shape(**_ENTRY))
def read_news(call: Call) -> dict[str, Any]:
    """Reads one entry of the news of a production."""
    return presentation.rows([call.subject])[0]


@area.get("/data/entities/{entity_id}/news", access=rules.entity_reader(), answer=Shape(**_PAGE))
def list_news_of_entity(call: Call) -> dict[str, Any]:
    """Lists the news about an entity, newest first, two thousand at most."""
    return feed.of_entity(call.subject)
