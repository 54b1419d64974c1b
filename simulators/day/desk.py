"""One counter and the officer behind it, who does what the counter's state allows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from bus.commands import (
    AnyCommand,
    CallNext,
    CallTicket,
    CloseCounter,
    Finish,
    MarkAbsent,
    OpenCounter,
    Park,
    PauseCounter,
    Recall,
    Reply,
    ReturnToQueue,
    StartServing,
    Transfer,
    VoidTicket,
)
from bus.states import CounterState, CurrentTicket, ListedTicket
from bus.vocabulary import CounterStatus, CurrentTo, Id, TicketState
from simulators.day.agenda import Action, Agenda
from simulators.day.asking import Asking, settles_all_the_same
from simulators.day.caller import Caller
from simulators.day.day import (
    AFTERNOON_S,
    CLOSING_S,
    HOUR_S,
    LUNCH_S,
    MINUTE_S,
    OPENING_S,
)
from simulators.day.history import End, History
from simulators.day.people import Outcome, People, Person, Stage


class Expected:
    """Tickets with the day's time from which they are due; `remind` is done at that time."""

    def __init__(self, agenda: Agenda, remind: Action) -> None:
        self._agenda = agenda
        self._remind = remind
        self._from_s: dict[Id, float] = {}

    def __bool__(self) -> bool:
        return bool(self._from_s)

    def add(self, ticket: Id, day_s: float) -> None:
        """Expect `ticket` from `day_s` on."""
        self._from_s[ticket] = day_s
        self._agenda.at(day_s, self._remind)

    def remove(self, ticket: Id) -> None:
        """Expect `ticket` no longer."""
        self._from_s.pop(ticket, None)

    def due(self, listed: Sequence[ListedTicket]) -> list[Id]:
        """Return who is due; those not `listed` any more were seen to by somebody else."""
        there = {one.ticket for one in listed}
        now_s = self._agenda.now_s()
        due = [ticket for ticket, from_s in self._from_s.items() if from_s <= now_s]
        for ticket in due:
            if ticket not in there:
                self.remove(ticket)
        return [ticket for ticket in due if ticket in there]


LATEST_LUNCH_S = LUNCH_S + 45 * MINUTE_S
OVERTIME_ENDS_S = CLOSING_S + 2 * HOUR_S

_OPENS_APART_S = 7.0
_CALLS = 3
_RECALL_EVERY_S = 30.0

_SIGNING_REASON = "Chờ ký"
_LUNCH_REASON = "Nghỉ trưa"
_OVERTIME_REASON = "Hết giờ làm việc"


@dataclass(slots=True)
class _Contact:
    """The ticket at the counter, from call to end."""

    ticket: Id
    began_s: float
    walk_s: float


class Desk:
    """Plays one counter's day; everything runs on the agenda's thread."""

    def __init__(
        self,
        number: int,
        line: Caller,
        agenda: Agenda,
        people: People,
        history: History,
        *,
        outcomes: Sequence[str] = (),
    ) -> None:
        self.number = number
        self._outcomes = outcomes
        self.day_is_over = False
        """Nobody comes any more: the counter may close before its hour."""
        self._agenda = agenda
        self._people = people
        self._history = history
        self._asking = Asking(number, line, agenda, self.step)
        self._state: CounterState | None = None
        self._contact: _Contact | None = None
        self._notices_s: float | None = None
        self._signed = Expected(agenda, self.step)
        self._coming_back = Expected(agenda, self.step)

    @property
    def closed(self) -> bool:
        """Return whether the counter's day has ended."""
        state = self._state
        if state is None or not self._asking.may_ask(state):
            return False
        return self._ended() and state.status is CounterStatus.CLOSED and state.current is None

    def start(self) -> None:
        """Look at the counter when its hours change."""
        for day_s in (self._opens_s(), LUNCH_S, LATEST_LUNCH_S, AFTERNOON_S, CLOSING_S):
            self._agenda.at(day_s, self.step)
        self._agenda.at(OVERTIME_ENDS_S, self.step)

    def take(self, state: CounterState) -> None:
        """Take the counter's newest state."""
        self._state = state
        self._history.seen(state)
        if self._asking.shown_in(state):
            self._compare(state.current, state.rev)
        self.step()

    def _compare(self, current: CurrentTicket | None, rev: int) -> None:
        """Note who is called here, and when somebody else sends our person away."""
        contact = self._contact
        if contact and (current is None or current.ticket != contact.ticket):
            if not self._asking.pending:
                self._history.ended(contact.ticket, End.ELSEWHERE, rev)
            self._contact = None
        if current:
            self._history.called(current.ticket, self.number, current.called_at, rev)

    def step(self) -> None:
        """Do the next thing, if there is one to do now."""
        state = self._state
        if state is None or not self._asking.may_ask(state) or self._meet_returned(state):
            return
        if state.current:
            self._attend(state, state.current)
        elif self._keep_hours(state):
            self._call(state)

    # With somebody at the counter ------------------------------------------------------------

    def _attend(self, state: CounterState, current: CurrentTicket) -> None:
        if self._contact is None:
            self._contact = _Contact(current.ticket, self._agenda.now_s(), self._people.walk_s())
        self._notices_s = None
        contact, person = self._contact, self._people.holder(current)
        ticket = current.ticket
        if current.state is TicketState.SERVING:
            started_s = self._agenda.clock.day_s(current.started_at or current.called_at)
            if self._is_time(started_s + person.work_s):
                self._settle(state, ticket, person, person.outcome)
        elif person.answers:
            if self._is_time(contact.began_s + contact.walk_s):
                self._ask(StartServing(**self._asking.counter_stamp(), ticket=ticket))
        elif self._is_time(contact.began_s + _RECALL_EVERY_S * current.calls):
            if current.calls < _CALLS:
                self._ask(Recall(**self._asking.counter_stamp(), ticket=ticket))
            else:
                self._settle(state, ticket, person, Outcome.ABSENT)

    def _settle(self, state: CounterState, ticket: Id, person: Person, outcome: Outcome) -> None:
        stamp = self._asking.counter_stamp()
        going_on = "call_next.finish" in state.legal and self._calls_now(state)
        command: AnyCommand
        match outcome:
            case Outcome.TRANSFER:
                command = Transfer(**stamp, ticket=ticket, to_service=person.visit.transfer_to)
            case Outcome.FINISH if going_on:
                command = CallNext(
                    **stamp,
                    current=ticket,
                    current_to=CurrentTo.FINISH,
                    outcome=self._said_of(person),
                )
            case Outcome.FINISH:
                command = Finish(**stamp, ticket=ticket, outcome=self._said_of(person))
            case Outcome.PARK if going_on:
                command = CallNext(**stamp, current=ticket, current_to=CurrentTo.PARK)
            case Outcome.PARK:
                command = Park(**stamp, ticket=ticket, reason=_SIGNING_REASON)
            case Outcome.ABSENT if going_on:
                command = CallNext(**stamp, current=ticket, current_to=CurrentTo.ABSENT)
            case Outcome.ABSENT:
                command = MarkAbsent(**stamp, ticket=ticket)
        self._ask(command, partial(self._settled, ticket, person, outcome))

    def _said_of(self, person: Person) -> str | None:
        """Return the outcome that the officer takes the time to give: of every second person."""
        if not self._outcomes or round(person.work_s) % 2:
            return None
        of_result = min(1, len(self._outcomes) - 1)
        return self._outcomes[of_result if person.stage is Stage.SIGNED else 0]

    def _settled(self, ticket: Id, person: Person, outcome: Outcome, rev: int) -> None:
        now_s, visit = self._agenda.now_s(), person.visit
        if self._contact and self._contact.ticket == ticket:
            self._contact = None
        match outcome:
            case Outcome.FINISH:
                self._history.ended(ticket, End.FINISHED, rev)
            case Outcome.PARK:
                self._history.ended(ticket, None, rev)
                person.stage = Stage.SIGNED
                self._signed.add(ticket, now_s + (visit.signing_s or 0.0))
            case Outcome.TRANSFER:
                self._history.ended(ticket, None, rev)
                person.stage = Stage.TRANSFERRED
            case Outcome.ABSENT:
                self._history.ended(ticket, End.ABSENT, rev)
                back_s = now_s + visit.comes_back_s if visit.comes_back_s else None
                if back_s and back_s < CLOSING_S:
                    person.came_back = True
                    self._coming_back.add(ticket, back_s)

    # Between two people ----------------------------------------------------------------------

    def _meet_returned(self, state: CounterState) -> bool:
        """Put somebody who missed the call and now stands here back in line."""
        for ticket in self._coming_back.due(state.absent):
            command = ReturnToQueue(**self._asking.stamp(), ticket=ticket)
            self._ask(command, partial(self._is_back, ticket))
            return True
        return False

    def _is_back(self, ticket: Id, rev: int) -> None:
        self._coming_back.remove(ticket)
        self._history.ended(ticket, None, rev)

    def _keep_hours(self, state: CounterState) -> bool:
        """Open, rest and close with the hours; return whether people are called now."""
        if not self._is_time(self._opens_s()):
            return False
        if self._agenda.now_s() >= OVERTIME_ENDS_S:
            self._end_overtime(state)
        elif self._ended():
            self._close(state)
        elif self._lunches(state):
            self._rest(state)
        elif state.status is not CounterStatus.OPEN:
            self._ask(OpenCounter(**self._asking.counter_stamp()))
        else:
            return True
        return False

    def _call(self, state: CounterState) -> None:
        ready = self._signed.due(state.parked)
        if ready:
            command = CallTicket(**self._asking.counter_stamp(), ticket=ready[0])
            self._ask(command, lambda _rev: self._signed.remove(ready[0]))
        elif not state.waiting_total:
            self._notices_s = None
        elif self._is_time(self._notices()):
            self._ask(CallNext(**self._asking.counter_stamp()))

    def _notices(self) -> float:
        """Return when the idle officer looks up and sees that somebody waits."""
        if self._notices_s is None:
            self._notices_s = self._agenda.now_s() + self._people.notice_s()
        return self._notices_s

    def _rest(self, state: CounterState) -> None:
        if state.status is not CounterStatus.PAUSED:
            until = self._agenda.clock.instant(AFTERNOON_S)
            stamp = self._asking.counter_stamp()
            self._ask(PauseCounter(**stamp, reason=_LUNCH_REASON, until=until))

    def _end_overtime(self, state: CounterState) -> None:
        """Let those who are left come another day, then close."""
        left = (*state.waiting, *state.parked)
        if left:
            ticket = left[0].ticket
            command = VoidTicket(**self._asking.stamp(), ticket=ticket, reason=_OVERTIME_REASON)
            self._ask(command, partial(self._history.ended, ticket, End.VOID))
        else:
            self._close(state)

    def _close(self, state: CounterState) -> None:
        if state.status is not CounterStatus.CLOSED:
            self._ask(CloseCounter(**self._asking.counter_stamp()))

    # What time it is -------------------------------------------------------------------------

    def _opens_s(self) -> float:
        return OPENING_S + self.number * _OPENS_APART_S

    def _lunches(self, state: CounterState) -> bool:
        now_s = self._agenda.now_s()
        if not LUNCH_S <= now_s < AFTERNOON_S:
            return False
        resting = state.status is CounterStatus.PAUSED
        return resting or now_s >= LATEST_LUNCH_S or not state.waiting_total

    def _calls_now(self, state: CounterState) -> bool:
        """Return whether the next person is called right after this one."""
        now_s = self._agenda.now_s()
        if now_s >= OVERTIME_ENDS_S or self._signed.due(state.parked):
            return False
        return now_s >= self._opens_s() and not self._lunches(state)

    def _ended(self) -> bool:
        """Return whether the hour is late and nobody is left to serve."""
        now_s = self._agenda.now_s()
        if now_s >= OVERTIME_ENDS_S:
            return self._state is None or not (self._state.waiting or self._state.parked)
        left = self._signed or self._coming_back or (self._state and self._state.waiting_total)
        return (self.day_is_over or now_s >= CLOSING_S) and not left

    def _is_time(self, day_s: float) -> bool:
        """Return whether it is `day_s`; if not, step again then."""
        if self._agenda.now_s() >= day_s:
            return True
        self._agenda.at(day_s, self.step)
        return False

    def _ask(self, command: AnyCommand, done: Callable[[int], None] = lambda _rev: None) -> None:
        """Ask; `done` gets the revision at which it was done."""

        def answered(reply: Reply) -> None:
            if reply.ok or settles_all_the_same(command, reply):
                done(reply.rev)

        self._asking.ask(command, answered)
