"""Asks a running stack what its API document promises, by schemathesis, as the administrator; prints every 5xx.

python tests/fuzz/run_schemathesis.py http://127.0.0.1:8080/api --examples 10 --seconds 180

Give it a stack with nothing worth keeping (`python -m infra.local --memory`). The exit status is 1 after any 5xx.
"""

import argparse
import json
import sys
import time
import urllib.request
from typing import Any

import hypothesis
import schemathesis

# Ends the session of the run, or mails.
APART = ("/auth/logout", "/auth/change-password", "/invite", "/change-password")


def main() -> int:
    """Runs it; see the module."""
    options = _options()
    token = _sign_in(options.url, options.email, options.password)
    schema = schemathesis.openapi.from_url(f"{options.url}/openapi.json")
    schema.config.base_url = options.url
    until, broken, asked = time.monotonic() + options.seconds, dict[str, str](), 0
    found: Any
    for found in schema.get_all_operations():
        operation = found.ok()
        if time.monotonic() > until or operation.path.endswith(APART):
            continue
        asked += 1
        told = _try(operation, token, options.examples, until)
        if told:
            broken[operation.label] = told
            print(f"{operation.label}: {told}", flush=True)
    print(f"{asked} operations asked, {len(broken)} of them broke.")
    return 1 if broken else 0


def _try(operation: Any, token: str, examples: int, until: float) -> str:
    """The first request to an operation that was answered by a 5xx, with the answer; or nothing."""
    told: list[str] = []
    kept: dict[str, Any] = {"max_examples": examples, "database": None, "deadline": None, "derandomize": True}

    @hypothesis.settings(**kept, suppress_health_check=list(hypothesis.HealthCheck), phases=[hypothesis.Phase.generate])
    @hypothesis.given(case=operation.as_strategy())
    def run(case: Any) -> None:
        if told or time.monotonic() > until:
            return
        reply = case.call(headers={"Authorization": f"Bearer {token}"}, timeout=20)
        if reply.status_code >= 500:
            told.append(f"{reply.status_code} {case.as_curl_command()[:600]} -> {reply.text[:200]}")

    try:
        run()
    except Exception as problem:
        return f"could not be asked: {type(problem).__name__}: {problem}"[:400]
    return told[0] if told else ""


def _sign_in(url: str, email: str, password: str) -> str:
    body = json.dumps({"email": email, "password": password}).encode()
    request = urllib.request.Request(f"{url}/auth/login", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as reply:
        return str(json.load(reply)["access_token"])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("url", help="where the API is, like http://127.0.0.1:8080/api")
    parser.add_argument("--email", default="admin@example.com")
    parser.add_argument("--password", default="mysecretpassword")
    parser.add_argument("--examples", type=int, default=10, help="requests an operation (10)")
    parser.add_argument("--seconds", type=float, default=180, help="how long at most (180)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
