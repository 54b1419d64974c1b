"""Random days against the promises I1, I3–I6, I11, I12 and the rules; mutants must be caught."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bus import commands as c
from bus.states import CounterState
from bus.vocabulary import (
    AppointmentState,
    Colleague,
    CounterStatus,
    CurrentTo,
    ReturnTo,
    Role,
    TicketClass,
    TicketState,
)
from queue_service.domain import events as e
from queue_service.domain.absences import absent_by_now
from queue_service.domain.apply import apply
from queue_service.domain.between import open_calls
from queue_service.domain.context import Context
from queue_service.domain.day import (
    QUIET,
    DayDue,
    DayStep,
    business_date,
    day_begin,
    day_due,
    open_day,
)
from queue_service.domain.decide import decide
from queue_service.domain.lines import Pick, pick
from queue_service.domain.restoring import restored
from queue_service.domain.rules import (
    Book,
    Hours,
    Numbering,
    Roll,
    Rules,
    ServiceRules,
    Slots,
    Span,
    Terms,
)
from queue_service.domain.state import Gap, State
from queue_service.domain.tickets import AT_COUNTER, OVER
from queue_service.domain.undo import undoable
from queue_service.domain.values import (
    AppointmentId,
    CounterNumber,
    Mark,
    Refusal,
    ServiceCode,
    TicketId,
    elapsed,
)
from queue_service.states import Header, View, counter_state

A, B, R = ServiceCode("A"), ServiceCode("B"), ServiceCode("R")
COUNTERS = (CounterNumber(1), CounterNumber(2))
HEAD_START = timedelta(minutes=30)
SLOTS = Slots((Span(time(8), time(11)),), timedelta(hours=1), seats=1, days_ahead=1)
RULES = Rules(
    hours=Hours(ZoneInfo("Asia/Ho_Chi_Minh"), ((),) * 7, always_open=True),
    services={
        A: ServiceRules(A, "1", slots=SLOTS),
        B: ServiceRules(B, "2", first=11, last=995, step=2),
        R: ServiceRules(R, "3", roll=Roll(1, 9)),
    },
    counters={
        COUNTERS[0]: {A: timedelta(), R: timedelta(minutes=5)},
        COUNTERS[1]: {B: timedelta(), A: timedelta(minutes=5), R: timedelta()},
    },
    head_start={
        TicketClass.NORMAL: timedelta(),
        TicketClass.PRIORITY: HEAD_START,
        TicketClass.APPOINTMENT: timedelta(minutes=15),
    },
    numbering=Numbering(books=(Book("kiosk-1", 901, 949),)),
    terms=Terms(outcomes=frozenset({"result"}), notes=frozenset({"complete"})),
    absent_after_recalls=1,
    late_after_numbers=2,
)
MOST_STAFF_CALLS = 6

OF_CURRENT: dict[str, Callable[..., c.Command]] = {
    "recall": c.Recall,
    "start_serving": c.StartServing,
    "finish": c.Finish,
    "mark_absent": c.MarkAbsent,
    "park": c.Park,
}
HEADER = Header("epoch", 1, datetime(2026, 11, 23, tzinfo=UTC))

counters = st.sampled_from(COUNTERS)
Answer = tuple[e.Event, ...] | str


def _serials(gap: Gap) -> range:
    return range(gap.first, gap.last + 1)


def _counter(device: str) -> CounterNumber | None:
    kind, _, number = device.partition("-")
    return CounterNumber(int(number)) if kind == "counter" else None


class Machine(RuleBasedStateMachine):
    """A hall with a kiosk and two counters, whose clock may do anything."""

    pick: ClassVar[Pick] = staticmethod(pick)
    dedupes: ClassVar[bool] = True
    kiosk_is_asked: ClassVar[bool] = True
    day_due: ClassVar[Callable[[State, Rules, Mark], DayDue]] = staticmethod(day_due)
    absent_by_now: ClassVar[Callable[[State, Rules, Mark], Iterable[e.Event]]] = staticmethod(
        absent_by_now
    )
    decided_by: ClassVar[Rules] = RULES
    """It is judged by `RULES`."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State()
        self.wall = datetime(2026, 11, 23, 1, tzinfo=UTC)
        self.queue_time = self.wall
        self.mono, self.boot, self.ids = 0.0, 1, 0
        self.inbox: dict[str, Answer] = {}
        self.last: tuple[str, c.Command, str] | None = None
        self.given: dict[date, list[str]] = {}
        self.facts: list[e.Fact] = []
        self.lost: dict[tuple[date, str], e.TicketIssued] = {}
        """Papers in people's hands that a restored store does not know, by day and number."""
        self.gaps: dict[date, list[Gap]] = {}
        """What was passed over, by day, also in logs that were lost."""
        self.known_until: date | None = None
        self.taken_on: date | None = None
        self.unheard = 0
        self.look_at_the_day()

    def mark(self) -> Mark:
        self.queue_time = max(self.wall, self.queue_time + timedelta(microseconds=1))
        return Mark(self.queue_time, self.mono, f"boot-{self.boot}")

    def new_id(self) -> str:
        self.ids += 1
        return f"id-{self.ids}"

    def commit(self, events: Iterable[e.Event], mark: Mark, acting: CounterNumber | None) -> None:
        first = self.state.seq + 1
        for event in events:
            day = event.business_day if isinstance(event, e.DayOpened) else self.state.day
            fact = e.Fact(
                self.state.seq + 1, mark, day or date.min, first, event, "test", acting=acting
            )
            before, self.state = self.state, apply(self.state, fact)
            self.facts.append(fact)
            self.judge_way(before, event)
            if isinstance(event, e.Restored):
                self.gaps.setdefault(fact.day, []).extend(event.gaps)
            if isinstance(event, e.TicketIssued) and event.roll_turn is not None:
                self.judge_roll(before, event)
            elif isinstance(event, e.TicketIssued) and not self.is_same_paper(event):
                self.given.setdefault(event.business_day, []).append(event.number)

    def judge_roll(self, before: State, event: e.TicketIssued) -> None:
        """Nobody has two tickets for one piece of paper, and the next one is the next one."""
        assert event.provisional
        assert event.roll_turn is not None
        places = [
            (t.roll.turn, t.roll.serial, t.first_called)
            for t in before.tickets.values()
            if t.roll is not None
        ]
        place = event.roll_turn, event.serial
        assert place not in [(turn, serial) for turn, serial, _ in places]
        called = [(turn, serial) for turn, serial, first in places if first is not None]
        if not event.roll_typed:
            last = max(called, default=(0, 0))
            assert place == ((last[0] + 1, 1) if last[1] == 9 else (last[0], last[1] + 1))
        elif called:
            turn, serial = max(called)
            assert -9 < (place[0] - turn) * 9 + place[1] - serial <= 4

    def judge_way(self, before: State, event: e.Event) -> None:
        """Who is sent on and back keeps the place, and is done only where it began."""
        if isinstance(event, e.TicketTransferred):
            was, now = before.tickets[event.ticket], self.state.tickets[event.ticket]
            assert (now.order_key, now.number, now.wait_s) == (
                was.order_key,
                was.number,
                was.wait_s,
            )
            way = was.way_back
            if event.came_back:
                assert way is not None
                assert now.way_back is None
                assert now.service == way.service
                is_open = before.counter(way.counter).status is CounterStatus.OPEN
                assert now.to_counter == (way.counter if is_open else None)
        elif isinstance(event, e.TicketFinished) and not event.day_closed:
            assert before.tickets[event.ticket].way_back is None

    def is_same_paper(self, event: e.TicketIssued) -> bool:
        if not (event.adopted or event.offline_book):
            return False  # given to somebody else as well: the invariant finds it
        return self.lost.pop((event.business_day, event.number), None) is not None

    def send(self, command: c.Command, device: str, command_id: str | None = None) -> Answer:
        command_id = command_id or self.new_id()
        self.last = (command_id, command, device)
        if self.dedupes and command_id in self.inbox:
            return self.inbox[command_id]
        context = self.context(self.mark(), device, command_id)
        before = self.state
        try:
            decision = decide(self.state, type(self).decided_by, command, context)
        except Refusal as refusal:
            assert self.state == before
            self.inbox[command_id] = refusal.error
            return self.inbox[command_id]
        self.judge_late(before, command, decision.events)
        if isinstance(command, c.CallNext) and command.roll is None:
            self.judge_call(before, CounterNumber(command.counter), decision.events)
        self.commit(decision.events, context.now, _counter(device))
        self.inbox[command_id] = decision.events
        return decision.events

    def context(self, mark: Mark, device: str, command_id: str) -> Context:
        counter = _counter(device)
        return Context(
            now=mark,
            device=device,
            role=Role(device.partition("-")[0]),
            command=command_id,
            new_id=self.new_id,
            counters=None if counter is None else frozenset({counter}),
            pick=type(self).pick,
            appointment_of=self.appointment_of,
        )

    def appointment_of(self, code: str) -> AppointmentId | None:
        """Return whose code it is: of a lost appointment nobody's. The codes here are the ids."""
        return AppointmentId(code) if code in self.state.appointments else None

    def judge_call(
        self, before: State, counter: CounterNumber, events: tuple[e.Event, ...]
    ) -> None:
        """I5: the called ticket has the smallest key plus penalty of all who wait for it."""
        called = [event.ticket for event in events if isinstance(event, e.TicketCalled)]
        eligible = {}
        for ticket in before.tickets.values():
            if ticket.state is not TicketState.WAITING:
                continue
            if ticket.to_counter == counter:
                eligible[ticket.id] = (ticket.order_key, ticket.place)
            elif ticket.to_counter is None and ticket.service in RULES.counters[counter]:
                penalty = RULES.counters[counter][ticket.service]
                eligible[ticket.id] = (ticket.order_key + penalty, ticket.place)
        assert len(called) == 1  # both counters have the roll besides
        for ticket_id in called if eligible else ():
            assert eligible[ticket_id][0] == min(key for key, _ in eligible.values())
            self.judge_overtaking(before, ticket_id)

    def judge_late(self, before: State, command: c.Command, events: tuple[e.Event, ...]) -> None:
        """Who was absent for more than two numbers of the service only goes to the end."""
        if isinstance(command, c.ReturnToQueue) and command.to is ReturnTo.PLACE:
            back = TicketId(command.ticket)
        elif isinstance(command, c.CallTicket):
            # Not by its number: typed, it may be of the next roll.
            [back] = (event.ticket for event in events if isinstance(event, e.TicketCalled))
        else:
            return
        ticket = before.tickets.get(back)
        if ticket is not None and ticket.state is TicketState.ABSENT:
            others = (
                t.first_called for t in before.tickets.values() if t.service == ticket.service
            )
            assert sum(mark is not None and mark.at >= ticket.since.at for mark in others) <= 2

    def judge_overtaking(self, before: State, called: TicketId) -> None:
        """I6: nobody overtakes within a service who came more than the head start later."""
        winner = before.tickets[called]
        for other in before.tickets.values():
            waits = other.state is TicketState.WAITING and other.to_counter is None
            if waits and winner.to_counter is None and other.service == winner.service:
                assert winner.order_key <= other.order_key

    @rule(
        service=st.sampled_from([A, B]),
        ticket_class=st.sampled_from([TicketClass.NORMAL, TicketClass.PRIORITY]),
    )
    def issue(self, service: ServiceCode, ticket_class: TicketClass) -> None:
        self.issue_one(service, ticket_class)

    def issue_one(
        self, service: ServiceCode, ticket_class: TicketClass = TicketClass.NORMAL
    ) -> None:
        self.send(c.IssueTicket(service=service, ticket_class=ticket_class), "kiosk-1")

    @rule(serial=st.integers(901, 903), age_s=st.integers(-100, 4000), supersede=st.booleans())
    def deliver(self, serial: int, age_s: int, supersede: bool) -> None:
        if (self.state.day, f"1{serial}") in self.lost:
            return  # its kiosk has given it, and has no delivery of it left
        asked = self.last[0] if self.last and supersede else None
        self.send(
            c.IssueTicket(
                service=A,
                number=f"1{serial}",
                business_day=str(self.state.day),
                issued_at=self.wall - timedelta(seconds=age_s),
                supersedes=asked,
            ),
            "kiosk-1",
        )

    @rule(counter=counters, serial=st.integers(900, 904))
    def call_number(self, counter: CounterNumber, serial: int) -> None:
        """Somebody stands there with a paper of the offline book."""
        current = self.state.counter(counter).current
        command = c.CallTicket(counter=counter, current=current, number=f"1{serial}")
        self.send(command, f"counter-{counter}")

    @rule(counter=counters, serial=st.integers(0, 10), typed=st.booleans())
    def call_from_roll(self, counter: CounterNumber, serial: int, typed: bool) -> None:
        """Somebody stands there with a piece of the printed roll."""
        current = self.state.counter(counter).current
        device, next_one = (
            f"counter-{counter}",
            c.CallNext(counter=counter, current=current, roll=R),
        )
        if not typed:
            self.send(next_one, device)
            return
        answer = self.send(
            c.CallTicket(counter=counter, current=current, number=f"3{serial:03d}"), device
        )
        assert isinstance(answer, str) or 1 <= serial <= 9

    @rule(data=st.data(), unheard=st.integers(0, 60))
    def restore(self, data: st.DataObject, unheard: int) -> None:
        """The disk dies; a backup is put back, and the kiosk knows all but a few last numbers."""
        kept = data.draw(st.integers(0, len(self.facts)))
        while kept < len(self.facts) and self.facts[kept].step != self.facts[kept].seq:
            kept += 1  # a step is stored whole or not at all
        for fact in self.facts[kept:]:
            if isinstance(fact.event, e.TicketIssued) and fact.event.roll_turn is None:
                self.lost[fact.event.business_day, fact.event.number] = fact.event
        days = [
            fact.event.business_day for fact in self.facts if isinstance(fact.event, e.DayOpened)
        ]
        self.known_until = max(business_date(RULES, self.wall), *days)
        self.facts, self.state = self.facts[:kept], State()
        for fact in self.facts:
            self.state = apply(self.state, fact)
        self.taken_on, self.inbox, self.last, self.unheard = None, {}, None, unheard
        self.look_at_the_day()

    def go_on_above_known_numbers(self) -> None:
        day = self.state.day
        if self.known_until is None or day is None or day == self.taken_on:
            return
        if day > self.known_until:
            self.known_until = None
            return
        self.taken_on = day
        highest: dict[str, int] = {}
        for number in self.given.get(day, ()):
            service, serial = {"1": A, "2": B}[number[0]], int(number[1:])
            if type(self).kiosk_is_asked and not 901 <= serial <= 949:
                highest[service] = max(highest.get(service, 0), serial)
        heard = {  # whatever it missed is of the same hundred
            service: max(serial // 100 * 100, serial - self.unheard)
            for service, serial in highest.items()
        }
        self.commit(restored(self.state, RULES, heard, {}), self.mark(), None)

    def slots(self) -> list[datetime]:
        """Return every slot that a person could name, and one that is none."""
        today = self.queue_time.astimezone(RULES.hours.zone).date()
        days = (today + timedelta(days=n) for n in range(3))
        return [
            datetime.combine(day, time(hour), RULES.hours.zone)
            for day in days
            for hour in range(8, 12)
        ]

    @rule(data=st.data())
    def book(self, data: st.DataObject) -> None:
        at = data.draw(st.sampled_from(self.slots()))
        self.send(c.BookAppointment(service=A, at=at), "counter-1")

    @precondition(lambda self: self.state.appointments)
    @rule(data=st.data(), cancels=st.booleans())
    def change_appointment(self, data: st.DataObject, cancels: bool) -> None:
        appointment = data.draw(st.sampled_from(sorted(self.state.appointments)))
        at = data.draw(st.sampled_from(self.slots()))
        move = c.MoveAppointment(appointment=appointment, service=A, at=at)
        self.send(c.CancelAppointment(appointment=appointment) if cancels else move, "counter-1")

    @precondition(lambda self: self.state.appointments)
    @rule(data=st.data(), as_normal=st.booleans())
    def come_by_appointment(self, data: st.DataObject, as_normal: bool) -> None:
        """Somebody types a code: one number for it, in its time."""
        code = data.draw(st.sampled_from(sorted(self.state.appointments)))
        before, tickets = self.state.appointments[AppointmentId(code)], self.state.tickets
        answer = self.send(c.CheckIn(code=code, as_normal=as_normal), "kiosk-1")
        if isinstance(answer, str):
            return
        assert before.state is not AppointmentState.CANCELLED
        assert before.ticket is None or tickets[before.ticket].state is TicketState.VOID
        assert before.at - RULES.appointment_early <= self.queue_time
        late = self.queue_time > before.at + RULES.appointment_late
        assert as_normal or not late
        after = self.state.appointments[AppointmentId(code)]
        assert (after.state, after.late) == (AppointmentState.CAME, late)

    @precondition(lambda self: self.lost)
    @rule(counter=counters, data=st.data())
    def adopt(self, counter: CounterNumber, data: st.DataObject) -> None:
        """Somebody comes with a paper that was lost: it is good, on its day."""
        paper = self.lost[data.draw(st.sampled_from(sorted(self.lost)))]
        good = (
            paper.business_day == self.state.day
            and self.state.restored is not None
            and not paper.offline_book
            and paper.service in RULES.counters[counter]
            and paper.number not in self.state.numbers
        )
        answer = self.send(
            c.AdoptTicket(counter=counter, number=paper.number, issued_at=paper.issued_at),
            f"counter-{counter}",
        )
        # Given today by a service whose day had not turned: of which day it is, no paper says.
        of_today = paper.issued_at >= day_begin(RULES, self.state.day or date.min)
        if paper.business_day == self.state.day or not of_today:
            assert isinstance(answer, str) != good

    @rule(counter=counters)
    def announce(self, counter: CounterNumber) -> None:
        """A call was shown and spoken."""
        self.hear_call(counter)

    def hear_call(self, counter: CounterNumber) -> None:
        current = self.state.counter(counter).current
        if current is not None:
            call_seq = self.state.tickets[current].call_seq
            event = e.CallAnnounced(counter=counter, call_seq=call_seq)
            self.commit((event,), self.mark(), None)

    @rule(counter=counters, place=st.sampled_from(["kiosk-1", "kiosk-2"]), answers=st.booleans())
    def help(self, counter: CounterNumber, place: str, answers: bool) -> None:
        if answers:
            self.send(c.AnswerHelp(counter=counter, place=place), f"counter-{counter}")
        else:
            self.send(c.RequestHelp(place=place), "kiosk-1")

    @rule()
    def the_service_looks_at_the_clock(self) -> None:
        """Absent by itself: only who was called again, heard it, and did not come for 20 s."""
        mark, before = self.mark(), self.state
        events = tuple(type(self).absent_by_now(before, RULES, mark))
        for event in events:
            assert isinstance(event, e.TicketAbsent)
            ticket = before.tickets[event.ticket]
            assert ticket.state is TicketState.CALLED
            assert ticket.calls > 1
            assert ticket.announced is not None
            assert elapsed(ticket.announced, mark).seconds >= 20
        self.commit(events, mark, None)
        assert not absent_by_now(self.state, RULES, mark)

    @rule(counter=counters, data=st.data())
    def staff(self, counter: CounterNumber, data: st.DataObject) -> None:
        """People of the house call and tell each other something."""
        messages = [message.id for message in self.state.messages] or ["none"]
        commands: list[tuple[c.Command, str]] = [
            *((c.CallColleague(counter=counter, whom=whom), "counter") for whom in Colleague),
            *((c.AnswerColleague(calling=n, counter=counter), "counter") for n in COUNTERS),
            (c.AnswerColleague(calling=counter), "web"),
            (c.TellCounters(text="Họp lúc 11:30"), "web"),
            (c.TellCounters(text="Mời lên phòng họp", counters=(counter,)), "web"),
            (c.TellManagers(counter=counter, text="Vâng"), "counter"),
            *((c.ReadMessage(counter=counter, message=m), "counter") for m in messages[-3:]),
        ]
        command, role = data.draw(st.sampled_from(commands))
        self.send(command, f"counter-{counter}" if role == "counter" else "web-1")

    @rule(counter=counters, day=st.integers(-1, 1))
    def confirm(self, counter: CounterNumber, day: int) -> None:
        """A person opens a day: only the one that waits."""
        wanted = business_date(RULES, self.wall) + timedelta(days=day)
        due = day_due(self.state, RULES, self.mark())
        answer = self.send(c.ConfirmDay(business_day=str(wanted)), f"counter-{counter}")
        waits = due.step in (DayStep.ASK, DayStep.DOUBT) and due.day == wanted
        assert isinstance(answer, str) != waits
        assert not waits or self.state.day == wanted
        self.look_at_the_day()

    @rule(counter=counters, to=st.none() | st.sampled_from(CurrentTo))
    def next(self, counter: CounterNumber, to: CurrentTo | None) -> None:
        current = self.state.counter(counter).current
        self.send(
            c.CallNext(counter=counter, current=current, current_to=to),
            f"counter-{counter}",
        )

    @rule(
        counter=counters,
        step=st.sampled_from([c.StartServing, c.Finish, c.MarkAbsent, c.Park, c.Recall]),
    )
    def settle(self, counter: CounterNumber, step: Callable[..., c.Command]) -> None:
        current = self.state.counter(counter).current
        if current is not None:
            self.send(step(counter=counter, ticket=current), f"counter-{counter}")

    @rule(counter=counters, data=st.data())
    def say_more(self, counter: CounterNumber, data: st.DataObject) -> None:
        """An outcome, a way back, a reminder, a note: of the current ticket or a parked one."""
        current = self.state.counter(counter).current or "nobody"
        parked = [t.id for t in self.state.tickets.values() if t.state is TicketState.PARKED]
        commands: list[c.Command] = [
            c.Finish(counter=counter, ticket=current, outcome="result"),
            c.Finish(counter=counter, ticket=current, outcome="none-such"),
            c.CallNext(
                counter=counter,
                current=self.state.counter(counter).current,
                current_to=CurrentTo.FINISH,
                outcome="result",
            ),
            c.Transfer(
                counter=counter, ticket=current, to_service="B", then_back=True, note="complete"
            ),
            c.Transfer(counter=counter, ticket=current, to_counter=2, then_back=True),
            c.Park(counter=counter, ticket=current, reason="signature", remind_after_min=10),
            c.ReturnToQueue(ticket=current, note="complete"),
            *(c.PostponeReminder(counter=counter, ticket=ticket) for ticket in parked[:1]),
        ]
        command = data.draw(st.sampled_from(commands))
        before = self.state
        answer = self.send(command, f"counter-{counter}")
        if isinstance(command, c.Finish) and command.outcome == "none-such":
            assert isinstance(answer, str)
            assert self.state == before

    @rule(counter=counters, data=st.data())
    def move(self, counter: CounterNumber, data: st.DataObject) -> None:
        if not self.state.tickets:
            return
        ticket = data.draw(st.sampled_from(sorted(self.state.tickets)))
        commands: list[c.Command] = [
            c.Transfer(counter=counter, ticket=ticket, to_service="B"),
            c.Transfer(counter=counter, ticket=ticket, to_counter=2),
            c.ReturnToQueue(ticket=ticket),
            c.ReturnToQueue(ticket=ticket, to=ReturnTo.END),
            c.SetClass(ticket=ticket, ticket_class=TicketClass.PRIORITY),
            c.VoidTicket(ticket=ticket),
            c.CallTicket(
                counter=counter,
                current=self.state.counter(counter).current,
                ticket=ticket,
            ),
        ]
        self.send(data.draw(st.sampled_from(commands)), f"counter-{counter}")

    @rule(counter=counters, command=st.sampled_from([c.OpenCounter, c.CloseCounter]))
    def open_or_close(self, counter: CounterNumber, command: Callable[..., c.Command]) -> None:
        self.send(command(counter=counter), f"counter-{counter}")

    @rule(counter=counters)
    def undo(self, counter: CounterNumber) -> None:
        step = undoable(self.state, counter)
        if step is not None:
            answer = self.send(c.Undo(event=str(step.first)), f"counter-{counter}")
            assert not isinstance(answer, str)

    @precondition(lambda self: self.last is not None)
    @rule()
    def send_again(self) -> None:
        """A client that heard no answer sends the same id: one effect."""
        assert self.last is not None
        command_id, command, device = self.last
        before, answer = self.state, self.inbox[command_id]
        assert self.send(command, device, command_id) == answer
        assert self.state == before

    @rule(seconds=st.sampled_from([1, 25, 600, 3600, 5 * 3600, 86400]))
    def time_passes(self, seconds: int) -> None:
        self.wall += timedelta(seconds=seconds)
        self.mono += seconds
        self.look_at_the_day()

    @rule(seconds=st.sampled_from([-86400, -3600, -1, 3600, 86400]), reboot=st.booleans())
    def clock_jumps(self, seconds: int, reboot: bool) -> None:
        self.wall += timedelta(seconds=seconds)
        if reboot:
            self.boot += 1
            self.mono = 0.0
        self.look_at_the_day()

    def look_at_the_day(self) -> None:
        mark = self.mark()
        due = type(self).day_due(self.state, RULES, mark)
        if due.step is DayStep.OPEN:
            if self.state.day is not None:
                assert due.day > self.state.day
                self.judge_quiet(mark)
            self.commit(tuple(open_day(self.state, due.day)), mark, None)
        self.go_on_above_known_numbers()

    def judge_quiet(self, now: Mark) -> None:
        """I12: the day opens only when nobody was called or served for hours."""
        active = self.state.active
        if active is not None and active.boot == now.boot:
            assert now.mono - active.mono >= QUIET.total_seconds()

    @rule(counter=counters)
    def only_what_is_legal_is_accepted(self, counter: CounterNumber) -> None:
        """What a counter is offered is accepted; what it is not offered changes nothing."""
        mark = self.mark()
        asks = day_due(self.state, RULES, mark).step is DayStep.ASK
        state = counter_state(View(state=self.state, rules=RULES, mark=mark), counter, HEADER)
        if asks:
            assert state.legal == ("confirm_day",)
            return
        context = self.context(mark, f"counter-{counter}", "trial")
        offered: dict[str, list[c.Command]] = {}
        for name, command in self.offers(counter, state):
            offered.setdefault(name, []).append(command)
        beside_the_log = {"prepare_visit", "end_visit"}  # no event tells of a visit
        assert set(state.legal) - beside_the_log <= offered.keys()
        for name, commands in offered.items():
            assert any(self.changes(one, context) for one in commands) == (name in state.legal), (
                name
            )

    def changes(self, command: c.Command, context: Context) -> bool:
        try:
            decision = decide(self.state, RULES, command, context)
        except Refusal:
            return False
        return decision.refusal is None and bool(decision.events)

    def offers(
        self, counter: CounterNumber, state: CounterState
    ) -> Iterator[tuple[str, c.Command]]:
        """Return whatever a counter could ask for now, with every ticket and value there is."""
        current = state.current.ticket if state.current else None
        yield "call_next", c.CallNext(counter=counter, current=current)
        for to in CurrentTo if current else ():
            command = c.CallNext(counter=counter, current=current, current_to=to)
            yield f"call_next.{to}", command
        yield from self.offers_of_the_roll(counter, current)
        for name, kind in OF_CURRENT.items():
            yield name, kind(counter=counter, ticket=current or "nobody")
        shown = (*state.waiting, *state.parked, *state.absent)
        for ticket in (*([current] if current else ()), *(row.ticket for row in shown)):
            yield "call_ticket", c.CallTicket(counter=counter, current=current, ticket=ticket)
            yield "void_ticket", c.VoidTicket(ticket=ticket)
            for to_queue in ReturnTo:
                yield f"return_to_queue.{to_queue}", c.ReturnToQueue(ticket=ticket, to=to_queue)
            for ticket_class in TicketClass:
                yield "set_class", c.SetClass(ticket=ticket, ticket_class=ticket_class)
            yield "postpone_reminder", c.PostponeReminder(counter=counter, ticket=ticket)
            for code in RULES.services:
                yield "transfer", c.Transfer(counter=counter, ticket=ticket, to_service=code)
                back = c.Transfer(counter=counter, ticket=ticket, to_service=code, then_back=True)
                yield "transfer.then_back", back
            for other in COUNTERS:
                yield "transfer", c.Transfer(counter=counter, ticket=ticket, to_counter=other)
        undoable = state.undoable.event if state.undoable else "0"
        yield "undo", c.Undo(event=undoable)
        yield "open_counter", c.OpenCounter(counter=counter)
        yield "pause_counter", c.PauseCounter(counter=counter, reason="họp")
        yield "close_counter", c.CloseCounter(counter=counter)
        yield "answer_help", c.AnswerHelp(counter=counter)
        yield from self.offers_between_people(counter)
        yield from self.offers_of_appointments()
        yield "report_outage", c.ReportOutage(system="Internet")
        yield "issue_ticket", c.IssueTicket(service=A)
        for gap in self.state.gaps:
            for serial in (gap.first, gap.last, gap.last + 1):
                number = f"{RULES.services[gap.service].series}{serial:03d}"
                at = self.state.restored.at if self.state.restored else self.wall
                yield "adopt_ticket", c.AdoptTicket(counter=counter, number=number, issued_at=at)
        due = day_due(self.state, RULES, self.mark())
        yield "confirm_day", c.ConfirmDay(business_day=due.day.isoformat())

    def offers_of_the_roll(
        self, counter: CounterNumber, current: str | None
    ) -> Iterator[tuple[str, c.Command]]:
        to = CurrentTo.FINISH if current else None
        yield "call_next.roll", c.CallNext(counter=counter, current=current, current_to=to, roll=R)
        for serial in range(1, 10):
            number = f"3{serial:03d}"
            yield "call_ticket", c.CallTicket(counter=counter, current=current, number=number)

    def offers_of_appointments(self) -> Iterator[tuple[str, c.Command]]:
        for at in self.slots():
            yield "book_appointment", c.BookAppointment(service=A, at=at)
        for appointment in self.state.appointments:
            yield "cancel_appointment", c.CancelAppointment(appointment=appointment)
            for at in self.slots():
                move = c.MoveAppointment(appointment=appointment, service=A, at=at)
                yield "move_appointment", move

    def offers_between_people(self, counter: CounterNumber) -> Iterator[tuple[str, c.Command]]:
        for whom in Colleague:
            yield f"call_colleague.{whom}", c.CallColleague(counter=counter, whom=whom)
        for other in COUNTERS:
            yield "answer_colleague", c.AnswerColleague(calling=other, counter=counter)
        yield "tell_managers", c.TellManagers(counter=counter, text="Cần thêm giấy in")
        for message in self.state.messages:
            yield "read_message", c.ReadMessage(counter=counter, message=message.id)
        yield "read_message", c.ReadMessage(counter=counter, message="none")

    @invariant()
    def numbers_are_unique_and_without_gap(self) -> None:
        for day, numbers in self.given.items():
            assert len(numbers) == len(set(numbers))
            for series, service in (("1", A), ("2", B)):
                serials = {int(number[1:]) for number in numbers if number[0] == series}
                passed = {
                    n
                    for gap in self.gaps.get(day, ())
                    if gap.service == service
                    for n in _serials(gap)
                }
                live = serials - set(range(901, 950))
                first, step = RULES.first_serial(service), RULES.services[service].step
                due = set(range(first, max(live, default=0) + 1, step))
                assert live <= due
                assert due - live - set(range(901, 950)) <= passed

    @invariant()
    def a_ticket_is_at_one_counter(self) -> None:
        holders = {n: counter.current for n, counter in self.state.counters.items()}
        current = [ticket for ticket in holders.values() if ticket]
        assert len(current) == len(set(current))
        for ticket in self.state.tickets.values():
            at = [n for n, held in holders.items() if held == ticket.id]
            assert at == ([ticket.counter] if ticket.state in AT_COUNTER else [])

    @invariant()
    def everybody_who_waits_stands_in_one_line(self) -> None:
        standing = [place.ticket for line in self.state.lines.values() for place in line]
        waiting = {t.id for t in self.state.tickets.values() if t.state is TicketState.WAITING}
        assert len(standing) == len(set(standing))
        assert set(standing) == waiting
        for line in self.state.lines.values():
            assert list(line) == sorted(line)

    @invariant()
    def no_seat_is_given_twice_and_no_code_two_numbers(self) -> None:
        kept = (AppointmentState.BOOKED, AppointmentState.CAME)
        seats = [each.at for each in self.state.appointments.values() if each.state in kept]
        assert len(seats) == len(set(seats))
        given = [each.ticket for each in self.state.appointments.values() if each.ticket]
        assert len(given) == len(set(given))

    @invariant()
    def reminders_are_of_parked_tickets_and_notes_have_an_author(self) -> None:
        for ticket in self.state.tickets.values():
            if ticket.remind_at is not None:
                assert ticket.state is TicketState.PARKED
            if ticket.note:
                assert ticket.note_from is not None

    @invariant()
    def a_counter_has_one_call_for_a_colleague(self) -> None:
        calling = [call.counter for call in open_calls(self.state)]
        assert len(calling) == len(set(calling))
        at = [c.at for c in self.state.staff_calls if self.state.opened and c.at.boot == "boot-1"]
        for number, first in enumerate(at[: -2 * MOST_STAFF_CALLS]):
            last = at[number + 2 * MOST_STAFF_CALLS]
            assert last.boot != first.boot or elapsed(first, last).seconds >= 600
        for message in self.state.messages:
            assert len(set(message.read_by)) == len(message.read_by)
            assert message.counter is None or not message.read_by

    @invariant()
    def no_duration_is_negative(self) -> None:
        for ticket in self.state.tickets.values():
            assert (ticket.wait_s or 0) >= 0
            assert (ticket.served_s or 0) >= 0
            assert ticket.state not in OVER or ticket.ended is not None
        assert all(stretch.seconds >= 0 for stretch in self.state.served)

    def teardown(self) -> None:
        """The log replays to the state."""
        state = State()
        for fact in self.facts:
            state = apply(state, fact)
        assert state == self.state


class NoDedupe(Machine):
    """Mutant: a command sent again is carried out again."""

    dedupes = False


class LastInFirstOut(Machine):
    """Mutant: the head of a line is who came last."""

    @staticmethod
    def pick(state: State, rules: Rules, counter: CounterNumber) -> TicketId | None:  # type: ignore[override]
        lines = [state.lines.get(service, ()) for service in rules.counters[counter]]
        tails = [line[-1] for line in (*lines, state.lines.get(counter, ())) if line]
        return max(tails).ticket if tails else None


class ResetWhileServing(Machine):
    """Mutant: a day opens by the calendar, whoever is being served."""

    @staticmethod
    def day_due(state: State, rules: Rules, now: Mark) -> DayDue:  # type: ignore[override]
        wanted = business_date(rules, now.at)
        if state.day is None or wanted > state.day:
            return DayDue(DayStep.OPEN, wanted)
        return DayDue(DayStep.KEEP, state.day)


class LateLetIn(Machine):
    """Mutant: who comes back is called again however many numbers went by."""

    decided_by = replace(RULES, late_after_numbers=0)

    @rule(counter=counters)
    def nobody_comes_for_an_hour(self, counter: CounterNumber) -> None:
        for _ in range(4):
            self.issue_one(A)
            self.hear_call(counter)
            current = self.state.counter(counter).current
            command = c.CallNext(counter=counter, current=current, current_to=CurrentTo.ABSENT)
            self.send(command, f"counter-{counter}")


class AbsentWhileServing(Machine):
    """Mutant: the clock alone takes people away from the counter that serves them."""

    @staticmethod
    def absent_by_now(state: State, rules: Rules, now: Mark) -> Iterable[e.Event]:  # type: ignore[override]
        del rules, now
        for ticket in state.tickets.values():
            if ticket.state in AT_COUNTER and ticket.counter is not None:
                yield e.TicketAbsent(**e.naming(ticket), counter=ticket.counter, by_time=True)


class RestoredBlindly(Machine):
    """Mutant: after a restore nobody is asked which numbers were given."""

    kiosk_is_asked = False

    @rule(service=st.sampled_from([A, B]))
    def many_come(self, service: ServiceCode) -> None:
        for _ in range(120):
            self.issue_one(service)


_QUICK = settings(
    max_examples=200,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
_HUNT = settings(_QUICK, max_examples=500, phases=[Phase.generate])


def test_random_days_keep_the_promises() -> None:
    run_state_machine_as_test(Machine, settings=_QUICK)


@pytest.mark.full
def test_many_random_days_keep_the_promises() -> None:
    run_state_machine_as_test(
        Machine, settings=settings(_QUICK, max_examples=1500, derandomize=False)
    )


@pytest.mark.parametrize(
    "mutant",
    [
        NoDedupe,
        LastInFirstOut,
        AbsentWhileServing,
        *(
            pytest.param(mutant, marks=pytest.mark.full)
            for mutant in (ResetWhileServing, RestoredBlindly, LateLetIn)
        ),
    ],
)
def test_mutants_are_caught(mutant: type[Machine]) -> None:
    with pytest.raises(AssertionError):
        run_state_machine_as_test(mutant, settings=_HUNT)
