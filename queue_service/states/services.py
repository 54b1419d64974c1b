"""The document that kiosks follow."""

from datetime import datetime, timedelta

from bus import states
from bus.vocabulary import CounterStatus, WhyClosed
from queue_service.domain.estimate import ranges_by_place, wait_range
from queue_service.domain.hours import given_again, standing
from queue_service.domain.issue import is_full
from queue_service.domain.rules import Rules
from queue_service.domain.state import State
from queue_service.domain.values import ServiceCode
from queue_service.states.view import Header, View, newest
from queue_service.states.visits import ended, visits

ANSWERED_FOR = timedelta(minutes=2)
"""How long a call for help that was answered still shows who comes."""
_HELP_BYTES = 16_000


def services_state(view: View, header: Header) -> states.ServicesState:
    """Return every service as a kiosk offers it."""
    state = view.state
    waiting: dict[str, int] = {}
    for line in state.lines.values():
        for place in line:
            code = state.tickets[place.ticket].service
            waiting[code] = waiting.get(code, 0) + 1
    help_calls = [
        states.HelpCall(place=request.place, since=request.at, answered_by=request.answered_by)
        for request in state.help
        if request.answered_at is None or request.answered_at + ANSWERED_FOR > view.now
        if not ended(view, request.kiosk, request.at)
    ]
    return states.ServicesState(
        epoch=header.epoch,
        rev=header.rev,
        at=header.at,
        business_day=state.day.isoformat() if state.day else "",
        day_to_confirm=view.day_to_confirm,
        help=newest(help_calls, _HELP_BYTES),
        help_total=len(help_calls),
        visits=visits(view),
        services=tuple(_service(view, code, waiting.get(code, 0)) for code in view.rules.services),
        books=tuple(
            states.BookMark(kiosk=kiosk, service=service, highest=highest)
            for (kiosk, service), highest in sorted(state.books.items())
        ),
    )


def paused_until(
    state: State, rules: Rules, service: ServiceCode, now: datetime
) -> datetime | None:
    """Return when the open counters of a service are back that all rest until a known time."""
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
    if rules.services[code].roll is not None:  # nobody knows who waits beside those sent here
        return states.ServiceState(service=code, open=False, why=WhyClosed.ROLL, waiting=waiting)
    by_clock = standing(rules, code, now)
    why, opens_at = by_clock.why, None if by_clock.open else by_clock.changes_at
    if by_clock.open:
        back = paused_until(state, rules, code, now)
        why = WhyClosed.PAUSED if back else None
        opens_at = back and given_again(rules, code, now, back)
        if is_full(state, rules, code):
            why, opens_at = WhyClosed.FULL, None
    return states.ServiceState(
        service=code,
        open=why is None,
        why=why,
        opens_at=opens_at,
        waiting=waiting,
        wait_min=wait_range(state, rules, code, now),
        waits=tuple(
            (place, *minutes) for place, minutes in ranges_by_place(state, rules, code, now)
        ),
    )
