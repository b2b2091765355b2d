"""Where there is no web interface, the link of a letter leads to a page of ours that takes the new password."""

import email
import email.policy
import json
import subprocess
from pathlib import Path

import pytest
import requests

from tests.browser.test_stored_files import pytestmark
from tests.stack.test_quickstart import ROOT, quickstart, running

__all__ = ["pytestmark"]
PASSWORD = "chosen on a page"


def link_of_the_letter(folder: Path) -> str:
    (file,) = folder.glob("*.eml")
    letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    text = letter.get_body(("plain",))
    assert text is not None
    (link,) = (word for word in text.get_content().split() if word.startswith("http"))
    return str(link)


@pytest.mark.slow
def test_a_password_is_chosen_on_the_page(tmp_path: Path) -> None:
    with running("--data", str(tmp_path), "--empty") as server:
        who = {"email": quickstart.EMAIL}
        assert requests.post(f"{server.url}/api/auth/reset-password", json=who, timeout=60).status_code == 200
        script = Path(__file__).with_name("choose_password.mjs")
        command = ["node", str(script), link_of_the_letter(tmp_path / "mail"), PASSWORD]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert "did not work" in told["said"][0], "the two differ"
        assert "is set" in told["said"][1]
        assert "token" not in told["address"], "a token that is used up does not stay in the history"
        login = {**who, "password": PASSWORD}
        assert requests.post(f"{server.url}/api/auth/login", json=login, timeout=60).status_code == 200
