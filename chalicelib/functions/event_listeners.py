"""Who hears of which event once it is written: what the stream function carries on (events/carrying.py)."""

from collections.abc import Mapping
from typing import Final

from chalicelib.domain.notifications import mail
from chalicelib.domain.playlists import letters
from chalicelib.domain.webhooks import delivery
from chalicelib.domain.webhooks import letters as webhook_letters
from chalicelib.events.carrying import Listener

LISTENERS: Final[Mapping[str, Listener]] = {
    "notification:new": mail.tell,
    "build-job:update": letters.tell_author,
    letters.NOTIFY_CLIENTS: letters.tell_clients,
    delivery.DISABLED: webhook_letters.tell_admins,
}
