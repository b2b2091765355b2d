"""Rounds of sending: what fails comes again, what was sent does not, nobody sends beside another."""

import json
import threading

import pytest

from chalicelib.domain.outbox import rounds
from chalicelib.domain.outbox.rounds import PAUSES, Outcome, Outcomes, deliver
from chalicelib.functions import outbox as function
from chalicelib.records import clock
from chalicelib.store import keys, outbox, queue, reads, session
from chalicelib.store.outbox import Attempt, Message, Turn
from tests.unit.outbox.conftest import Later

TO = "there"
Wakes = list[tuple[str, str]]


def message(number: int = 1, **values: object) -> Message:
    known = {"id": f"m{number}", "name": "task:new", "body": "{}", "created_at": clock.now()}
    return Message(destination=TO, **{**known, "next_attempt_at": clock.now(), **values})  # type: ignore[arg-type]


class Recorder:
    """Notes what it is given to send; answers `status`, or does `instead`."""

    def __init__(self, status: int = 204) -> None:
        self.status = status
        self.sent: list[str] = []
        self.noted: list[bool] = []
        self.wants_more = True
        self.again = True
        self.after = 0.0

    def send(self, message: Message) -> Outcome:
        self.sent.append(message.id)
        tried = Attempt(clock.now(), 0.01, status=self.status)
        return Outcome(tried, self.status < 300, self.again, self.after)

    def note(self, outcomes: Outcomes) -> bool:
        self.noted += [outcome.delivered for _, outcome in outcomes]
        return self.wants_more


def found(number: int = 1) -> Message:
    stored = outbox.find(TO, f"m{number}")
    assert stored is not None
    return stored


@pytest.fixture
def sender(table: str, wakes: Wakes) -> Recorder:
    return Recorder()


def test_what_is_due_is_sent_once(sender: Recorder, wakes: Wakes) -> None:
    assert outbox.add([message(1), message(2)]) == [TO]
    deliver(TO, sender)
    deliver(TO, sender)
    assert sorted(sender.sent) == ["m1", "m2"]
    assert (found().status, found().next_attempt_at, found().tries) == ("delivered", None, 1)
    assert [attempt.status for attempt in found().attempts] == [204]
    assert wakes == []


def test_what_is_asked_for_twice_is_there_once(sender: Recorder) -> None:
    outbox.add([message(1)])
    deliver(TO, sender)
    assert outbox.add([message(1, body='{"other": 1}'), message(2)]) == [TO]
    deliver(TO, sender)
    assert sender.sent == ["m1", "m2"]


def test_what_fails_comes_again_after_growing_pauses_for_a_day(sender: Recorder, wakes: Wakes, later: Later) -> None:
    sender.status = 500
    outbox.add([message()])
    began = clock.now()
    for number, pause in enumerate(PAUSES):
        deliver(TO, sender)
        assert len(sender.sent) == number + 1
        at = found().next_attempt_at
        assert at is not None
        assert clock.shift(clock.now(), seconds=0.8 * pause) < at < clock.shift(clock.now(), seconds=1.2 * pause)
        deliver(TO, sender)
        assert len(sender.sent) == number + 1
        later(1.2 * pause)
    assert 0.9 * 86_400 < sum(PAUSES) < 1.1 * 86_400
    deliver(TO, sender)
    assert (found().status, found().next_attempt_at, found().tries) == ("failed", None, len(PAUSES) + 1)
    later(100_000)
    deliver(TO, sender)
    assert len(sender.sent) == len(PAUSES) + 1 == len(found().attempts)
    assert clock.now() > clock.shift(began, days=1)
    assert [to for to, _ in wakes] == [TO] * len(PAUSES)


def test_somebody_comes_when_the_next_is_due_and_nobody_twice(sender: Recorder, wakes: Wakes, later: Later) -> None:
    sender.status = 500
    outbox.add([message(1, tries=3)])
    for _ in range(3):
        deliver(TO, sender)
    assert wakes == [(TO, found(1).next_attempt_at)]
    outbox.add([message(2)])
    deliver(TO, sender)
    assert wakes[1:] == [(TO, found(2).next_attempt_at)]
    sender.status = 200
    later(6)
    deliver(TO, sender)
    assert found(2).status == "delivered"
    assert wakes[2:] == [(TO, found(1).next_attempt_at)]
    later(700)
    deliver(TO, sender)
    assert found(1).status == "delivered"
    assert len(wakes) == 3


def test_who_is_woken_too_early_comes_again(table: str, wakes: Wakes) -> None:
    at = clock.shift(clock.now(), hours=2)
    function.handle_queue_event({"Records": [{"body": json.dumps({outbox.WORD: TO, "at": at})}]})
    assert wakes == [(TO, at)]


def test_the_queue_is_asked_to_wait_as_long_as_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr(queue, "send", lambda body, name, delay: sent.append(delay))
    for seconds in (-5, 0.2, 61.5, 5000):
        outbox.wake(TO, clock.shift(clock.now(), seconds=seconds))
    outbox.wake(TO)
    assert sent == [0, 1, 62, 900, 0]


def test_who_asks_to_be_left_alone_is(sender: Recorder) -> None:
    sender.status, sender.after = 429, 400.0
    outbox.add([message()])
    deliver(TO, sender)
    assert str(found().next_attempt_at) > clock.shift(clock.now(), seconds=390)


def test_what_no_other_try_helps_is_given_up(sender: Recorder) -> None:
    sender.status, sender.again = 404, False
    outbox.add([message()])
    deliver(TO, sender)
    assert (found().status, found().next_attempt_at) == ("failed", None)


def test_who_fails_all_is_not_asked_for_the_rest_at_once(sender: Recorder, wakes: Wakes) -> None:
    sender.status = 500
    outbox.add([message(number) for number in range(20)])
    deliver(TO, sender)
    assert len(sender.sent) == rounds.AT_ONCE
    ((_, at),) = wakes
    assert at > clock.shift(clock.now(), seconds=55)


def test_a_long_list_is_sent_in_the_order_of_its_waiting(sender: Recorder) -> None:
    outbox.add([message(number) for number in range(40)])
    deliver(TO, sender)
    assert len(sender.sent) == 40
    assert {f"m{number}" for number in range(8)} == set(sender.sent[:8])


def test_a_round_ends_and_has_itself_woken(sender: Recorder, wakes: Wakes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "SECONDS_OF_A_ROUND", -1.0)
    outbox.add([message()])
    deliver(TO, sender)
    assert (sender.sent, wakes) == ([], [(TO, "")])


def test_one_sends_at_a_time_and_what_comes_meanwhile_is_not_left(sender: Recorder) -> None:
    """Whoever finds the turn taken goes: who has it looks once more when it has given it up."""
    begun, go_on = threading.Event(), threading.Event()
    send = sender.send

    def slow(one: Message) -> Outcome:
        if one.id == "m1":
            begun.set()
            go_on.wait(20)
        return send(one)

    sender.send = slow  # type: ignore[method-assign]
    outbox.add([message(1)])

    def run() -> None:
        with session.opened():
            deliver(TO, sender)

    first = threading.Thread(target=run)
    first.start()
    assert begun.wait(20)
    outbox.add([message(2)])
    deliver(TO, sender)
    assert sender.sent == []
    go_on.set()
    first.join(20)
    assert sender.sent == ["m1", "m2"]
    assert reads.claimant(keys.outbox_turn(TO)) is None


def test_a_function_that_dies_blocks_nobody_for_long(sender: Recorder, later: Later, wakes: Wakes) -> None:
    """Of those who come meanwhile the first comes again when its turn would be over; others leave it to that."""
    outbox.add([message()])
    assert Turn.take(TO) is not None
    for _ in range(3):
        deliver(TO, sender)
    assert sender.sent == []
    ((to, at),) = wakes
    assert to == TO
    later(clock.seconds_between(clock.now(), at))
    deliver(TO, sender)
    assert (sender.sent, len(wakes)) == (["m1"], 1)


def test_a_turn_grows_while_it_is_used(sender: Recorder, later: Later, wakes: Wakes) -> None:
    turn = Turn.take(TO)
    assert turn is not None
    for _ in range(4):
        later(0.8 * outbox.SECONDS_OF_A_TURN)
        assert turn.goes_on()
        assert Turn.take(TO) is None
    later(2 * outbox.SECONDS_OF_A_TURN)
    other = Turn.take(TO)
    assert other is not None
    assert not turn.goes_on()
    turn.give_up()
    assert Turn.take(TO) is None
    other.give_up()
    assert Turn.take(TO) is not None


def test_a_fault_of_ours_is_tried_again_and_holds_nobody_up(sender: Recorder) -> None:
    send = sender.send

    def fail(one: Message) -> Outcome:
        if one.id == "m1":
            raise KeyError("a fault")
        return send(one)

    sender.send = fail  # type: ignore[method-assign]
    outbox.add([message(1), message(2)])
    deliver(TO, sender)
    assert (found(1).status, found(2).status) == ("pending", "delivered")
    assert found(1).attempts[0].problem


def test_nothing_more_is_sent_to_what_is_switched_off(sender: Recorder) -> None:
    sender.wants_more = False
    outbox.add([message(number) for number in range(20)])
    deliver(TO, sender)
    assert len(sender.sent) == rounds.AT_ONCE
    deliver(TO, None)
    assert len(sender.sent) == rounds.AT_ONCE


def test_what_a_delivery_costs(sender: Recorder) -> None:
    """Added: a read and a write. Sent: the turn, a query, a write; one more query finds that nothing is left."""
    with session.opened() as cost:
        outbox.add([message(number) for number in range(8)])
    assert cost.calls == {"BatchGetItem": 1, "BatchWriteItem": 1}
    with session.opened() as cost:
        deliver(TO, sender)
    assert cost.calls["BatchWriteItem"] == 1
    assert cost.calls["Query"] == 3
    assert cost.call_count == 8


def test_lists_are_newest_first(sender: Recorder) -> None:
    for number in range(5):
        outbox.add([message(number)])
    assert [one.id for one in outbox.newest(TO, 3)] == ["m4", "m3", "m2"]
    last = outbox.newest(TO, 3)[-1].created_at
    assert [one.id for one in outbox.newest(TO, 3, last)] == ["m1", "m0"]
