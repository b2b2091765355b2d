"""Who hears of which event once it is written: what the stream function carries on (events/carrying.py)."""

from collections.abc import Mapping
from typing import Final

from chalicelib.domain.notifications import mail
from chalicelib.events.carrying import Listener

LISTENERS: Final[Mapping[str, Listener]] = {
    "notification:new": mail.mail,
}
