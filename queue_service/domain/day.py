"""The business day: when a new one opens, and what closes with the old one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bus.commands import ConfirmDay
from bus.vocabulary import Error, TicketState
from queue_service.domain.appointments import missed, still_to_come
from queue_service.domain.between import open_calls
from queue_service.domain.context import Context, Decision
from queue_service.domain.events import (
    DayOpened,
    Event,
    TicketFinished,
    TicketVoided,
    naming,
)
from queue_service.domain.rules import Rules
from queue_service.domain.state import State
from queue_service.domain.tickets import AT_COUNTER, OVER
from queue_service.domain.values import CounterNumber, Mark, Refusal, elapsed

OPENS_AFTER_MIDNIGHT = timedelta(hours=3)
QUIET = timedelta(hours=4)
"""How long no number must have been given and nobody called or served."""
_ONE_DAY = timedelta(days=1)
MOST_OPEN_DAYS = 7
"""A jump over more days on which the centre is open waits for a person."""
_WINDS_DOWN = timedelta(minutes=90)
"""A day whose last use was longer before its closing than this was broken off."""
_THERE = frozenset({TicketState.WAITING, *AT_COUNTER})


class DayStep(StrEnum):
    """What is to be done about the business day."""

    KEEP = "keep"
    OPEN = "open"
    ASK = "ask"
    """Do nothing at all until a person has confirmed the day."""
    DOUBT = "doubt"
    """Keep the day, and let a person open the other one."""


@dataclass(frozen=True, slots=True)
class DayDue:
    """What is to be done, and with which day."""

    step: DayStep
    day: date


def business_date(rules: Rules, at: datetime) -> date:
    """Return the business day to which an instant belongs: days begin at 03:00 local."""
    return (at - OPENS_AFTER_MIDNIGHT).astimezone(rules.hours.zone).date()


def day_begin(rules: Rules, day: date) -> datetime:
    """Return the instant at which a business day begins."""
    return datetime.combine(day, time(), rules.hours.zone) + OPENS_AFTER_MIDNIGHT


def day_due(state: State, rules: Rules, now: Mark, approved: date | None = None) -> DayDue:
    """Return whether a new business day is to open now; `approved` is a day a person confirmed."""
    wanted = business_date(rules, now.at)
    if state.day is None:
        return DayDue(DayStep.OPEN, wanted)
    if wanted <= state.day or _in_use(state, now):
        return DayDue(DayStep.KEEP, state.day)
    if wanted != approved:
        if is_far(rules, state.day, wanted):
            return DayDue(DayStep.ASK, wanted)
        if _was_broken_off(state, rules, now):
            return DayDue(DayStep.DOUBT, wanted)
    return DayDue(DayStep.OPEN, wanted)


def is_far(rules: Rules, last: date, wanted: date) -> bool:
    """Return whether so many working days passed that the clock is rather wrong."""
    count, day = 0, last
    while day < wanted and count <= MOST_OPEN_DAYS:
        day += _ONE_DAY
        count += rules.hours.always_open or bool(rules.hours.on(day))
    return count > MOST_OPEN_DAYS


def confirm_day(state: State, rules: Rules, command: ConfirmDay, context: Context) -> Decision:
    """Open the day that waits for a person, and no other."""
    due = day_due(state, rules, context.now)
    waits = due.step in (DayStep.ASK, DayStep.DOUBT)
    if not waits or due.day.isoformat() != command.business_day:
        raise Refusal(Error.CONFLICT, f"{command.business_day} does not wait to be confirmed")
    return Decision(tuple(open_day(state, due.day)))


def open_day(state: State, day: date) -> Iterator[Event]:
    """Return the events that close what is left over and open `day`."""
    for ticket in state.tickets.values():
        if ticket.state is TicketState.SERVING:
            counter = ticket.counter or CounterNumber(0)
            yield TicketFinished(**naming(ticket), counter=counter, day_closed=True)
        elif ticket.state not in OVER:
            yield TicketVoided(**naming(ticket), reason="day_closed", day_closed=True)
    yield from missed(state, day)
    yield DayOpened(
        business_day=day,
        call_seq=state.call_seq,
        config_version=state.config_version,
        notices=state.notices,
        outages=state.outages,
        staff_calls=tuple(open_calls(state)),
        appointments=tuple(still_to_come(state, day)),
    )


def _in_use(state: State, now: Mark) -> bool:
    return state.active is not None and elapsed(state.active, now).seconds < QUIET.total_seconds()


def _was_broken_off(state: State, rules: Rules, now: Mark) -> bool:
    """Return whether people may still be there, although another boot's clock says otherwise.

    A day that ran to its end and left tickets over is over; one that stopped in the middle
    may go on behind a clock that is wrong.
    """
    last = state.active
    if last is None or not elapsed(last, now).suspect:
        return False
    if not any(ticket.state in _THERE for ticket in state.tickets.values()):
        return False
    hours = rules.hours
    closings = [span.end for span in hours.on(last.at.astimezone(hours.zone).date())]
    if hours.always_open or not closings:
        return True
    local = last.at.astimezone(hours.zone)
    return local + _WINDS_DOWN < datetime.combine(local.date(), max(closings), hours.zone)
