"""When numbers are given and when counters serve."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bus.vocabulary import WhyClosed
from queue_service.domain.rules import Hours, Rules, ServiceRules, Span
from queue_service.domain.values import ServiceCode

_LOOK_AHEAD_DAYS = 30


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether something is open by the clock, and when that changes."""

    open: bool
    why: WhyClosed | None = None
    changes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Window:
    begin: datetime
    end: datetime
    close: datetime


def standing(rules: Rules, code: ServiceCode, now: datetime) -> Standing:
    """Return whether numbers of a service are given at `now`."""
    hours = rules.hours
    if hours.always_open:
        return Standing(open=True)
    service = rules.services[code]
    today = now.astimezone(hours.zone).date()
    windows = list(_issue_windows(hours, service, today))
    for window in windows:
        if window.begin <= now < window.end:
            return Standing(open=True, changes_at=window.end)
    why = WhyClosed.HOLIDAY if today in hours.holidays else WhyClosed.HOURS
    if any(window.end <= now < window.close for window in windows):
        why = WhyClosed.LAST_TICKET
    return Standing(open=False, why=why, changes_at=_next_issue(hours, service, now, today))


def given_again(rules: Rules, code: ServiceCode, now: datetime, back: datetime) -> datetime | None:
    """Return when, `back` or later, numbers are given on the day of `now`; None if no more."""
    then = standing(rules, code, back)
    at = back if then.open else then.changes_at
    zone = rules.hours.zone
    if at is None or at.astimezone(zone).date() != now.astimezone(zone).date():
        return None
    return at


def serving(rules: Rules, now: datetime) -> Standing:
    """Return whether the hours say that counters serve at `now`, and when that changes."""
    hours = rules.hours
    if hours.always_open:
        return Standing(open=True)
    today = now.astimezone(hours.zone).date()
    for offset in range(_LOOK_AHEAD_DAYS):
        day = today + timedelta(days=offset)
        for begin, end in (_bounds(hours, day, span) for span in hours.on(day)):
            if now < end:
                return Standing(open=begin <= now, changes_at=end if begin <= now else begin)
    return Standing(open=False)


def _next_issue(hours: Hours, service: ServiceRules, now: datetime, today: date) -> datetime | None:
    for offset in range(_LOOK_AHEAD_DAYS):
        for window in _issue_windows(hours, service, today + timedelta(days=offset)):
            if window.begin > now:
                return window.begin
    return None


def _issue_windows(hours: Hours, service: ServiceRules, day: date) -> Iterator[_Window]:
    open_hours = hours.on(day)
    if service.issue and open_hours:
        for span in service.issue:
            begin, end = _bounds(hours, day, span)
            yield _Window(begin, end, end)
        return
    for span in open_hours:
        begin, close = _bounds(hours, day, span)
        end = close - service.last_ticket_before_close
        yield _Window(begin - hours.issue_before_open, end, close)


def _bounds(hours: Hours, day: date, span: Span) -> tuple[datetime, datetime]:
    return _instant(hours, day, span.begin), _instant(hours, day, span.end)


def _instant(hours: Hours, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, hours.zone)
