"""When a call will have been heard, and when that has to be told again."""

from collections.abc import Callable
from datetime import UTC, datetime

from bus.orders import Speak
from bus.states import Call
from config import Clock
from display.announcer.call_queue import Saying, Text, Utterance
from display.announcer.receipts import Promises

MakeCall = Callable[..., Call]
SENTENCE_S = 10.0


class Fixed(Clock):
    """A clock that stands still."""

    def monotonic(self) -> float:
        return 100.0


def promises() -> Promises:
    return Promises(Fixed(), lambda _saying: SENTENCE_S)


def first(call: Call) -> Saying:
    return Utterance(call, 1, False)


def test_each_end_comes_after_all_that_is_before(make_call: MakeCall) -> None:
    calls = [first(make_call(n)) for n in (1, 2, 3)]
    told = promises().renew(calls[0], 104.0, calls[1:])
    assert [seq for seq, _ in told] == [1, 2, 3]
    for (_, eta_s), end_s in zip(told, (4, 14, 24), strict=True):
        assert end_s < eta_s < end_s + 4


def test_a_promise_is_made_once_while_it_holds(make_call: MakeCall) -> None:
    keeper, calls = promises(), [first(make_call(n)) for n in (1, 2)]
    keeper.renew(calls[0], 104.0, calls[1:])
    assert keeper.renew(calls[0], 105.0, calls[1:]) == []
    assert keeper.renew(None, 0.0, calls[1:]) == []


def test_what_comes_in_between_is_told(make_call: MakeCall) -> None:
    keeper, calls = promises(), [first(make_call(n)) for n in (1, 2)]
    keeper.renew(calls[0], 104.0, calls[1:])
    order = Speak(id="01ORDER", at=datetime(2026, 11, 23, tzinfo=UTC), text="fire", urgent=True)
    ((seq, eta_s),) = keeper.renew(calls[0], 104.0, [Text(order, True), *calls[1:]])
    assert seq == 2
    assert 24 < eta_s < 28


def test_a_sentence_longer_than_expected_is_told(make_call: MakeCall) -> None:
    keeper, call = promises(), first(make_call(1))
    keeper.renew(call, 104.0, [])
    ((_, eta_s),) = keeper.renew(call, 130.0, [])
    assert 30 < eta_s < 34


def test_repeats_are_not_promised(make_call: MakeCall) -> None:
    assert promises().renew(Utterance(make_call(1), 2, False), 110.0, []) == []
