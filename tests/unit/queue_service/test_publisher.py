from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bus import codec, commands, states
from bus.orders import decode_order
from bus.port import Handler, LinkHandler
from bus.topics import Topics
from queue_service.domain.events import CallHandedOver
from queue_service.domain.values import CounterNumber
from queue_service.publisher import Publisher
from queue_service.states import View

_EVERYTHING = 10_000


class BreakingBus:
    """A link that takes so many messages and then drops."""

    def __init__(self) -> None:
        self.takes = _EVERYTHING
        self.taken: list[tuple[str, bytes]] = []

    @property
    def connected(self) -> bool:
        return self.takes > 0

    def publish(
        self, topic: str, payload: bytes, *, retain: bool = False, once: bool = False
    ) -> bool:
        del retain, once
        if self.takes == 0:
            return False
        self.takes -= 1
        self.taken.append((topic, payload))
        return True

    def subscribe(self, topic_filter: str, handler: Handler) -> None:
        raise NotImplementedError

    def on_link(self, handler: LinkHandler) -> None:
        raise NotImplementedError

    def confirmed(self, within_s: float) -> bool:
        raise NotImplementedError

    def start(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError


class Publishing(SimpleNamespace):
    """A publisher on a link that breaks, and what came of it."""

    def __init__(self, desk: SimpleNamespace) -> None:
        super().__init__(desk=desk, bus=BreakingBus(), topics=Topics("nhi-chieu"))
        self.begin()

    def begin(self) -> None:
        engine = self.desk.engine
        self.publisher = Publisher(self.bus, self.topics, engine.ledger, lambda seconds: seconds)

    def publish(self) -> None:
        engine = self.desk.engine
        mark = engine.ledger.time.present()
        view = View(state=engine.ledger.state, rules=engine.rules, mark=mark)
        self.publisher.publish(view, engine.version)

    def heard(self, kind: str) -> list[bytes]:
        return [payload for topic, payload in self.bus.taken if f"/{kind}/" in topic]

    def seqs(self) -> list[int]:
        return [codec.decode(states.Event, payload).seq for payload in self.heard("event")]

    def orders(self) -> list[str]:
        return [decode_order(payload).id for payload in self.heard("do")]


@pytest.fixture
def publishing(desk: SimpleNamespace) -> Publishing:
    """A ticket, a copy of its paper, a call and its hand-over are committed and not published."""
    publishing = Publishing(desk)
    publishing.publish()
    publishing.bus.taken.clear()
    ticket = desk.issue(print_on="kiosk-1")
    desk.send("counter-3", commands.ReprintTicket, ticket=ticket, print_on="kiosk-1")
    called = desk.send("counter-3", commands.CallNext, counter=3).result
    handed: dict[str, Any] = {"speaker": "announcer-2", "instead_of": "announcer-1"}
    over = CallHandedOver(
        counter=CounterNumber(3), call_seq=called["call_seq"], why="silent", **handed
    )
    desk.engine.record([over], "watch")
    return publishing


def _committed(publishing: Publishing, before: int) -> list[int]:
    return list(range(before + 1, publishing.desk.state.seq + 1))


def test_a_link_that_drops_between_any_two_messages_loses_and_doubles_nothing(
    publishing: Publishing,
) -> None:
    before = publishing.desk.engine.ledger.cursor
    publishing.publish()
    messages, orders = len(publishing.bus.taken), publishing.orders()
    assert publishing.seqs() == _committed(publishing, before)
    assert len(publishing.seqs()) >= 6
    assert len(orders) == 3
    for taken in range(messages + 1):
        publishing.desk.engine.ledger.cursor = before
        publishing.begin()
        publishing.bus.taken.clear()
        publishing.bus.takes = taken
        publishing.publish()
        assert len(publishing.bus.taken) == taken
        publishing.bus.takes = _EVERYTHING
        publishing.publisher.forget()
        publishing.publish()
        assert sorted(set(publishing.seqs())) == _committed(publishing, before), taken
        assert publishing.seqs() == sorted(publishing.seqs())
        assert publishing.orders() == orders, taken
        assert not publishing.publisher.behind


def test_only_what_changed_is_published(publishing: Publishing) -> None:
    publishing.publish()
    publishing.bus.taken.clear()
    publishing.publish()
    assert publishing.bus.taken == []
    publishing.desk.issue("CIVIL")
    publishing.publish()
    topics = [topic for topic, _ in publishing.bus.taken]
    assert publishing.topics.counter(CounterNumber(3)) in topics
    assert publishing.topics.counter(CounterNumber(6)) not in topics


def test_a_counter_that_goes_is_taken_back_whatever_was_forgotten_before(
    publishing: Publishing,
) -> None:
    publishing.publish()
    publishing.publisher.forget()
    rules = publishing.desk.engine.rules
    publishing.desk.engine.rules = replace(
        rules, counters={n: kept for n, kept in rules.counters.items() if n != 6}
    )
    publishing.publish()
    assert (publishing.topics.counter(CounterNumber(6)), b"") in publishing.bus.taken
    assert (publishing.topics.counter(CounterNumber(3)), b"") not in publishing.bus.taken


def test_after_a_crash_orders_come_again_under_the_same_id(publishing: Publishing) -> None:
    publishing.publish()
    orders = publishing.orders()
    publishing.desk.restart()
    publishing.bus.taken.clear()
    publishing.begin()
    publishing.publish()
    assert publishing.orders() == orders


def test_a_document_that_was_not_taken_is_published_on_the_next_link(
    publishing: Publishing,
) -> None:
    publishing.bus.takes = 1
    publishing.publish()
    publishing.bus.takes = _EVERYTHING
    publishing.publish()
    topics = [topic for topic, _ in publishing.bus.taken]
    assert topics.count(publishing.topics.board()) == 1
    assert publishing.topics.counter(CounterNumber(3)) in topics
    assert publishing.publisher.board_rev == publishing.desk.state.seq


def test_a_hand_over_is_told_after_the_state_of_the_boards(publishing: Publishing) -> None:
    publishing.publish()
    topics = [topic for topic, _ in publishing.bus.taken]
    board, order = publishing.topics.board(), publishing.topics.order("announcer-2")
    assert topics.index(board) < topics.index(order)


def test_one_document_that_cannot_be_made_hides_no_other(
    publishing: Publishing, expected_warnings: list[str]
) -> None:
    expected_warnings.append("cannot be composed")
    publishing.publish()
    publishing.bus.taken.clear()
    engine = publishing.desk.engine
    mark, nobody = engine.ledger.time.present(), cast("frozenset[int]", None)
    view = View(state=engine.ledger.state, rules=engine.rules, mark=mark, shown=nobody)
    publishing.publisher.forget()
    publishing.publisher.publish(view, engine.version)
    topics = [topic for topic, _ in publishing.bus.taken]
    assert publishing.topics.counter(CounterNumber(3)) not in topics
    assert publishing.topics.counter(CounterNumber(4)) in topics
