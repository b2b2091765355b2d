"""Every recorded scenario of the contract, replayed against a fresh studio; how far each holds may only grow."""

import pytest

from tests.contract import material
from tests.contract.local_server import LocalServer
from tests.contract.replay import replay

NAMES = material.scenario_names()
HOLDING = material.holding()


def test_what_holds_is_written_down_for_every_scenario() -> None:
    assert sorted(HOLDING) == NAMES


# Scenarios leave connections of their clients open.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_holds_as_far_as_written_down(name: str, server: LocalServer) -> None:
    with server.fresh_studio() as url:
        outcome = replay(name, url)
    held, steps = HOLDING[name]
    assert outcome.steps == steps, "run: python -m tests.contract.refresh"
    if outcome.held < held:
        pytest.fail(f"{held} steps held before.\n{outcome.report()}", pytrace=False)
    if outcome.held > held:
        told = f"{outcome.held} of {steps} steps hold, more than the {held} that are written down"
        pytest.fail(f"{told}: run python -m tests.contract.replay --raise {name}", pytrace=False)
