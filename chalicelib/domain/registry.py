"""The generic CRUD of all record kinds, of all areas."""

from typing import Final

from chalicelib.domain.chats import crud as chats
from chalicelib.domain.comments import crud as comments
from chalicelib.domain.crud.collection import Collection
from chalicelib.domain.entities import crud as entities
from chalicelib.domain.files import crud as files
from chalicelib.domain.journal import crud as journal
from chalicelib.domain.news import crud as news
from chalicelib.domain.notifications import crud as notifications
from chalicelib.domain.people import crud as people
from chalicelib.domain.playlists import crud as playlists
from chalicelib.domain.production import crud as production
from chalicelib.domain.saved_searches import crud as saved_searches
from chalicelib.domain.tasks import crud as tasks

COLLECTIONS: Final[tuple[Collection, ...]] = (
    *people.COLLECTIONS,
    *saved_searches.COLLECTIONS,
    *notifications.COLLECTIONS,
    *chats.COLLECTIONS,
    *production.COLLECTIONS,
    *journal.COLLECTIONS,
    *entities.COLLECTIONS,
    *tasks.COLLECTIONS,
    *comments.COLLECTIONS,
    *news.COLLECTIONS,
    *files.COLLECTIONS,
    *playlists.COLLECTIONS,
)
ALL: Final[dict[str, Collection]] = {collection.kind.table: collection for collection in COLLECTIONS}
