"""The collections of generic records, of all areas."""

from chalicelib.domain.chats.collections import COLLECTIONS as CHATS
from chalicelib.domain.collection.base import Collection
from chalicelib.domain.entities.collections import COLLECTIONS as ENTITIES
from chalicelib.domain.files.collections import COLLECTIONS as FILES
from chalicelib.domain.people.collections import COLLECTIONS as PEOPLE
from chalicelib.domain.production.collections import COLLECTIONS as PRODUCTION
from chalicelib.domain.tasks.collections import COLLECTIONS as TASKS

ALL: dict[str, Collection] = {
    collection.kind.table: collection for collection in (*PEOPLE, *CHATS, *PRODUCTION, *ENTITIES, *TASKS, *FILES)
}
