"""What SES tells of letters that it had taken: that they came back (bounce), or that somebody complained of one.

Shapes: Amazon SES Developer Guide, "Contents of event data that Amazon SES publishes to Amazon SNS".
"""

import json
from dataclasses import dataclass
from typing import Any, Final

_SPAM: Final = "complaint: marked as spam"
# A complaint that takes one back.
_NOT_SPAM: Final = "not-spam"


@dataclass(frozen=True)
class Feedback:
    """What became of a letter.

    `reason`: in few words, without a comma. `moment`: when, in UTC, to the second. `final`: another letter would come
    back as well, or is not wanted.
    """

    id: str
    recipients: tuple[str, ...]
    reason: str
    moment: str
    final: bool


def read_feedback(message: str) -> Feedback | None:
    """What a message of SES says; None where it is none of a bounce or a complaint, as the greeting of a new topic.

    Raises KeyError where one of these lacks what SES documents.
    """
    try:
        event = json.loads(message)
    except ValueError:
        return None
    kind = event.get("eventType") if isinstance(event, dict) else None
    if kind == "Bounce":
        return _bounce(event["bounce"])
    if kind == "Complaint" and event["complaint"].get("complaintFeedbackType") != _NOT_SPAM:
        told = event["complaint"]
        return _feedback(told, told["complainedRecipients"], _SPAM, final=True)
    return None


def _bounce(told: dict[str, Any]) -> Feedback:
    final = told["bounceType"] == "Permanent"
    reason = f"bounced {'for good' if final else 'for now'} ({told.get('bounceSubType', 'Undetermined')})"
    return _feedback(told, told["bouncedRecipients"], reason, final)


def _feedback(told: dict[str, Any], recipients: list[dict[str, Any]], reason: str, final: bool) -> Feedback:
    addresses = tuple(one["emailAddress"] for one in recipients)
    # "2016-01-27T14:59:38.237Z"
    return Feedback(told["feedbackId"], addresses, reason, told["timestamp"][:19], final)
