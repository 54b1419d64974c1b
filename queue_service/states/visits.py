"""Who is being helped where, as kiosks, counters and managers' pages read it."""

from datetime import datetime

from bus import states
from bus.vocabulary import TicketState
from queue_service.care import LASTS
from queue_service.states.view import View, newest

_VISIT_BYTES, _FETCHING_BYTES = 8_000, 8_000


def visits(view: View) -> tuple[states.Visit, ...]:
    """Return who asks for a person or is being helped, who came first at the end."""
    found: dict[str, states.Visit] = {}
    for request in view.state.help:
        over = request.answered_at is not None and request.answered_at + LASTS <= view.now
        if request.kiosk and not over and not ended(view, request.kiosk, request.at):
            found[request.kiosk] = states.Visit(
                kiosk=request.kiosk,
                place=request.place,
                since=request.at,
                answered_at=request.answered_at,
                counter=request.answered_by,
            )
    for kiosk, prepared in view.care.prepared.items():
        asked = found.get(kiosk)
        found[kiosk] = states.Visit(
            kiosk=kiosk,
            place=asked.place if asked else "",
            since=asked.since if asked else prepared.at,
            answered_at=asked.answered_at if asked and asked.answered_at else prepared.at,
            counter=prepared.counter,
            id=prepared.id,
            care=prepared.care,
            taken_up=prepared.taken_up,
        )
    newest_last = sorted(found.values(), key=lambda visit: visit.since)
    return newest(newest_last, _VISIT_BYTES)


def ended(view: View, kiosk: str, asked: datetime) -> bool:
    """Return whether somebody has said since that nobody needs help there any more."""
    at = view.care.ended.get(kiosk)
    return at is not None and at >= asked


def fetching(view: View) -> tuple[states.Fetching, ...]:
    """Return the called people to whom somebody has to go."""
    tickets = (view.state.tickets.get(ticket) for ticket in view.care.manners)
    found = [
        states.Fetching(
            number=ticket.number,
            counter=ticket.counter,
            place=place,
            at=ticket.called.at,
        )
        for ticket in tickets
        if ticket is not None and ticket.state is TicketState.CALLED
        if ticket.counter is not None and ticket.called is not None
        if (place := fetch_from(view, ticket.id)) is not None
    ]
    return newest(sorted(found, key=lambda each: each.at), _FETCHING_BYTES)


def fetch_from(view: View, ticket: str) -> str | None:
    """Return where the person of a ticket waits to be fetched; None for who comes when called."""
    manner = next((m for known, m in view.care.manners.items() if known == ticket), None)
    return manner.place if manner and manner.fetch else None
