"""When numbers are given, by the configured hours alone."""

import datetime as dt
from collections.abc import Iterator

from config.settings import Centre, Service, Window


def gives_numbers(centre: Centre, service: Service, now: dt.datetime) -> bool:
    """Return whether the configured hours let `service` give numbers at `now`."""
    if centre.hours.always_open:
        return True
    local = now.astimezone(centre.identity.zone)
    return any(begin <= local < end for begin, end in issue_spans(centre, service, local.date()))


def issue_spans(
    centre: Centre, service: Service, date: dt.date
) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Yield from when and until when `service` gives numbers on `date`."""
    hours, zone = centre.hours, centre.identity.zone
    windows = hours.on(date)
    early = dt.timedelta(minutes=hours.issue_before_open_min)
    last = service.last_ticket_before_close_min
    late = dt.timedelta(minutes=hours.last_ticket_before_close_min if last is None else last)
    if windows and service.issue:
        windows = tuple(Window.parse(text) for text in service.issue)
        early = late = dt.timedelta()
    for window in windows:
        begin = dt.datetime.combine(date, window.begin, zone) - early
        yield begin, dt.datetime.combine(date, window.end, zone) - late
