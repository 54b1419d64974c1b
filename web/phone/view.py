"""What the page of a number says: of this number alone, in the language of its paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bus.states import Outage
from bus.vocabulary import TicketState
from hall.model import HallState
from hall.words import N_, Words
from wait_log.followed import Called, FollowedTicket
from web.phone.promise import Promise

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SOON = 2
"""People before somebody who had better come back to the hall."""


class Kind(StrEnum):
    """What the page shows: the states of a ticket as its owner knows them."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    MISSED = "missed"
    SERVED = "served"
    CANCELLED = "cancelled"
    OVER = "over"
    """The day is."""

    @property
    def ended(self) -> bool:
        """Return whether nothing more will happen today."""
        return self in _ENDED


_ENDED = frozenset({Kind.SERVED, Kind.CANCELLED, Kind.OVER})
_KINDS = {
    TicketState.WAITING: Kind.WAITING,
    TicketState.CALLED: Kind.CALLED,
    TicketState.SERVING: Kind.SERVING,
    TicketState.PARKED: Kind.PARKED,
    TicketState.ABSENT: Kind.MISSED,
    TicketState.FINISHED: Kind.SERVED,
    TicketState.VOID: Kind.CANCELLED,
}
_TITLES = {
    Kind.WAITING: N_("Đang chờ"),
    Kind.CALLED: N_("Đến lượt"),
    Kind.SERVING: N_("Đang được phục vụ"),
    Kind.PARKED: N_("Xin chờ thêm"),
    Kind.MISSED: N_("Quý vị đã lỡ lượt"),
    Kind.SERVED: N_("Đã phục vụ xong"),
    Kind.CANCELLED: N_("Số đã được hủy"),
    Kind.OVER: N_("Ngày làm việc đã kết thúc"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneView:
    """The page as plain values; those of equal worth are drawn once for all phones."""

    kind: Kind
    title: str
    number: str = ""
    """Only where the words name it: everywhere else it stands on the page by itself."""
    service: str = ""
    ahead: int | None = None
    wait: str = ""
    counter: int | None = None
    slower: str = ""
    """Why it takes longer than was said; empty while it does not."""
    called: str = ""
    """How often, and when, the number was called in vain."""
    times: str = ""
    """How long it took, once it is over."""
    stale: bool = False
    asks: bool = False
    """Whether its owner may still say how it was."""

    @property
    def soon(self) -> bool:
        """Return whether it is nearly this number's turn."""
        return self.ahead is not None and self.ahead <= SOON


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one ticket at one moment."""

    ticket: FollowedTicket
    ahead: int | None = None
    promise: Promise | None = None
    calls: Sequence[Called] = ()
    """Of who missed them."""
    rated: bool = True
    """Whether there is nothing to ask: it has a vote, or votes cannot be kept."""


def phone_view(known: Known, hall: HallState, t: Words, *, stale: bool) -> PhoneView:
    """Return what the owner of a ticket is told."""
    ticket = known.ticket
    kind = kind_of(ticket, hall)
    title = t(_TITLES[kind])
    view = PhoneView(kind=kind, title=title, stale=stale and not kind.ended)
    match kind:
        case Kind.WAITING:
            return _waiting(view, known, hall, t)
        case Kind.MISSED:
            return replace(
                view,
                service=service_name(ticket, hall, t),
                counter=ticket.counter or (known.calls[-1].counter if known.calls else None),
                called=_called(known.calls, hall, t),
            )
        case Kind.SERVED:
            return replace(
                view,
                number=ticket.number,
                service=service_name(ticket, hall, t),
                counter=ticket.counter,
                times=_times(ticket, t),
                asks=not known.rated and ticket.counter is not None,
            )
        case Kind.CALLED | Kind.SERVING:
            return replace(view, service=service_name(ticket, hall, t), counter=ticket.counter)
        case _:
            return replace(view, service=service_name(ticket, hall, t))


def kind_of(ticket: FollowedTicket, hall: HallState) -> Kind:
    """Return how a ticket stands today."""
    day = hall.services.business_day if hall.services else ticket.business_day
    if ticket.day_closed or ticket.business_day != day:
        return Kind.OVER
    return _KINDS[TicketState(ticket.state)]


def service_name(ticket: FollowedTicket, hall: HallState, t: Words) -> str:
    """Return what somebody came for; a service that the centre gave up keeps its code."""
    if hall.centre is None:
        return ticket.service
    try:
        return hall.centre.service(ticket.service).name(t.lang)
    except KeyError:
        return ticket.service


def places_of(tickets: Mapping[str, FollowedTicket]) -> dict[str, int]:
    """Return how many people stand before each ticket that waits, in its line."""
    waiting = [each for each in tickets.values() if each.state == TicketState.WAITING]
    waiting.sort(key=lambda each: (each.order_key_us, each.id))
    before: dict[str | int, int] = {}
    places: dict[str, int] = {}
    for each in waiting:
        places[each.id] = before.get(each.line, 0)
        before[each.line] = places[each.id] + 1
    return places


def range_of(ticket: FollowedTicket, ahead: int, hall: HallState) -> tuple[int, int] | None:
    """Return how long who has so many before them will wait, as the service reckons it."""
    if ticket.to_counter is not None or hall.services is None:
        return None
    for state in hall.services.services:
        if state.service == ticket.service:
            found = [(low, high) for place, low, high in state.waits if place <= ahead]
            return found[-1] if found else state.wait_min
    return None


def _waiting(view: PhoneView, known: Known, hall: HallState, t: Words) -> PhoneView:
    told = known.promise
    return replace(
        view,
        service=service_name(known.ticket, hall, t),
        ahead=known.ahead,
        wait=t.minutes_range(told.shown) if told else "",
        slower=_slower(told, known.ticket, hall, t) if told and told.slower else "",
        counter=known.ticket.to_counter,
    )


def _slower(told: Promise, ticket: FollowedTicket, hall: HallState, t: Words) -> str:
    """Return what was said before, and which system is the reason if one is reported."""
    first = t.minutes_range(told.first)
    since_issue = told.at - _instant(ticket.issued_us) < timedelta(minutes=1)
    said = (
        t("Lúc lấy số dự kiến {minutes}.", minutes=first)
        if since_issue
        else t("Lúc {time} dự kiến {minutes}.", time=t.time(told.at, hall.zone), minutes=first)
    )
    outages: Sequence[Outage] = hall.board.outages if hall.board else ()
    if not outages:
        return t("{said} Mong quý vị thông cảm.", said=said)
    return t(
        "{said} {system} chậm từ {time}, mong quý vị thông cảm.",
        said=said,
        system=system_name(outages[0].system, hall, t),
        time=t.time(outages[0].since, hall.zone),
    )


def system_name(system: str, hall: HallState, t: Words) -> str:
    """Return a system of the centre's list in the language of the page."""
    known = hall.centre.wording.systems if hall.centre else ()
    return next((each(t.lang) for each in known if each.vi == system), system)


def _called(calls: Sequence[Called], hall: HallState, t: Words) -> str:
    times = [_local(call.at_us, hall) for call in calls[-2:]]
    joined = " {} ".format(t("và")).join(times)
    return t.plural("Đã mời {count} lần, lúc {times}", len(calls), times=joined) if calls else ""


def _times(ticket: FollowedTicket, t: Words) -> str:
    if ticket.clock_suspect or ticket.wait_s is None or ticket.served_s is None:
        return ""
    return t(
        "Chờ {wait}, phục vụ {served}",
        wait=t.minutes(ticket.wait_s),
        served=t.minutes(ticket.served_s),
    )


def _local(at_us: int, hall: HallState) -> str:
    return f"{_instant(at_us).astimezone(hall.zone):%H:%M}"


def _instant(at_us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at_us)
