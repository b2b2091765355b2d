"""What people were told of (docs/contract/people.md section 13); the generic ones stand in routes/records/."""

from typing import Any, Final

import msgspec

from chalicelib.access import rules
from chalicelib.access.notifications import owner
from chalicelib.domain.notifications import lists, presentation, read_state
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.people import NOTIFICATION
from chalicelib.records.record import plain
from chalicelib.routes.answer_schemas import ID, IDS, TEXT, TRUTH, Shape, Shown, or_null


class ReadMark(msgspec.Struct):
    """Whether a notification was read."""

    read: bool


area = Area("notifications", "What people are told of.")
_OWN: Final = "/data/user/notifications"
_ONE: Final = f"{_OWN}/{{notification_id}}"
_FIELDS: Final = {
    **dict.fromkeys(("id", "author_id", "task_id"), ID),
    **dict.fromkeys(("type", "notification_type", "created_at", "reply_text"), TEXT),
    **dict.fromkeys(("project_name", "full_entity_name"), TEXT),
    **dict.fromkeys(("comment_id", "task_type_id", "task_status_id", "preview_file_id", "project_id"), or_null(ID)),
    **dict.fromkeys(("episode_id", "entity_preview_file_id", "subscription_id"), or_null(ID)),
    **dict.fromkeys(("mentions", "department_mentions", "reply_mentions", "reply_department_mentions"), IDS),
    "read": TRUTH,
    "change": TRUTH,
    "comment_text": or_null(TEXT),
}
_QUERY: Final = {
    "after": "Told after that moment or day.",
    "before": "Told before that moment or day.",
    "task_type_id": "About tasks of that type.",
    "task_status_id": "About tasks that have that status now.",
    "type": "`comment`, `mention`, `assignation`, `reply` or `reply-mention`.",
    "read": "`true`: read ones, `false`: unread ones.",
    "watching": "`true`: about tasks the caller subscribed to, `false`: about others.",
}
_PAGES: Final = {"page": "A page of the list, from 1.", "limit": "How many a page has (100)."}


@area.get(_OWN, access=rules.person, query=_QUERY, answer=Shape.several(**_FIELDS))
def list_notifications(call: Call) -> list[dict[str, Any]]:
    """Lists the last hundred things the caller was told of, newest first."""
    return lists.last(call.caller, call.query)


@area.get(_ONE, access=owner, answer=Shape(**_FIELDS))
def read_notification(call: Call) -> dict[str, Any]:
    """Reads one thing the caller was told of."""
    return presentation.rows(call.caller, [call.subject])[0]


@area.put(_ONE, access=owner, body=ReadMark, answer=Shown(NOTIFICATION), form=True)
def mark_notification(call: Call) -> Any:
    """Marks a notification as read, or as unread."""
    return plain(read_state.set_read(call.subject, call.body.read))


@area.post("/actions/user/notifications/mark-all-as-read", access=rules.person, answer=Shape(success=TRUTH))
def mark_all_as_read(call: Call) -> dict[str, bool]:
    """Marks everything the caller was told of as read."""
    read_state.mark_all(call.caller)
    return {"success": True}


@area.get(
    "/data/projects/{project_id}/notifications",
    access=rules.project_admin(),
    query=_PAGES,
    answer=Shown(NOTIFICATION, many=True),
)
def list_notifications_of_production(call: Call) -> Any:
    """Lists whatever anybody was told about the tasks of a production, last changed first."""
    return lists.of_production(call.subject, call.query)
