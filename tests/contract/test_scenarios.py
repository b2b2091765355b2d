"""The recorded scenarios of the contract that hold fully, replayed against a fresh local stack each.

They run where the contract lies beside the project; `contract.py run` shows what is left of the others.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = ROOT.parent / "shared" / "contract" / "contract.py"
START = f"{sys.executable} -m infra.local --port $PORT --memory --empty"
HOLDING = (
    "smoke",
    "entities_assets",
    "entities_casting",
    "entities_shots",
    "gazu_client",
    "gazu_project",
    "gazu_task",
    "people_auth",
    "people_chats",
    "people_context",
    "people_dayoffs",
    "people_filters",
    "people_keys",
    "people_notifications",
    "people_persons",
    "people_studio",
    "people_twofactor",
    "production_events",
    "production_planning",
    "production_projects",
    "tasks_create",
    "tasks_feeds",
    "tasks_threads",
)


@pytest.mark.skipif(not CONTRACT.exists(), reason="the contract does not lie beside the project")
@pytest.mark.parametrize("scenario", HOLDING)
def test_a_scenario_holds(scenario: str) -> None:
    command = [sys.executable, str(CONTRACT), "run", scenario, "--path", "/api", "--start", START]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert told.returncode == 0, told.stdout[-3000:]
