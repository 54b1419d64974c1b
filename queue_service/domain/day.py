"""The business day: when a new one opens, and what closes with the old one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bus.vocabulary import TicketState
from queue_service.domain.events import (
    DayOpened,
    Event,
    TicketFinished,
    TicketVoided,
    naming,
)
from queue_service.domain.rules import Rules
from queue_service.domain.state import State
from queue_service.domain.tickets import OVER
from queue_service.domain.values import CounterNumber, Mark, elapsed

OPENS_AFTER_MIDNIGHT = timedelta(hours=3)
QUIET = timedelta(hours=4)
"""How long nobody must have been called or served."""
LONGEST_JUMP = timedelta(days=7)
"""A longer jump waits for a person."""


class DayStep(StrEnum):
    """What is to be done about the business day."""

    KEEP = "keep"
    OPEN = "open"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class DayDue:
    """What is to be done, and with which day."""

    step: DayStep
    day: date


def business_date(rules: Rules, now: Mark) -> date:
    """Return the business day to which an instant belongs: days begin at 03:00 local."""
    return (now.at - OPENS_AFTER_MIDNIGHT).astimezone(rules.hours.zone).date()


def day_due(state: State, rules: Rules, now: Mark, approved: date | None = None) -> DayDue:
    """Return whether a new business day is to open now; `approved` is a day a person confirmed."""
    wanted = business_date(rules, now)
    if state.day is None:
        return DayDue(DayStep.OPEN, wanted)
    if wanted <= state.day or _in_use(state, now):
        return DayDue(DayStep.KEEP, state.day)
    if wanted - state.day > LONGEST_JUMP and wanted != approved:
        return DayDue(DayStep.ASK, wanted)
    return DayDue(DayStep.OPEN, wanted)


def open_day(state: State, day: date) -> Iterator[Event]:
    """Return the events that close what is left over and open `day`."""
    for ticket in state.tickets.values():
        if ticket.state is TicketState.SERVING:
            counter = ticket.counter or CounterNumber(0)
            yield TicketFinished(**naming(ticket), counter=counter, day_closed=True)
        elif ticket.state not in OVER:
            yield TicketVoided(**naming(ticket), reason="day_closed", day_closed=True)
    yield DayOpened(
        business_day=day,
        call_seq=state.call_seq,
        config_version=state.config_version,
        notices=state.notices,
        outages=state.outages,
    )


def _in_use(state: State, now: Mark) -> bool:
    return state.active is not None and elapsed(state.active, now).seconds < QUIET.total_seconds()
