"""A cold start executes what it needs, and nothing is missing because of it."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
LATE = """
import sys
from chalicelib import late_imports
late_imports.SAFE_SINCE = (3,)
late_imports.install()
import app
waiting = lambda: {name for name, module in sys.modules.items() if type(module).__name__ == "_LazyModule"}
"""


def run(program: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", LATE + program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_most_of_the_domain_waits_until_it_is_used() -> None:
    (count, messages) = run(r"""
found = waiting()
print(len(found), "chalicelib.domain.chats.messages" in found, sep="\n")
""")
    assert int(count) > 80
    assert messages == "True"


def test_what_is_used_is_there() -> None:
    before, after, name = run(r"""
from chalicelib.domain.chats import messages
name = "chalicelib.domain.chats.messages"
before = name in waiting()
print(before, callable(messages.post) and name in waiting(), messages.post.__module__, sep="\n")
""")
    assert (before, after, name) == ("True", "False", "chalicelib.domain.chats.messages")


def test_every_job_is_known_to_what_takes_jobs_up() -> None:
    late = run(r"""
from chalicelib.domain.jobs import job
from chalicelib.functions import jobs
late_imports.execute(*jobs.DECLARED_IN)
print(*sorted(job.JOBS), sep="\n")
""")
    from chalicelib.domain.jobs import job
    from chalicelib.functions import jobs

    assert jobs.DECLARED_IN
    assert late == sorted(job.JOBS)
