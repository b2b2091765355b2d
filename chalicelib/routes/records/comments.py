"""The generic routes of the records of comments."""

from chalicelib.domain.comments import crud
from chalicelib.routes.records.declaring import records

area = records("records of comments", crud.COLLECTIONS)
