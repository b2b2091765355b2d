"""CSV exports (docs/contract/interchange.md section 1)."""

from chalicelib.access import rules
from chalicelib.http import answers
from chalicelib.http.answers import Answer
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.interchange import csv_writing
from chalicelib.interchange.csv_writing import Rows
from chalicelib.interchange.exports import persons

area = Area("exports", "Tables to take along.")


def table(rows: Rows, slug: str) -> Answer:
    """A table as a CSV file, `kitsu_<slug>.csv`."""
    return answers.binary(
        csv_writing.written(rows), csv_writing.MEDIA_TYPE, filename=f"kitsu_{slug}.csv", attachment=True
    )


@area.get("/export/csv/persons.csv", access=rules.manager, answer=csv_writing.MEDIA_TYPE)
def export_persons(call: Call) -> Answer:
    """Exports everybody but bots."""
    del call
    return table(persons.table(), "people_export")
