"""The day as phones follow it: read once for all of them whenever the hall has changed."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bus.vocabulary import TicketState
from hall.model import Hall, HallState
from provisioning.errors import SiteDbError
from wait_log.errors import StoreError
from wait_log.followed import (
    Called,
    FollowedTicket,
    calls_of,
    followed_day,
    ticket_of_token,
    tokens_of_number,
)
from wait_log.reader import Reader
from web.phone.promise import Promise, Promises
from web.phone.view import Known, places_of, range_of
from web.waiting import Changes

_log = logging.getLogger(__name__)

_KEEP_S = 5.0
_Read = tuple[dict[str, FollowedTicket], dict[str, tuple[Called, ...]], Collection[str] | None]


@dataclass(frozen=True, slots=True)
class PhoneDay:
    """One business day at one moment."""

    business_day: str = ""
    tickets: Mapping[str, FollowedTicket] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)
    """How many stand before each ticket that waits."""
    promises: Mapping[str, Promise] = field(default_factory=dict)
    calls: Mapping[str, tuple[Called, ...]] = field(default_factory=dict)
    """Of those who missed theirs."""
    rated: Collection[str] | None = None
    """Who has said how it was; None where votes cannot be kept."""

    def known(self, ticket: FollowedTicket) -> Known:
        """Return what is known of a ticket: of today's the newest."""
        fresh = self.tickets.get(ticket.id, ticket)
        return Known(
            fresh,
            self.places.get(ticket.id),
            self.promises.get(ticket.id),
            self.calls.get(ticket.id, ()),
            self.rated is None or fresh.id in self.rated,
        )


class PhoneRecord:
    """Reads the store beside the service; used on the event loop's thread."""

    def __init__(
        self,
        hall: Hall,
        changes: Changes,
        reader: Reader,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        *,
        rated: Callable[[str], Collection[str]],
    ) -> None:
        """Tell the centre's time by `now`, the age of what was read by `monotonic`.

        `rated` returns a day's tickets that have a vote; raises SiteDbError.
        """
        self._hall = hall
        self._changes = changes
        self._reader = reader
        self._now = now
        self._monotonic = monotonic
        self._rated = rated
        self._reading = asyncio.Lock()  # one reading at a time, shared by all who wait for it
        self._promises = Promises()
        self._read_at = (-1, 0.0)
        self._readable = True
        self.day = PhoneDay()

    async def fresh(self) -> PhoneDay:
        """Return the day, read again where the hall has changed since."""
        async with self._reading:
            revision, began = self._changes.revision, self._monotonic()
            if self._read_at[0] != revision or began - self._read_at[1] >= _KEEP_S:
                state = self._hall.state
                business_day = state.services.business_day if state.services else ""
                read = await asyncio.to_thread(self._read, business_day)
                if read is not None:
                    self.day = self._told(business_day, *read, state)
                self._read_at = (revision, began)
            return self.day

    async def of_token(self, token: str) -> FollowedTicket | None:
        """Return whose paper has a token; raises StoreError."""
        return await asyncio.to_thread(self._of_token, token)

    async def tokens_of(self, number: str) -> list[str]:
        """Return the tokens of a number of today; raises StoreError."""
        services = self._hall.state.services
        if services is None:
            return []
        day = services.business_day
        return await asyncio.to_thread(tokens_of_number, self._reader, day, number)

    def look_again(self) -> None:
        """Have the day read again by who asks next."""
        self._read_at = (-1, 0.0)

    def close(self) -> None:
        """Let go of the store."""
        self._reader.close()

    def _of_token(self, token: str) -> FollowedTicket | None:
        return ticket_of_token(self._reader, token) if self._reader.exists() else None

    def _read(self, business_day: str) -> _Read | None:
        """Return the day's tickets and the calls that were missed; None where none can be read."""
        try:
            if not self._reader.exists():
                return {}, {}, None
            tickets = followed_day(self._reader, business_day) if business_day else {}
            calls = calls_of(self._reader, business_day, _missed(tickets.values()))
        except StoreError as error:
            if self._readable:
                _log.info("numbers not readable for phones error=%s", error)
            self._readable = False
            return None
        self._readable = True
        return tickets, calls, self._votes(business_day)

    def _votes(self, business_day: str) -> Collection[str] | None:
        try:
            return self._rated(business_day)
        except SiteDbError as error:
            _log.info("votes not readable for phones error=%s", error)
            return None

    def _told(
        self,
        business_day: str,
        tickets: dict[str, FollowedTicket],
        calls: dict[str, tuple[Called, ...]],
        rated: Collection[str] | None,
        state: HallState,
    ) -> PhoneDay:
        places, now = places_of(tickets), self._now()
        promises: dict[str, Promise] = {}
        for ticket, place in places.items():
            found = range_of(tickets[ticket], place, state)
            if found:
                line = tickets[ticket].line
                promises[ticket] = self._promises.tell(ticket, line, found, now)
        self._promises.keep(places.keys())
        return PhoneDay(business_day, tickets, places, promises, calls, rated)


def _missed(tickets: Collection[FollowedTicket]) -> list[str]:
    return [ticket.id for ticket in tickets if ticket.state == TicketState.ABSENT]
