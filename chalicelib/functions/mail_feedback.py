"""The work of the function that hears of letters that came back, or that somebody complained of."""

import logging
from functools import partial
from typing import Any

from chalicelib.domain.jobs import apart
from chalicelib.domain.people import mail_problems
from chalicelib.settings import current

_log = logging.getLogger("vulpes.mail")


def handle(topic_event: dict[str, Any]) -> None:
    """Takes an SNS event in; raises where a message could not be, so that it comes again."""
    told = [record["Sns"] for record in topic_event.get("Records", ())]
    apart.every((f"Message {one['MessageId']}", partial(_take, one)) for one in told)


def _take(told: dict[str, Any]) -> None:
    if told["TopicArn"] != current().mail_topic:
        _log.warning("A message of another topic is ignored.")
    else:
        mail_problems.take(told["Message"])
