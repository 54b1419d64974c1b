from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bus.orders import Acknowledgement
from bus.vocabulary import AckOutcome, TicketClass, TicketState
from queue_service.announcements import Announcements, Patience, Zone
from queue_service.domain.events import CallAnnounced, CallHandedOver, CallUnannounced, Event
from queue_service.domain.state import Call, Counter, State
from queue_service.domain.tickets import Ticket
from queue_service.domain.values import CounterNumber, Mark, ServiceCode, TicketId, TicketNumber
from wait_log.rows import CallAck

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ONE = CounterNumber(1)


ZONE = Zone(
    boards={"board-1": 0.0, "board-2": 0.0},
    announcers=("announcer-1", "announcer-2"),
    voices={"announcer-1": 0.0, "announcer-2": 0.0},
)


@dataclass
class Hall:
    """Counter 1 with two boards and two announcers, its calls, and the watch over them."""

    make_ticket: Callable[..., Ticket]
    zone: Zone = ZONE
    state: State = field(default_factory=State)
    now: float = 100.0
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.begin()

    def begin(self, *heard: CallAck) -> None:
        """Start the service, with what its store knows."""
        self.announcements = Announcements(Patience(10.0, 60.0), heard)
        self.announcements.resume(self.state, self.of, self.age_s, self.now)

    def of(self, counter: int) -> Zone:
        assert counter == ONE
        return self.zone

    def age_s(self, call: Call) -> float:
        return (START + timedelta(seconds=self.now) - call.at).total_seconds()

    def call(self, call_seq: int, number: str = "1001") -> None:
        """Call `number`; the ticket called before is let go."""
        at = START + timedelta(seconds=self.now)
        call = Call(
            call_seq,
            TicketNumber(number),
            ONE,
            ServiceCode("CERT"),
            TicketClass.NORMAL,
            "vi",
            0,
            at,
        )
        ticket = self.make_ticket(
            number,
            at,
            state=TicketState.CALLED,
            call_seq=call_seq,
            called=Mark(at, self.now, "boot"),
        )
        self.state = replace(
            self.state,
            calls=(*self.state.calls, call),
            tickets={ticket.id: ticket},
            counters={ONE: replace(Counter(), current=ticket.id)},
        )
        self.watch()

    def watch(self) -> None:
        self.announcements.watch(self.state, self.of, self.now)

    def withdraw(self, call_seq: int) -> None:
        calls = (replace(c, withdrawn=c.call_seq == call_seq) for c in self.state.calls)
        self.state = replace(self.state, calls=tuple(calls))
        self.watch()

    def arrive(self) -> None:
        """The called person has come."""
        tickets = {
            key: replace(ticket, state=TicketState.SERVING)
            for key, ticket in self.state.tickets.items()
        }
        self.state = replace(self.state, tickets=tickets)

    def let_go(self) -> None:
        """The called person is sent away, before or after the call was heard."""
        self._come_to(TicketState.FINISHED, None)

    def expect_again(self) -> None:
        """The step that let the person go is taken back."""
        self._come_to(TicketState.CALLED, next(iter(self.state.tickets)))
        mark = Mark(START + timedelta(seconds=self.now), self.now, "boot")
        tickets = {k: replace(t, awaited=mark) for k, t in self.state.tickets.items()}
        self.state = replace(self.state, tickets=tickets)
        self.watch()

    def _come_to(self, state: TicketState, current: TicketId | None) -> None:
        tickets = {key: replace(ticket, state=state) for key, ticket in self.state.tickets.items()}
        counters = {ONE: replace(Counter(), current=current)}
        self.state = replace(self.state, tickets=tickets, counters=counters)

    def lose(self, *devices: str) -> None:
        boards = {d: since for d, since in self.zone.boards.items() if d not in devices}
        voices = {d: since for d, since in self.zone.voices.items() if d not in devices}
        self.zone = replace(self.zone, boards=boards, voices=voices)

    def find(self, device: str) -> None:
        """The device comes (back) now."""
        if device.startswith("board"):
            boards = {**self.zone.boards, device: self.now}
            self.zone = replace(self.zone, boards=boards)
        else:
            self.zone = replace(self.zone, voices={**self.zone.voices, device: self.now})

    def say(
        self,
        device: str,
        outcome: str,
        call_seq: int = 1,
        *,
        eta_s: float | None = None,
        reason: str | None = None,
    ) -> None:
        ack = Acknowledgement(
            epoch="E",
            call_seq=call_seq,
            outcome=AckOutcome(outcome),
            eta_s=eta_s,
            reason=reason,
        )
        if device.startswith("board"):
            self.announcements.hear_board(device, ack, self.now)
        else:
            self.announcements.hear_announcer(device, ack, self.now)

    def at(self, now: float) -> list[tuple[str, ...]]:
        """Return what the log has to say at `now`: what is missing where, and who takes over."""
        self.now = now
        told: list[tuple[str, ...]] = []
        for event in self.announcements.look(self.state, self.of, now):
            if isinstance(event, CallUnannounced):
                told.append((event.missing, *event.devices))
            elif isinstance(event, CallHandedOver):
                told.append((event.why, event.instead_of, event.speaker))
                self.state = replace(
                    self.state,
                    speakers={**self.state.speakers, event.call_seq: event.speaker},
                )
        return told

    def announced(self, now: float) -> list[int]:
        """Return the calls of which the log has to say at `now` that they were announced."""
        self.now = now
        self.announcements.look(self.state, self.of, now)
        mark = Mark(START + timedelta(seconds=now), now, "boot")
        events = self.announcements.announced(self.state, self.of, mark)
        assert all(isinstance(event, CallAnnounced) for event in events)
        return [event.call_seq for event in events if isinstance(event, CallAnnounced)]

    @property
    def due(self) -> float | None:
        return self.announcements.next_due(self.of)


@pytest.fixture
def hall(make_ticket: Callable[..., Ticket]) -> Hall:
    hall = Hall(make_ticket)
    hall.call(1)
    return hall
