"""Replays scenarios of the contract and shows where the answers differ from the golden ones.

    python -m tests.contract.replay                    every scenario
    python -m tests.contract.replay people_auth smoke  these, with each step that differs
    python -m tests.contract.replay --golden smoke 3   the golden record of a step instead
    python -m tests.contract.replay --raise            and writes down where more steps hold than before

What holds: the request is the same, the status is equal, and every key of the golden body is there with its value.
"""

import argparse
import contextlib
import importlib.util
import json
import sys
import tempfile
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from tests.contract import material, recording
from tests.contract.comparison import judge
from tests.contract.material import Step


@dataclass(frozen=True)
class Difference:
    """A step that does not hold, and why."""

    number: int
    request: str
    reasons: list[str]


@dataclass(frozen=True)
class Outcome:
    """What a replay came to. `problem` is the exception that cut the scenario short."""

    name: str
    steps: int
    differences: list[Difference]
    problem: str | None

    @property
    def held(self) -> int:
        """How many steps hold."""
        return self.steps - len(self.differences)

    def report(self, most: int = 40) -> str:
        """The outcome in words: a line, and a few for each of the first steps that differ."""
        lines = [f"{self.name}: {self.held} of {self.steps} steps hold"]
        for difference in self.differences[:most]:
            lines.append(f"  step {difference.number}  {difference.request}")
            lines += [f"      {reason}" for reason in difference.reasons[:6]]
            if len(difference.reasons) > 6:
                lines.append(f"      and {len(difference.reasons) - 6} more")
        if len(self.differences) > most:
            lines.append(f"  and {len(self.differences) - most} more steps")
        if self.problem:
            lines += ["  The scenario was cut short by", *(f"    {line}" for line in self.problem.splitlines())]
        return "\n".join(lines)


def replay(name: str, url: str) -> Outcome:
    """Plays a scenario against an API with a fresh studio, and compares its steps with the golden ones."""
    steps, problem = play(name, url)
    return compare(name, material.golden(name), steps, problem)


def compare(name: str, golden: list[Step], steps: list[Step], problem: str | None = None) -> Outcome:
    """The outcome of steps that were played; those that are missing do not hold."""
    found = []
    for index, want in enumerate(golden):
        reasons = judge(want, steps[index]) if index < len(steps) else ["not reached"]
        if reasons:
            found.append(Difference(want["step"], f"{want['method']} {want['path']}", reasons))
    return Outcome(name, len(golden), found, problem)


def play(name: str, url: str) -> tuple[list[Step], str | None]:
    """The recorded steps of a scenario, and the traceback of what cut it short: it goes as far as the API lets it."""
    api = recording.Api(url)
    with _importable(), _client_restored(), contextlib.closing(api.session):
        try:
            _load(name).run(api)
        except Exception as problem:
            return api.steps, "".join(traceback.format_exception(problem, limit=-3)).strip()
    return api.steps, None


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"scenario_{name}", material.SCENARIOS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def _importable() -> Iterator[None]:
    """Lets scenarios import what they share, and the recording client by the name that it has in the contract."""
    folder = str(material.SCENARIOS)
    sys.path.insert(0, folder)
    sys.modules["contract"] = recording
    try:
        yield
    finally:
        sys.path.remove(folder)
        del sys.modules["contract"]


@contextlib.contextmanager
def _client_restored() -> Iterator[None]:
    """Gives gazu's one client for all back as it was: scenarios point it at their server."""
    import gazu.cache
    import gazu.client

    client, cached = gazu.client.default_client, gazu.cache.cache_settings["enabled"]
    former = dict(vars(client))
    try:
        yield
    finally:
        vars(client).clear()
        vars(client).update(former)
        gazu.cache.cache_settings["enabled"] = cached


def main() -> int:
    """The command; 0 where at least as many steps hold as are written down."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.contract.replay",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="scenarios; without any, all of them")
    parser.add_argument("--raise", dest="rise", action="store_true", help="write down where more steps hold")
    parser.add_argument("--most", type=int, default=12, help="how many differing steps of a scenario to show (12)")
    parser.add_argument("--golden", nargs="+", metavar=("NAME", "STEP"), help="show a golden record, or steps of it")
    options = parser.parse_args()
    if options.golden:
        return _show(options.golden[0], {int(number) for number in options.golden[1:]})
    unknown = set(options.names) - set(material.scenario_names())
    if unknown:
        parser.error(f"there is no scenario {', '.join(sorted(unknown))}")
    return _run(options.names or material.scenario_names(), options.most, options.rise)


def _show(name: str, numbers: set[int]) -> int:
    for step in material.golden(name):
        if not numbers or step["step"] in numbers:
            print(json.dumps(step, indent=1, ensure_ascii=False))
    return 0


def _run(names: list[str], most: int, rise: bool) -> int:
    numbers = material.holding()
    outcomes = []
    for outcome in _outcomes(names):
        print(outcome.report(most), flush=True)
        outcomes.append(outcome)
    fewer = [outcome.name for outcome in outcomes if outcome.held < numbers[outcome.name][0]]
    more = {one.name: (one.held, one.steps) for one in outcomes if one.held > numbers[one.name][0]}
    held, steps = sum(one.held for one in outcomes), sum(one.steps for one in outcomes)
    print(f"{held} of {steps} steps hold ({100 * held / max(steps, 1):.1f} %)")
    if fewer:
        print(f"Fewer than written down: {', '.join(fewer)}")
    if more and rise:
        material.HOLDING.write_text(material.holding_text({**numbers, **more}))
    if more:
        print(f"More than written down{', now raised' if rise else ''}: {', '.join(more)}")
    return 1 if fewer else 0


def _outcomes(names: list[str]) -> Iterator[Outcome]:
    """The outcomes one by one, of a server of our own."""
    # Sets what the app reads as it is imported.
    import tests.conftest  # noqa: F401
    from infra.local.cloud import free_port
    from infra.local.engine import Engine, find_engine
    from tests.contract.local_server import LocalServer

    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(find_engine(), Path(folder) / "records.db", free_port())
        engine.start()
        engine.wait()
        from app import app

        server = LocalServer(app, engine, Path(folder))
        server.start()
        try:
            for name in names:
                with server.fresh_studio() as url:
                    yield replay(name, url)
        finally:
            server.stop()
            engine.stop()


if __name__ == "__main__":
    sys.exit(main())
