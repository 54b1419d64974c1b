"""A vote from the phone of who was served: by the paper's token, once, until the day ends."""

import asyncio
from collections.abc import Callable
from enum import StrEnum, auto

from provisioning.ratings import Face, Ratings, ServedTicket
from wait_log.followed import FollowedTicket
from web.guard import Pace
from web.phone.view import Kind
from web.rating.door import Refusals, Why

_PER_S, _BURST = 0.1, 5.0
_ALL_PER_S, _ALL_BURST = 20.0, 100.0


class Voted(StrEnum):
    """What became of a vote."""

    COUNTED = auto()
    TWICE = auto()
    NOT_SERVED = auto()
    NO_FACE = auto()
    TOO_FAST = auto()


class Voting:
    """Counts the votes of phones; used on the event loop's thread only."""

    def __init__(
        self, ratings: Ratings, refusals: Refusals, monotonic: Callable[[], float]
    ) -> None:
        """Count what is refused in `refusals`, with the tablets' own."""
        self._ratings = ratings
        self._refusals = refusals
        self._each = Pace(monotonic, per_s=_PER_S, burst=_BURST)
        self._all = Pace(monotonic, per_s=_ALL_PER_S, burst=_ALL_BURST)

    async def vote(self, ticket: FollowedTicket, kind: Kind, face: Face | None) -> Voted:
        """Count what the owner of a ticket that stands as `kind` says; raises SiteDbError."""
        if not (self._each.allows(ticket.id) and self._all.allows("")):
            return self._refused(Why.TOO_FAST, Voted.TOO_FAST)
        if kind is not Kind.SERVED or ticket.counter is None:
            return self._refused(Why.NOT_SERVED, Voted.NOT_SERVED)
        if face is None:
            return self._refused(Why.NO_FACE, Voted.NO_FACE)
        served = ServedTicket(ticket.business_day, ticket.id, ticket.counter, ticket.service)
        if not await asyncio.to_thread(self._stands, served, face):
            return self._refused(Why.TWICE, Voted.TWICE)
        return Voted.COUNTED

    def _stands(self, served: ServedTicket, face: Face) -> bool:
        """Count a vote, or find that the same one is there: a finger may come down twice."""
        counted = self._ratings.vote(served, face)
        return counted or self._ratings.vote_of(served.business_day, served.ticket) is face

    def refuse_form(self) -> None:
        """Count a form from a page of somebody else."""
        self._refusals.note(Why.FORM)

    def _refused(self, why: Why, voted: Voted) -> Voted:
        self._refusals.note(why)
        return voted
