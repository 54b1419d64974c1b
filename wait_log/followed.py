"""Tickets as those who hold the paper may follow them: by the paper's token, never by a name."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Select, select

from wait_log import tables as t
from wait_log.reader import SiteRows

_LONGEST_TOKEN = 40


@dataclass(frozen=True, slots=True)
class FollowedTicket:
    """What a phone is told of one ticket, before it is put into words."""

    id: str
    business_day: str
    number: str
    service: str
    lang: str
    state: str
    order_key_us: int
    counter: int | None
    to_counter: int | None
    issued_us: int
    wait_s: float | None
    served_s: float | None
    clock_suspect: bool
    reason: str
    day_closed: bool

    @property
    def line(self) -> str | int:
        """Return in which line it stands while it waits."""
        return self.service if self.to_counter is None else self.to_counter


@dataclass(frozen=True, slots=True)
class Called:
    """One call of a ticket."""

    at_us: int
    counter: int


_COLUMNS = [t.ticket.c[field.name] for field in fields(FollowedTicket)]


def ticket_of_token(reader: SiteRows, token: str) -> FollowedTicket | None:
    """Return whose paper has `token`, found by its index; raises StoreError."""
    if not 0 < len(token) <= _LONGEST_TOKEN:
        return None
    rows = reader.all(_tickets(reader).where(t.ticket.c.token == token))
    return FollowedTicket(*tuple(rows[0])) if rows else None


def tokens_of_number(reader: SiteRows, business_day: str, number: str) -> list[str]:
    """Return the tokens of a number of a day, one at most but where two services share numbers."""
    ticket = t.ticket.c
    wanted = select(ticket.token).where(
        ticket.site == reader.site,
        ticket.business_day.between(business_day, business_day),
        ticket.number == number,
        ticket.token.is_not(None),
    )
    return [row.token for row in reader.all(wanted)]


def followed_day(reader: SiteRows, business_day: str) -> dict[str, FollowedTicket]:
    """Return a day's tickets by id; raises StoreError."""
    day = t.ticket.c.business_day.between(business_day, business_day)
    rows = reader.all(_tickets(reader).where(day))
    return {row[0]: FollowedTicket(*tuple(row)) for row in rows}


def calls_of(
    reader: SiteRows, business_day: str, tickets: Collection[str]
) -> dict[str, tuple[Called, ...]]:
    """Return how some tickets of a day were called, in order; raises StoreError."""
    call = t.call.c
    found: dict[str, tuple[Called, ...]] = dict.fromkeys(tickets, ())
    wanted = select(call.ticket, call.at_us, call.counter).where(
        call.site == reader.site,
        call.business_day.between(business_day, business_day),
        call.withdrawn.is_(False),
    )
    for row in reader.all(wanted.order_by(call.call_seq)) if tickets else ():
        if row.ticket in found:
            found[row.ticket] += (Called(row.at_us, row.counter),)
    return found


def _tickets(reader: SiteRows) -> Select[Any]:
    return select(*_COLUMNS).where(t.ticket.c.site == reader.site)
