"""Tells the hall what was committed: events from a cursor, documents when they change."""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from bus import codec, orders, states, vocabulary
from bus.port import Bus
from bus.topics import Topics
from config import centre_to_wire
from queue_service.centre_versions import Version
from queue_service.codec import kind_of, plain_event
from queue_service.domain import events as e
from queue_service.ledger import Ledger
from queue_service.results import issued_ticket
from queue_service.states import (
    Header,
    View,
    board_state,
    counter_state,
    services_state,
    wire_call,
)

_BLANK = Header("", 0, datetime(1970, 1, 1, tzinfo=UTC))
_ORDER_AGE_S = 120.0
"""An order older than this on the wall's clock is better given again by a person."""
_NAMING = frozenset({"ticket", "number", "service", "ticket_class", "counter"})


class Publisher:
    """Publishes on the service's thread; without a link nothing is lost, only later."""

    def __init__(
        self, bus: Bus, topics: Topics, ledger: Ledger, real_s: Callable[[float], float]
    ) -> None:
        self._bus = bus
        self._topics = topics
        self._ledger = ledger
        self._real_s = real_s
        self._sent: dict[str, states.State] = {}
        # Told after the state of the boards, which says whom the counters expect.
        self._handed_over: list[tuple[e.Fact, e.CallHandedOver]] = []

    def forget(self) -> None:
        """Publish every document anew, because the broker may have lost them."""
        self._sent.clear()

    def events(self, view: View) -> None:
        """Publish what is after the cursor, while there is a link."""
        if not self._bus.connected:
            return
        for fact in self._ledger.unpublished():
            event = fact.event
            self._bus.publish(
                self._topics.event(kind_of(event)),
                codec.encode(_wire_event(fact, self._ledger.epoch)),
            )
            if isinstance(event, e.PrintRequested):
                self._order_print(view, fact, event)
            elif isinstance(event, e.CallHandedOver):
                self._handed_over.append((fact, event))
            self._ledger.cursor = fact.seq

    def documents(self, view: View, version: Version) -> bool:
        """Publish every document that says something new; returns whether the boards' did."""
        if not self._bus.connected:
            return False
        header = Header(self._ledger.epoch, self._ledger.state.seq, view.now)
        self._config(version, header)
        news = self._document(self._topics.board(), header, lambda blank: board_state(view, blank))
        self._document(self._topics.services(), header, lambda blank: services_state(view, blank))
        for number in view.rules.counters:
            self._document(
                self._topics.counter(number),
                header,
                lambda blank, number=number: counter_state(view, number, blank),  # type: ignore[misc]
            )
        for fact, event in self._handed_over:
            self._order_speech(view, fact, event)
        self._handed_over.clear()
        return news

    def _config(self, version: Version, header: Header) -> None:
        topic = self._topics.config()
        sent = self._sent.get(topic)
        if isinstance(sent, states.ConfigState) and sent.version == version.number:
            return
        self._document(
            topic,
            header,
            lambda blank: states.ConfigState(
                epoch=blank.epoch,
                rev=blank.rev,
                at=blank.at,
                version=version.number,
                centre=centre_to_wire(version.centre),
            ),
        )

    def _document(self, topic: str, header: Header, make: Callable[[Header], states.State]) -> bool:
        """Publish a document unless only its time would be new."""
        blank = make(_BLANK)
        if self._sent.get(topic) == blank:
            return False
        self._sent[topic] = blank
        state = msgspec.structs.replace(blank, epoch=header.epoch, rev=header.rev, at=header.at)
        self._bus.publish(topic, codec.encode(state), retain=True)
        return True

    def _order_print(self, view: View, fact: e.Fact, event: e.PrintRequested) -> None:
        ticket = view.state.tickets.get(event.ticket)
        if ticket is None or self._is_stale(view, fact):
            return
        issued = issued_ticket(view.state, view.rules, ticket, view.now)
        order = orders.PrintTicket(
            id=self._order_id(fact), at=fact.at.at, ticket=issued, copy=event.copy
        )
        self._bus.publish(self._topics.order(event.print_on), codec.encode(order))

    def _order_speech(self, view: View, fact: e.Fact, event: e.CallHandedOver) -> None:
        calls = (call for call in view.state.calls if call.call_seq == event.call_seq)
        call = next(calls, None)
        if call is None or self._is_stale(view, fact):
            return
        order = orders.SpeakCall(
            id=self._order_id(fact),
            at=view.now,
            epoch=self._ledger.epoch,
            call=wire_call(view.state, call),
        )
        self._bus.publish(self._topics.order(event.speaker), codec.encode(order))

    def _order_id(self, fact: e.Fact) -> str:
        return f"{self._ledger.epoch}-{fact.seq}"

    def _is_stale(self, view: View, fact: e.Fact) -> bool:
        return self._real_s((view.now - fact.at.at).total_seconds()) > _ORDER_AGE_S


def _wire_event(fact: e.Fact, epoch: str) -> states.Event:
    event = fact.event
    plain = plain_event(event)
    plain.pop("token", None)  # what lets a citizen give the number up is not for everybody
    head: dict[str, object] = {}
    if isinstance(event, e.TicketEvent):
        head = {
            "ticket": event.ticket,
            "number": event.number,
            "service": event.service,
            "ticket_class": vocabulary.TicketClass(event.ticket_class),
        }
    return states.Event(
        kind=kind_of(event),
        epoch=epoch,
        seq=fact.seq,
        at=fact.at.at,
        business_day=fact.day.isoformat(),
        counter=getattr(event, "counter", None),
        data={key: value for key, value in plain.items() if key not in _NAMING},
        **head,  # type: ignore[arg-type]
    )
