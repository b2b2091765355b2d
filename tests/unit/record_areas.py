"""The generic routes of all record kinds, for tests that ask the routes of a few areas."""

from typing import Final

from chalicelib.http.routing import Area
from chalicelib.routes import modules

RECORDS: Final[list[Area]] = [area for name, area in modules().items() if name.startswith("chalicelib.routes.records.")]
