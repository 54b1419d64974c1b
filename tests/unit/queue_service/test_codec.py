"""Logs of older versions are read by newer ones."""

from datetime import UTC, datetime

import pytest

from queue_service.codec import decode_fact, encode_fact
from queue_service.domain.apply import apply
from queue_service.domain.events import CallHandedOver, CallUnannounced, CounterOpened, Fact
from queue_service.domain.state import State, Unannounced
from queue_service.domain.values import CounterNumber, Mark
from queue_service.errors import LogError

AT = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
OLD = (
    b'{"seq":9,"at":"2026-11-23T01:24:00Z","mono":5.0,"boot":"b","day":"2026-11-23","step":9,'
    b'"kind":"call_unannounced","cause":"watch","device":"service",'
    b'"event":{"counter":3,"call_seq":7,"missing":"shown,spoken"}}'
)


def fact(seq: int, event: CallUnannounced | CallHandedOver | CounterOpened) -> Fact:
    mark = Mark(AT, 5.0, "b")
    return Fact(seq=seq, at=mark, day=AT.date(), step=seq, event=event, cause="watch")


def test_an_alarm_that_named_no_devices_is_still_one() -> None:
    state = apply(State(seq=8), decode_fact(OLD))
    assert state.unannounced == {
        CounterNumber(3): Unannounced(7, "", AT, frozenset({"shown", "spoken"}), ())
    }


def test_what_a_call_lacks_is_put_together_and_the_next_call_begins_anew() -> None:
    three = CounterNumber(3)
    state = State(seq=8)
    for seq, call_seq, missing, device in (
        (9, 7, "shown", "board-1"),
        (10, 7, "spoken", "announcer-1"),
    ):
        event = CallUnannounced(
            counter=three, call_seq=call_seq, missing=missing, number="2005", devices=(device,)
        )
        state = apply(state, decode_fact(encode_fact(fact(seq, event))))
    assert state.unannounced[three] == Unannounced(
        7, "2005", AT, frozenset({"shown", "spoken"}), ("board-1", "announcer-1")
    )
    later = CallUnannounced(counter=three, call_seq=8, missing="shown", devices=("board-2",))
    assert apply(state, fact(11, later)).unannounced[three].devices == ("board-2",)


def test_a_call_remembers_who_took_it_over() -> None:
    event = CallHandedOver(
        counter=CounterNumber(3),
        call_seq=7,
        speaker="announcer-2",
        instead_of="announcer-1",
        why="silent",
    )
    state = apply(State(seq=8), decode_fact(encode_fact(fact(9, event))))
    assert state.speakers == {7: "announcer-2"}


def test_bytes_that_go_too_deep_are_no_event() -> None:
    whole = encode_fact(fact(9, CounterOpened(counter=CounterNumber(3))))
    deep = b"[" * 5000
    for body in (deep, whole.replace(b'"counter":3', b'"counter":' + deep)):
        with pytest.raises(LogError, match="not an event"):
            decode_fact(body)
