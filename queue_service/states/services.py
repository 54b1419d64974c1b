"""The document that kiosks follow."""

from datetime import datetime

from bus import states
from bus.vocabulary import CounterStatus, WhyClosed
from queue_service.domain.estimate import wait_range
from queue_service.domain.hours import standing
from queue_service.domain.issue import is_full
from queue_service.domain.rules import Rules
from queue_service.domain.state import State
from queue_service.domain.values import ServiceCode
from queue_service.states.view import Header, View


def services_state(view: View, header: Header) -> states.ServicesState:
    """Return every service as a kiosk offers it."""
    state = view.state
    waiting: dict[str, int] = {}
    for line in state.lines.values():
        for place in line:
            code = state.tickets[place.ticket].service
            waiting[code] = waiting.get(code, 0) + 1
    return states.ServicesState(
        epoch=header.epoch,
        rev=header.rev,
        at=header.at,
        business_day=state.day.isoformat() if state.day else "",
        services=tuple(_service(view, code, waiting.get(code, 0)) for code in view.rules.services),
        books=tuple(
            states.BookMark(kiosk=kiosk, service=service, highest=highest)
            for (kiosk, service), highest in sorted(state.books.items())
        ),
    )


def paused_until(
    state: State, rules: Rules, service: ServiceCode, now: datetime
) -> datetime | None:
    """Return when a service goes on whose open counters all rest until a known time."""
    counters = [state.counter(number) for number in rules.serving(service)]
    at_work = [counter for counter in counters if counter.status is not CounterStatus.CLOSED]
    untils = [
        counter.until
        for counter in at_work
        if counter.status is CounterStatus.PAUSED and counter.until and counter.until > now
    ]
    return min(untils) if untils and len(untils) == len(at_work) else None


def _service(view: View, code: ServiceCode, waiting: int) -> states.ServiceState:
    state, rules, now = view.state, view.rules, view.now
    by_clock = standing(rules, code, now)
    why, opens_at = by_clock.why, None if by_clock.open else by_clock.changes_at
    if by_clock.open:
        opens_at = paused_until(state, rules, code, now)
        why = WhyClosed.PAUSED if opens_at else None
        if is_full(state, rules, code):
            why, opens_at = WhyClosed.FULL, None
    return states.ServiceState(
        service=code,
        open=why is None,
        why=why,
        opens_at=opens_at,
        waiting=waiting,
        wait_min=wait_range(state, rules, code, now),
    )
