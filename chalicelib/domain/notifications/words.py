"""The words that a notification tells its person, the same in their list, in a letter and in a chat.

Source: docs/contract/people.md section 13.
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.access import comments as access
from chalicelib.access.caller import Caller
from chalicelib.records.record import Record

_MENTIONS: Final = ("mention", "reply-mention")


def reply_of(notification: Record, comment: Record | None) -> Mapping[str, Any]:
    """The reply that a notification tells of, as its comment keeps it; empty where it is about none."""
    replies = (comment["replies"] if comment else None) or ()
    return next((one for one in replies if one["id"] == notification["reply_id"]), {})


def told(caller: Caller, project: Record, notification: Record, comment: Record) -> dict[str, str]:
    """The texts of a comment and of the reply, "" where they are not for the caller.

    A client reads what clients say, and what mentions them; artists and vendors never read the words of clients.
    """
    texts = {"comment": comment["text"] or "", "reply": reply_of(notification, comment).get("text") or ""}
    whole = access.reads_whole(caller, project, comment)
    if caller.is_client:
        return texts if whole or notification["notification_type"] in _MENTIONS else dict.fromkeys(texts, "")
    if not caller.is_supervisor and access.is_client(notification["author_id"]):
        return dict.fromkeys(texts, "")
    return texts if whole else {**texts, "comment": ""}
