"""The generic routes of the records of playlists."""

from chalicelib.domain.playlists import crud
from chalicelib.routes.records.declaring import records

area = records("records of playlists", crud.COLLECTIONS)
