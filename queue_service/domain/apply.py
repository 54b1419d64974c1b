"""What an event does to the day: the only way in which the state changes."""

from dataclasses import replace
from typing import assert_never

from bus.vocabulary import CounterStatus
from queue_service.domain import appointments, between, evolve
from queue_service.domain import events as e
from queue_service.domain.state import DeviceOrder, HelpRequest, Notice, Outage, State, Step
from queue_service.domain.tickets import Ticket

_TAKEN_BACK = (
    e.TicketCalled,
    e.ServingStarted,
    e.TicketFinished,
    e.TicketAbsent,
    e.TicketParked,
    e.TicketTransferred,
    e.TicketReturned,
    e.ClassSet,
    e.TicketVoided,
)
"""Events that a counter can undo."""

_KEPT_HELP = _KEPT_NOTICES = _KEPT_OUTAGES = _KEPT_ORDERS = 200
"""The oldest fall out, so that nobody can make the state grow for ever."""


def apply(state: State, fact: e.Fact) -> State:
    """Return the state after `fact`."""
    event = fact.event
    before = state.tickets.get(event.ticket) if isinstance(event, e.TicketEvent) else None
    state = replace(_changed(state, fact), seq=fact.seq)
    if fact.acting is not None and before is not None and isinstance(event, _TAKEN_BACK):
        call = event.call_seq if isinstance(event, e.TicketCalled) else None
        return _remember(state, fact, before, call)
    return state


def _changed(state: State, fact: e.Fact) -> State:  # noqa: C901, PLR0911, PLR0912 - one case each
    event = fact.event
    match event:
        case e.TicketIssued():
            return evolve.issued(state, fact, event)
        case e.TicketDelivered():
            return evolve.delivered(state, fact, event)
        case e.TicketCalled() | e.TicketRecalled():
            return evolve.called(state, fact, event)
        case e.ServingStarted():
            return evolve.started(state, fact, event)
        case e.TicketFinished() | e.TicketParked():
            return evolve.settled(state, fact, event)
        case e.ReminderPostponed():
            return evolve.reminder_postponed(state, event)
        case e.TicketAbsent():
            return evolve.absent(state, fact, event)
        case e.TicketTransferred():
            return evolve.transferred(state, fact, event)
        case e.TicketReturned():
            return evolve.returned(state, fact, event)
        case e.ClassSet():
            return evolve.class_set(state, fact, event)
        case e.TicketVoided():
            return evolve.voided(state, fact, event)
        case e.StepUndone():
            return evolve.undone(state, fact, event)
        case e.CounterOpened():
            return evolve.opened(state, fact, event.counter)
        case e.CounterPaused():
            return _paused(state, event)
        case e.CounterClosed():
            return _closed(state, fact, event)
        case e.DayOpened():
            return _day_opened(fact, event)
        case e.ConfigApplied():
            return replace(state, config_version=event.version)
        case e.Restored():
            return evolve.restored(state, fact, event)
        case e.CallAnnounced():
            return evolve.announced(state, fact, event)
        case e.CallUnannounced():
            return evolve.unannounced(state, fact, event)
        case e.CallHandedOver():
            return replace(state, speakers={**state.speakers, event.call_seq: event.speaker})
        case (
            e.AppointmentBooked()
            | e.AppointmentMoved()
            | e.AppointmentCancelled()
            | e.AppointmentKept()
            | e.AppointmentMissed()
            | e.AppointmentsTakenUp()
        ):
            return appointments.changed(state, fact, event)
        case e.PrintRequested() | e.PrintReported() | e.TicketsForgotten() | e.OfLaterVersion():
            return state
        case _:
            return _hall(state, fact, event)


def _hall(  # noqa: C901, PLR0911, PLR0912 - one case each
    state: State,
    fact: e.Fact,
    event: e.HelpRequested
    | e.HelpAnswered
    | e.HelperComes
    | e.ColleagueCalled
    | e.ColleagueAnswered
    | e.CountersTold
    | e.ManagersTold
    | e.MessageRead
    | e.OutageReported
    | e.OutageEnded
    | e.NoticePosted
    | e.NoticeWithdrawn
    | e.DeviceOrdered
    | e.DeviceAnswered,
) -> State:
    match event:
        case e.HelpRequested():
            others = tuple(request for request in state.help if request.place != event.place)
            asked = HelpRequest(event.place, fact.at.at, kiosk=event.kiosk)
            return replace(state, help=(*others, asked)[-_KEPT_HELP:])
        case e.HelpAnswered() | e.HelperComes():
            return replace(state, help=tuple(_answered(r, fact, event) for r in state.help))
        case e.ColleagueCalled():
            return between.called(state, fact, event)
        case e.ColleagueAnswered():
            return between.answered(state, fact, event)
        case e.CountersTold() | e.ManagersTold():
            return between.told(state, fact, event)
        case e.MessageRead():
            return between.read(state, event)
        case e.OutageReported():
            outages = (*state.outages, Outage(event.system, fact.at))
            return replace(state, outages=outages[-_KEPT_OUTAGES:])
        case e.OutageEnded():
            rest = tuple(outage for outage in state.outages if outage.system != event.system)
            return replace(state, outages=rest)
        case e.NoticePosted():
            current = [notice for notice in state.notices if notice.until > fact.at.at]
            kept = (*current, Notice(event.text, event.until, str(fact.seq)))[-_KEPT_NOTICES:]
            return replace(state, notices=kept)
        case e.NoticeWithdrawn():
            rest_of = tuple(notice for notice in state.notices if notice.id != event.notice)
            return replace(state, notices=rest_of)
        case e.DeviceOrdered():
            order = DeviceOrder(fact.seq, event.device, event.does, event.test, event.text, fact.at)
            return replace(state, orders=(*state.orders, order)[-_KEPT_ORDERS:])
        case e.DeviceAnswered():
            ended = tuple(
                _ended(order, fact, event) if order.seq == event.order else order
                for order in state.orders
            )
            return replace(state, orders=ended)
        case _:
            assert_never(event)


def _answered(
    request: HelpRequest, fact: e.Fact, event: e.HelpAnswered | e.HelperComes
) -> HelpRequest:
    if request.place != event.place or request.answered_at is not None:
        return request
    counter = event.counter if isinstance(event, e.HelpAnswered) else None
    return replace(request, answered_by=counter, answered_at=fact.at.at)


def _ended(order: DeviceOrder, fact: e.Fact, event: e.DeviceAnswered) -> DeviceOrder:
    return replace(order, outcome=event.outcome, reason=event.reason, ended_at=fact.at.at)


def _paused(state: State, event: e.CounterPaused) -> State:
    counter = replace(
        state.counter(event.counter),
        status=CounterStatus.PAUSED,
        reason=event.reason,
        until=event.until,
    )
    return evolve.with_counter(state, event.counter, counter)


def _closed(state: State, fact: e.Fact, event: e.CounterClosed) -> State:
    counter = replace(
        state.counter(event.counter),
        status=CounterStatus.CLOSED,
        reason=None,
        until=None,
        step=None,
    )
    state = evolve.with_counter(state, event.counter, counter)
    return evolve.released(state, fact, event.released)


def _day_opened(fact: e.Fact, event: e.DayOpened) -> State:
    return State(
        day=event.business_day,
        opened=fact.at,
        call_seq=event.call_seq,
        config_version=event.config_version,
        notices=event.notices,
        outages=event.outages,
        staff_calls=event.staff_calls,
        appointments={each.id: each for each in event.appointments},
    )


def _remember(state: State, fact: e.Fact, before: Ticket, call: int | None) -> State:
    """Keep what a counter's step changed, so that it can be taken back."""
    if fact.acting is None:
        return state
    counter = state.counter(fact.acting)
    step = counter.step
    if step is None or step.first != fact.step:
        step = Step(fact.step, fact.seq, fact.cause, ())
    known = {ticket.id for ticket in step.before}
    step = replace(
        step,
        last=fact.seq,
        before=step.before if before.id in known else (*step.before, before),
        calls=step.calls if call is None else (*step.calls, call),
    )
    return evolve.with_counter(state, fact.acting, replace(counter, step=step))
