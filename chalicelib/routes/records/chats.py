"""The generic routes of the records of chats."""

from chalicelib.domain.chats import crud
from chalicelib.routes.records.declaring import records

area = records("records of chats", crud.COLLECTIONS)
