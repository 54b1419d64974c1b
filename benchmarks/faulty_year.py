"""A year in which nothing goes smoothly, played by the service itself from a seed.

People are absent, come back, are sent on and forgotten; steps are undone; counters are left open,
systems fail over night; numbers of an offline book come late; and clocks are set, go back, and
start again with the machine.
"""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

import msgspec

from bus import codec, commands
from bus.vocabulary import CounterStatus, CurrentTo, ReturnTo, TicketClass, TicketState
from config import Centre, centre_to_wire
from queue_service.domain.day import business_date
from queue_service.domain.state import State
from queue_service.domain.tickets import Ticket
from queue_service.engine import Engine, Sources
from queue_service.ledger import Ledger
from queue_service.queue_time import QueueTime
from queue_service.records import instant
from queue_service.rules_from import rules_from
from wait_log.store import open_store

_DAY = timedelta(days=1)
_OPENS, _ENDS = time(6, 55), time(17, 40)
_RECORDS = 0.5
_GOES_THERE = 0.8
_REBOOT, _SET_CLOCK = 0.05, 0.1
"""How likely it is on a day that the machine starts again, or its clock is set."""
_NEW_HOURS = ("07:00-11:30", "13:00-16:30")
_SYSTEMS = ("Hệ thống bộ, ngành", "Hệ thống của thành phố", "Đường truyền Internet")


class FaultyHall:
    """The service of one site, and everybody who uses it badly."""

    def __init__(self, url: str, centre: Centre, first: date, seed: int) -> None:
        self.centre = centre
        self._url = url
        self._rng = random.Random(seed)
        self._ids = (f"01JFAULTY{seed:05d}{number:012d}" for number in count(1))
        self._boots = count(1)
        self._serials = count(901)
        self._wall = datetime.combine(first, _OPENS, centre.identity.zone).astimezone(UTC)
        self._mono = 0.0
        self._start()

    def play(self, days: int, steps: int) -> None:
        """Play so many calendar days with about so many steps on each day that is open."""
        for _ in range(days):
            today = self._wall.astimezone(self.centre.identity.zone).date()
            if self._engine.version.centre.hours.on(today):
                self._play_day(today, steps)
            following = datetime.combine(today + _DAY, _OPENS, self.centre.identity.zone)
            self._pass((following - self._wall).total_seconds())
        self._engine.open_day_if_due()

    def open_day(self) -> None:
        """Open the day that the wall clock shows."""
        self._engine.open_day_if_due()

    def change_hours(self) -> None:
        """Apply a version of the centre with other hours, in which counter 6 helps out."""
        days = ("mon", "tue", "wed", "thu", "fri")
        hours = msgspec.structs.replace(self.centre.hours, **dict.fromkeys(days, _NEW_HOURS))
        counters = tuple(
            msgspec.structs.replace(one, serves=dict(one.serves) | {"CERT": 10})
            if one.number == 6  # noqa: PLR2004 - the one of the land office
            else one
            for one in self.centre.counters
        )
        centre = msgspec.structs.replace(self.centre, hours=hours, counters=counters)
        version, wire = self._engine.version.number, centre_to_wire(centre)
        reply = self.ask("web", commands.ApplyConfig(version=version, centre=wire, by="admin"))
        if not reply.ok:
            raise RuntimeError(f"the configuration was not taken: {reply.message}")

    def ask(self, device: str, command: commands.AnyCommand) -> commands.Reply:
        """Give one command, at the hall's present time."""
        stamped = msgspec.structs.replace(command, id=next(self._ids), ts=self._wall)
        return codec.decode(
            commands.Reply, self._engine.handle(device, codec.encode(stamped)) or b""
        )

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    @property
    def _state(self) -> State:
        return self._engine.ledger.state

    def _start(self) -> None:
        """Begin another life of the machine: only the wall clock goes on."""
        boot, begun = f"boot-{next(self._boots)}", self._mono
        self._store = open_store(self._url, self.centre.identity.site, lambda: "epoch")

        def queue_time(newest_us: int) -> QueueTime:
            newest = instant(newest_us)
            return QueueTime(lambda: self._wall, lambda: self._mono - begun, boot, newest)

        rules = rules_from(self.centre)
        sources = Sources(
            lambda: next(self._ids),
            lambda: next(self._ids),
            approved_day=lambda: business_date(rules, self._wall),
        )
        ledger = Ledger(self._store, queue_time)
        self._engine = Engine(ledger, self.centre, sources, always_open=True)

    def _pass(self, seconds: float) -> None:
        self._wall += timedelta(seconds=seconds)
        self._mono += max(0.0, seconds)

    def _play_day(self, today: date, steps: int) -> None:
        self._engine.open_day_if_due()
        self._serials = count(901)
        end = datetime.combine(today, _ENDS, self.centre.identity.zone)
        mean_s = (end - self._wall).total_seconds() / steps
        fault_at = self._rng.randrange(steps) if self._rng.random() < _REBOOT + _SET_CLOCK else -1
        for step in range(steps):
            self._pass(self._rng.uniform(0.02, 2) * mean_s)
            if step == fault_at:
                self._fail()
            self._do_something()

    def _fail(self) -> None:
        if self._rng.random() < _REBOOT / (_REBOOT + _SET_CLOCK):
            self._store.close()
            self._pass(self._rng.uniform(30, 300))
            self._start()
        else:  # set forward, or back again: the clock for durations does not notice
            self._wall += timedelta(seconds=self._rng.choice((-5400, -600, -60, 60, 900, 5400)))

    def _do_something(self) -> None:
        """Do one of the things that people do, as often as they do it."""
        deeds: tuple[tuple[int, Callable[[], None]], ...] = (
            (28, self._take_number),
            (34, self._call_next),
            (14, self._start_serving),
            (12, self._settle),
            (4, self._move),
            (4, self._send_and_back),
            (4, self._undo),
            (5, self._change_counter),
            (3, self._change_outage),
            (2, self._deliver),
            (2, self._call_named),
        )
        weights = [weight for weight, _ in deeds]
        self._rng.choices([deed for _, deed in deeds], weights)[0]()

    def _take_number(self) -> None:
        device = "kiosk-1" if self._rng.random() < 0.9 else f"counter-{self._rng.randint(1, 9)}"  # noqa: PLR2004
        service = self._rng.choice(self.centre.services).code
        ticket_class = self._rng.choices(list(TicketClass), (80, 15, 5))[0]
        self.ask(device, commands.IssueTicket(service=service, ticket_class=ticket_class))

    def _call_next(self) -> None:
        number = self._rng.randint(1, 9)
        to = self._rng.choice((None, None, CurrentTo.FINISH, CurrentTo.ABSENT, CurrentTo.PARK))
        command = commands.CallNext(counter=number, current=self._current(number), current_to=to)
        if to is CurrentTo.FINISH and command.current and self._rng.random() < _RECORDS:
            command = msgspec.structs.replace(command, outcome=self._outcome())
        self.ask(f"counter-{number}", command)

    def _call_named(self) -> None:
        """Call an absent person, or a number of the book that the kiosk has not delivered."""
        gone = self._those(TicketState.ABSENT, TicketState.PARKED)
        number = self._rng.randint(1, 9)
        call = commands.CallTicket(counter=number, current=self._current(number))
        if gone and self._rng.random() < 0.8:  # noqa: PLR2004
            call = msgspec.structs.replace(call, ticket=self._rng.choice(gone).id)
        else:
            call = msgspec.structs.replace(call, number=f"1{next(self._serials)}")
        self.ask(f"counter-{number}", call)

    def _start_serving(self) -> None:
        for ticket in self._some(TicketState.CALLED):
            known: dict[str, Any] = {"counter": ticket.counter, "ticket": ticket.id}
            recalled = self._rng.random() < 0.2  # noqa: PLR2004
            kind = commands.Recall if recalled else commands.StartServing
            self.ask(f"counter-{ticket.counter}", kind(**known))

    def _settle(self) -> None:
        for ticket in self._some(TicketState.CALLED, TicketState.SERVING):
            kind = self._rng.choice((commands.Finish, commands.Park, commands.MarkAbsent))
            known: dict[str, Any] = {"counter": ticket.counter or 0, "ticket": ticket.id}
            if kind is commands.Finish and self._rng.random() < _RECORDS:
                known["outcome"] = self._outcome()
            command = kind(**known)
            self.ask(f"counter-{ticket.counter}", command)

    def _move(self) -> None:
        for ticket in self._some(*TicketState):
            number = ticket.counter or self._rng.randint(1, 9)
            service = self._rng.choice(self.centre.services).code
            command: commands.AnyCommand = self._rng.choice(
                (
                    commands.Transfer(counter=number, ticket=ticket.id, to_service=service),
                    commands.Transfer(counter=number, ticket=ticket.id, to_counter=number),
                    commands.ReturnToQueue(ticket=ticket.id, to=self._rng.choice(list(ReturnTo))),
                    commands.SetClass(ticket=ticket.id, ticket_class=TicketClass.PRIORITY),
                    commands.VoidTicket(ticket=ticket.id, reason="gone"),
                )
            )
            self.ask(f"counter-{number}", command)

    def _send_and_back(self) -> None:
        """Send somebody to another field who comes back, or have who is on the way go further."""
        for ticket in self._some(TicketState.CALLED, TicketState.SERVING):
            service = self._rng.choice(self.centre.services).code
            command = commands.Transfer(
                counter=ticket.counter or 0, ticket=ticket.id, to_service=service, then_back=True
            )
            self.ask(f"counter-{ticket.counter}", command)
            if self._rng.random() < _GOES_THERE:
                self._serve_there(ticket.id, service)

    def _serve_there(self, ticket: str, service: str) -> None:
        """Let a counter of the other field call and serve who was sent there."""
        serving = [one.number for one in self.centre.counters if service in one.serves]
        number = self._rng.choice(serving)
        call = commands.CallTicket(counter=number, current=self._current(number), ticket=ticket)
        self.ask(f"counter-{number}", call)
        self._pass(self._rng.uniform(20, 600))
        if self._rng.random() < _RECORDS:
            self.ask(f"counter-{number}", commands.StartServing(counter=number, ticket=ticket))
            self._pass(self._rng.uniform(20, 600))
        done = commands.Finish(counter=number, ticket=ticket, outcome=self._outcome())
        self.ask(f"counter-{number}", done)

    def _outcome(self) -> str:
        return self._rng.choice(self.centre.matters.outcomes).id

    def _undo(self) -> None:
        steps = [(number, one.step) for number, one in self._state.counters.items() if one.step]
        if steps:
            number, step = self._rng.choice(steps)
            self.ask(f"counter-{number}", commands.Undo(event=str(step.first)))

    def _change_counter(self) -> None:
        number = self._rng.randint(1, 9)
        is_open = self._state.counters.get(number)  # type: ignore[call-overload]
        command: commands.AnyCommand = commands.OpenCounter(counter=number)
        if is_open and is_open.status is CounterStatus.OPEN:
            command = self._rng.choice(
                (
                    commands.PauseCounter(counter=number, reason="Họp"),
                    commands.CloseCounter(counter=number),
                )
            )
        self.ask(f"counter-{number}", command)

    def _change_outage(self) -> None:
        system = self._rng.choice(_SYSTEMS)
        down = any(outage.system == system for outage in self._state.outages)
        kind = commands.EndOutage if down else commands.ReportOutage
        self.ask("counter-1", kind(system=system))

    def _deliver(self) -> None:
        """Deliver a number of the book: of today, or of yesterday and too late."""
        day = self._state.day or date.min
        if self._rng.random() < 0.3:  # noqa: PLR2004
            day -= _DAY
        command = commands.IssueTicket(
            service="CERT",
            number=f"1{next(self._serials)}",
            business_day=day.isoformat(),
            issued_at=self._wall - timedelta(minutes=self._rng.randint(1, 60)),
        )
        self.ask("kiosk-1", command)

    def _current(self, number: int) -> str | None:
        counter = self._state.counters.get(number)  # type: ignore[call-overload]
        return counter.current if counter else None

    def _those(self, *states: TicketState) -> list[Ticket]:
        return [ticket for ticket in self._state.tickets.values() if ticket.state in states]

    def _some(self, *states: TicketState) -> Iterator[Ticket]:
        """Return one ticket in one of these states, if there is any."""
        found = self._those(*states)
        return iter([self._rng.choice(found)] if found else [])
