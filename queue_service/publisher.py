"""Tells the hall what was committed: documents when they change, events from a cursor."""

import logging
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Protocol

import msgspec

from bus import codec, orders, states
from bus.health import PrinterChoice
from bus.port import Bus
from bus.topics import Topics
from bus.vocabulary import LATEST, Language
from config import centre_to_wire
from queue_service.centre_versions import Version
from queue_service.codec import kind_of, plain_event
from queue_service.domain import events as e
from queue_service.domain.devices import PRINT_SLIP, TEXT_EXPIRES
from queue_service.domain.values import AppointmentId
from queue_service.ledger import Ledger
from queue_service.results import issued_ticket
from queue_service.states import (
    Header,
    View,
    board_state,
    counter_state,
    devices_state,
    order_id,
    services_state,
    staff_state,
    wire_call,
)
from queue_service.timetable import next_change

_log = logging.getLogger(__name__)

_BLANK = Header("", 0, datetime(1970, 1, 1, tzinfo=UTC))
_ORDER_AGE_S = 120.0
"""An order older than this on the real clock is better given again by a person."""
_LOOKED_AT_EVERY = timedelta(seconds=1)
"""Waits change by the clock alone, too, while a counter rests."""
_EVENTS_AT_ONCE = 200
"""After a long time without a link, commands are taken between so many events."""
_BLINK_S = 10
_NAMING = frozenset({"ticket", "number", "service", "ticket_class", "counter"})
_HANDED_ON = frozenset({"counter", "appointments"})
"""What a day hands on to the next may be long, and was told when it was made."""


class Publisher:
    """Publishes on the service's thread; what no live link took is published on the next.

    The cursor moves only when the link took an event and then the order that follows from it. So
    an event may come twice, which its `seq` tells, and after a crash an order too, which its `id`
    (`epoch-seq`) tells: devices obey each id once.
    """

    def __init__(
        self, bus: Bus, topics: Topics, ledger: Ledger, real_s: Callable[[float], float]
    ) -> None:
        self._bus = bus
        self._topics = topics
        self._ledger = ledger
        self._real_s = real_s
        self._sent: dict[str, states.State | None] = {}
        """What the broker has below each topic; None once it may have lost it."""
        self._broken: set[str] = set()
        self._shown: View | None = None
        self.board_rev: int | None = None
        """The `rev` of the newest state of the boards that a link took."""

    @property
    def behind(self) -> bool:
        """Return whether events are committed that no link took."""
        return self._ledger.cursor < self._ledger.state.seq

    def forget(self) -> None:
        """Publish every document again, because the broker or a device may have lost them."""
        self._sent = dict.fromkeys(self._sent)
        self._shown = None

    def publish(self, view: View, version: Version) -> None:
        """Publish every document that says something new, then the events after the cursor.

        In this order, because the states say whom the counters expect when a call is handed over.
        """
        if not self._bus.connected:
            return
        if self._looks_alike(view):
            self._events(view)
        elif self._documents(view, version):
            self._shown = view
            self._events(view)

    def _looks_alike(self, view: View) -> bool:
        """Return whether every document would be what it was, as most often after a status."""
        shown = self._shown
        if shown is None or replace(view, mark=shown.mark) != shown:
            return False
        change = next_change(view.state, view.rules, shown.now)
        return view.now < min(shown.now + _LOOKED_AT_EVERY, change or LATEST)

    def _events(self, view: View) -> None:
        for fact in islice(self._ledger.unpublished(), _EVENTS_AT_ONCE):
            topic = self._topics.event(kind_of(fact.event))
            event = codec.encode(_wire_event(fact, self._ledger.epoch))
            if not (self._bus.publish(topic, event) and self._give_order(view, fact)):
                return
            self._ledger.cursor = fact.seq

    def _give_order(self, view: View, fact: e.Fact) -> bool:
        """Return whether a live link took the order that follows from a fact, if any does."""
        order = _order_of(view, fact, self._ledger.epoch, self._ledger.store)
        if order is None or self._real_s((view.now - fact.at.at).total_seconds()) > _ORDER_AGE_S:
            return True
        device, message = order
        return self._bus.publish(self._topics.order(device), codec.encode(message))

    def _documents(self, view: View, version: Version) -> bool:
        """Return whether a live link has every document as it is now."""
        header = Header(self._ledger.epoch, self._ledger.state.seq, view.now)
        topics = self._topics
        documents: dict[str, Callable[[Header], states.State]] = {
            topics.config(): partial(self._config, version),
            topics.board(): partial(board_state, view),
            topics.services(): partial(services_state, view),
            topics.devices(): partial(devices_state, view),
            topics.staff(): partial(staff_state, view),
        }
        for number in view.rules.counters:
            documents[topics.counter(number)] = partial(counter_state, view, number)
        published = all(self._document(topic, header, make) for topic, make in documents.items())
        return published and self._take_back(documents.keys())

    def _take_back(self, kept: Collection[str]) -> bool:
        """Have the broker forget the counters that are no more; return False without a link."""
        for topic in [topic for topic in self._sent if topic not in kept]:
            if not self._bus.publish(topic, b"", retain=True):
                return False
            del self._sent[topic]
        return True

    def _config(self, version: Version, header: Header) -> states.ConfigState:
        sent = self._sent.get(self._topics.config())
        if isinstance(sent, states.ConfigState) and sent.version == version.number:
            return sent
        return states.ConfigState(
            epoch=header.epoch,
            rev=header.rev,
            at=header.at,
            version=version.number,
            centre=centre_to_wire(version.centre),
        )

    def _document(self, topic: str, header: Header, make: Callable[[Header], states.State]) -> bool:
        """Publish a document unless only its time would be new; return False without a link."""
        try:
            blank = make(_BLANK)
        except Exception:  # noqa: BLE001 - outermost: one document must not hide the others
            if topic not in self._broken:
                self._broken.add(topic)
                _log.exception("a state cannot be composed topic=%s", topic)
            return True
        self._broken.discard(topic)
        if self._sent.get(topic) == blank:
            return True
        state = msgspec.structs.replace(blank, epoch=header.epoch, rev=header.rev, at=header.at)
        if not self._bus.publish(topic, codec.encode(state), retain=True):
            return False
        self._sent[topic] = blank
        if topic == self._topics.board():
            self.board_rev = header.rev
        return True


class Secrets(Protocol):
    """What stands in a row alone, never in the log."""

    def token_of(self, ticket: str) -> str | None:
        """Return the token of a ticket."""

    def code_of(self, appointment: str) -> str | None:
        """Return the code of an appointment."""


def _order_of(
    view: View, fact: e.Fact, epoch: str, store: Secrets
) -> tuple[str, orders.AnyOrder] | None:
    """Return the device and what it has to do because of `fact`; None when nobody has."""
    wire_id, event = order_id(epoch, fact.seq), fact.event
    if isinstance(event, e.PrintRequested):
        ticket = view.state.tickets.get(event.ticket)
        if ticket is None:
            return None
        issued = issued_ticket(
            view.state, view.rules, ticket, view.now, store.token_of(ticket.id) or ""
        )
        return event.print_on, orders.PrintTicket(
            id=wire_id,
            at=fact.at.at,
            ticket=issued,
            copy=event.copy,
            manner=view.care.manners.get(ticket.id),
        )
    if isinstance(event, e.CallHandedOver):
        call = next((call for call in view.state.calls if call.call_seq == event.call_seq), None)
        if call is None:
            return None
        return event.speaker, orders.SpeakCall(
            id=wire_id, at=view.now, epoch=epoch, call=wire_call(view, call)
        )
    if isinstance(event, e.DeviceOrdered):
        does: orders.AnyOrder | None = _device_order(fact, event, wire_id)
        if event.does == PRINT_SLIP:
            does = _slip(view, fact, event, wire_id, store.code_of(event.text))
        return None if does is None else (event.device, does)
    return None


def _slip(
    view: View, fact: e.Fact, event: e.DeviceOrdered, wire_id: str, code: str | None
) -> orders.AnyOrder | None:
    """Return the slip of an appointment as it is now; None for one that is gone."""
    appointment = view.state.appointments.get(AppointmentId(event.text))
    if appointment is None or code is None:
        return None
    return orders.PrintSlip(
        id=wire_id,
        at=fact.at.at,
        service=appointment.service,
        begins=appointment.at,
        code=code,
        lang=Language(event.lang),
    )


def _device_order(fact: e.Fact, event: e.DeviceOrdered, wire_id: str) -> orders.AnyOrder:
    at = fact.at.at
    match event.does:
        case "print_test":
            return orders.PrintTest(id=wire_id, at=at)
        case "use_printer":
            chosen = codec.decode(PrinterChoice, event.text.encode())
            return orders.UsePrinter(id=wire_id, at=at, printer=chosen)
        case "speak":
            return orders.Speak(
                id=wire_id,
                at=at,
                text=event.text,
                lang=Language(event.lang),
                expires_at=at + TEXT_EXPIRES,
            )
        case "set_volume":
            return orders.SetVolume(id=wire_id, at=at, volume=event.volume or 0.0)
        case _:
            return orders.Blink(id=wire_id, at=at, seconds=_BLINK_S)


def _wire_event(fact: e.Fact, epoch: str) -> states.Event:
    event = fact.event
    plain = plain_event(event)
    head: dict[str, object] = {}
    told = _HANDED_ON
    if isinstance(event, e.TicketEvent):
        told = _NAMING
        head = {
            "ticket": event.ticket,
            "number": event.number,
            "service": event.service,
            "ticket_class": event.ticket_class,
        }
    return states.Event(
        kind=kind_of(event),
        epoch=epoch,
        seq=fact.seq,
        at=fact.at.at,
        business_day=fact.day.isoformat(),
        counter=getattr(event, "counter", None),
        data={key: value for key, value in plain.items() if key not in told},
        **head,  # type: ignore[arg-type]
    )
