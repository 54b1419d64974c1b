import pytest

from bus.orders import Acknowledgement
from bus.vocabulary import AckOutcome
from web.board.tally import _MOST, Tally


@pytest.fixture
def tally() -> Tally:
    return Tally()


def _ack(seq: int, outcome: str, epoch: str = "E") -> Acknowledgement:
    return Acknowledgement(epoch=epoch, call_seq=seq, outcome=AckOutcome(outcome))


def test_each_call_is_accepted_once_and_ended_once(tally: Tally) -> None:
    told = [
        tally.take(_ack(1, outcome), owed=False)
        for outcome in ("accepted", "accepted", "shown", "shown", "skipped", "accepted")
    ]
    assert told == [True, False, True, False, False, False]


def test_nobody_skips_what_another_is_still_to_show(tally: Tally) -> None:
    assert not tally.take(_ack(1, "skipped"), owed=True)
    assert tally.take(_ack(1, "shown"), owed=False)
    assert tally.take(_ack(2, "skipped"), owed=False)
    assert not tally.take(_ack(2, "shown"), owed=False)


def test_another_epoch_is_another_book(tally: Tally) -> None:
    assert tally.take(_ack(1, "shown"), owed=False)
    assert tally.take(_ack(1, "shown", epoch="F"), owed=False)


def test_forgets_what_is_long_over(tally: Tally) -> None:
    for seq in range(20_000):
        assert tally.take(_ack(seq, "shown"), owed=False)
    assert len(tally._ended) <= _MOST
    assert not tally.take(_ack(19_500, "shown"), owed=False)
