"""A container: a process of its own that runs the app, as Lambda would keep several of them.

Started as `python -m tests.faults.container`: takes lines of JSON `{"number", "action", "arguments"}` and answers each
with `{"number", "value"}` or `{"number", "problem"}`. What it can do are the functions of `tests/faults/actions.py`.
"""

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any


class Problem(Exception):
    """An action raised; `sort` is the name of the exception."""

    def __init__(self, sort: str, told: str) -> None:
        super().__init__(f"{sort}: {told}")
        self.sort = sort


class Container:
    """A container as tests see it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.container"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ},
        )
        self._asked: dict[int, Future[Any]] = {}
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def begin(self, action: str, **arguments: Any) -> "Future[Any]":
        """Has it do something; the answer comes when it is done."""
        future: Future[Any] = Future()
        number = len(self._asked)
        self._asked[number] = future
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"number": number, "action": action, "arguments": arguments}) + "\n")
        self._process.stdin.flush()
        return future

    def do(self, action: str, **arguments: Any) -> Any:
        """Has it do something, and waits for the answer. Raises Problem."""
        return self.begin(action, **arguments).result(60)

    def end(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._thread.join()
        self._process.stdout.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if not line.startswith('{"number"'):
                continue
            told = json.loads(line)
            future = self._asked[told["number"]]
            if "problem" in told:
                future.set_exception(Problem(*told["problem"]))
            else:
                future.set_result(told["value"])


def main() -> None:
    """Answers until its input ends."""
    from tests.faults import actions

    writing = threading.Lock()

    def run(asked: dict[str, Any]) -> None:
        told: dict[str, Any] = {"number": asked["number"]}
        try:
            told["value"] = getattr(actions, asked["action"])(**asked["arguments"])
        except Exception as problem:
            told["problem"] = [type(problem).__name__, str(problem)]
        with writing:
            print(json.dumps(told), flush=True)

    with ThreadPoolExecutor(8) as pool:
        for line in sys.stdin:
            pool.submit(run, json.loads(line))


if __name__ == "__main__":
    main()
