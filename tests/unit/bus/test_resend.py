from bus.orders import Acknowledgement
from bus.resend import RecentAcks
from bus.vocabulary import AckOutcome


def ack(call_seq: int, outcome: str, epoch: str = "a") -> Acknowledgement:
    return Acknowledgement(epoch=epoch, call_seq=call_seq, outcome=AckOutcome(outcome))


def test_the_last_word_on_each_call_counts() -> None:
    recent = RecentAcks()
    for said in (ack(1, "accepted"), ack(2, "accepted"), ack(1, "shown"), ack(3, "skipped")):
        recent.note(said, 10.0)
    recent.note(ack(1, "accepted"), 11.0)
    assert recent.last_words("a", 12.0) == [ack(1, "shown"), ack(2, "accepted"), ack(3, "skipped")]


def test_what_is_older_than_two_minutes_or_of_another_epoch_is_not_said_again() -> None:
    recent = RecentAcks()
    recent.note(ack(1, "shown"), 10.0)
    recent.note(ack(2, "shown", epoch="b"), 100.0)
    recent.note(ack(3, "shown"), 100.0)
    assert recent.last_words("a", 130.1) == [ack(3, "shown")]
