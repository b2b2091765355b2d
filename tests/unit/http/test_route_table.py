"""The table that the package holds leads to each route, and an app made of it is the same app."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from chalicelib import routes
from chalicelib.http import route_table
from chalicelib.http.application import VulpesApp
from chalicelib.http.routing import every
from tests.unit.http.client import event, read

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "table.json"
    route_table.write(routes.modules(), file)
    return file


def test_every_listed_route_leads_to_its_declaration(table: Path) -> None:
    listed = [one.declared() for one in route_table.read(table)]
    assert Counter(map(id, listed)) == Counter(map(id, every(routes.areas())))


def test_an_app_made_of_the_table_answers(table: Path) -> None:
    app = VulpesApp("listed", routes=route_table.read(table), configure_logs=False, env={})
    first, again = (read(app(event("GET", "/"), None)) for _ in range(2))
    assert first.status == again.status == 200
    assert read(app(event("GET", "/data/nothing"), None)).status == 404
    assert read(app(event("PATCH", "/data/tasks"), None)).status == 405
    assert app.matcher.methods("/data/tasks") == ["GET", "HEAD", "OPTIONS", "POST"]


@pytest.mark.slow
def test_a_request_executes_the_module_of_its_route_and_few_more(table: Path) -> None:
    program = f"""
import json, sys
from pathlib import Path
from chalicelib import routes
routes.TABLE = Path({str(table)!r})
import app
executed = lambda: sorted(name for name in sys.modules if name.startswith("chalicelib.routes."))
before = executed()
app.app.matcher.find("GET", "/auth/authenticated")
print(json.dumps([before, executed()]))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    before, after = json.loads(done.stdout)
    assert before == []
    assert "chalicelib.routes.auth" in after
    assert len(after) < 5
