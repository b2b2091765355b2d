"""The generic routes of the records of news."""

from chalicelib.domain.news import crud
from chalicelib.routes.records.declaring import records

area = records("records of news", crud.COLLECTIONS)
