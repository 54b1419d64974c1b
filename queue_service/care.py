"""What is done for people who need a hand; kept beside the log, and never with a reason.

What a person lacks is health data. So no event of the log, no remembered answer and no line of a
log file says what is done for whom. The store keeps, outside the chain, how the people are called
who wait at this moment, and how often each scenario was used on a day. A scenario is counted when
its visit is over, and written down together with others.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from bus import commands as c
from bus.care import Care, Manner
from config.settings import Centre
from queue_service.domain import events as e
from queue_service.domain.state import State
from queue_service.domain.tickets import OVER
from queue_service.domain.values import TicketId
from queue_service.ledger import Steps
from wait_log.cases import NO_SCENARIO, cases_key
from wait_log.rows import Batch

LASTS = timedelta(minutes=10)
"""How long a kiosk waits for the person for whom it was prepared, and a helper is on the way."""
MANNERS = "manners"
"""Where the store keeps how those are called who wait now."""
_WRITTEN_TOGETHER = 5
"""So many cases at least are written at once while the day goes on: none stands alone."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A kiosk that was made ready for somebody."""

    id: str
    kiosk: str
    at: datetime
    care: Care
    scenario: str = field(repr=False)
    """Empty when single measures alone were chosen."""
    counter: int | None = None
    taken_up: bool = False


@dataclass(frozen=True, slots=True)
class CareNow:
    """What is done for whom at this moment."""

    prepared: Mapping[str, Prepared] = field(default_factory=dict)
    """By kiosk."""
    ended: Mapping[str, datetime] = field(default_factory=dict)
    """When somebody last said that nobody needs help at a kiosk any more."""
    manners: Mapping[TicketId, Manner] = field(default_factory=dict)
    """Of tickets that are not over."""


class CareBook:
    """Keeps `now`; on the service's one thread."""

    def __init__(self, stored: str | None, new_id: Callable[[], str]) -> None:
        """Go on with the manners that the store has; visits end with the process."""
        self.now = CareNow(manners=_read(stored))
        self._new_id = new_id
        self._cases: Counter[tuple[str, str]] = Counter()
        """By day and scenario: those of visits that are over, not written yet."""

    def take(self, command: c.Command, centre: Centre, state: State, at: datetime) -> None:
        """Do what an accepted command asks for beside its events."""
        if isinstance(command, c.PrepareVisit):
            self._prepare(command, centre, at)
        elif isinstance(command, c.EndVisit):
            self._end(command.kiosk, state)
            self._set(ended={**self.now.ended, command.kiosk: at})

    def hear(self, kiosk: str, visit: str, state: State) -> None:
        """Take what a kiosk says of its visit: it is ready for one, or done with it."""
        known = self.now.prepared.get(kiosk)
        if known is None:
            return
        if visit == known.id and not known.taken_up:
            self._set(prepared={**self.now.prepared, kiosk: replace(known, taken_up=True)})
        elif visit != known.id and known.taken_up:
            self._end(kiosk, state)

    def look(self, state: State, at: datetime) -> None:
        """End the visits whose time is over."""
        for kiosk in [k for k, known in self.now.prepared.items() if known.at + LASTS <= at]:
            self._end(kiosk, state)

    def add_to(self, batch: Batch, steps: Steps, command: c.Command | None, stored: str) -> None:
        """Write, with a commit, how a new ticket is called, and forget it of those that are over.

        `stored` is what the store has of it.
        """
        state = steps[-1][1]
        manners = dict(self.now.manners)
        given = command.manner if isinstance(command, c.IssueTicket) else None
        if isinstance(given, Manner) and given.matters:
            for fact, _ in steps:
                if isinstance(fact.event, e.TicketIssued | e.TicketDelivered):
                    manners[fact.event.ticket] = given
        kept = {ticket: manner for ticket, manner in manners.items() if _waits(state, ticket)}
        text = _written(kept)
        if text != (stored or _written({})):
            batch.meta[MANNERS] = text

    def took(self, stored: str | None) -> None:
        """Go by what a commit has stored."""
        manners = _read(stored)
        if manners != self.now.manners:
            self._set(manners=manners)

    def owed(self, *, day: str, all_of_them: bool = False) -> dict[str, Counter[str]]:
        """Return the cases to be written now, by day: of days that are over, all."""
        if all_of_them or self._cases.total() >= _WRITTEN_TOGETHER:
            days = {of_day for of_day, _ in self._cases}
        else:
            days = {of_day for of_day, _ in self._cases if of_day != day}
        return {
            of_day: Counter({s: n for (d, s), n in self._cases.items() if d == of_day})
            for of_day in sorted(days)
        }

    def written(self, days: Mapping[str, object]) -> None:
        """Forget the cases of days that the store has."""
        for key in [key for key in self._cases if key[0] in days]:
            del self._cases[key]

    def _prepare(self, command: c.PrepareVisit, centre: Centre, at: datetime) -> None:
        known = self.now.prepared.get(command.kiosk)
        if command.scenario is None:
            care = (known.care if known else Care()).with_measures(command.measures)
            name = known.scenario if known else ""
        elif scenario := centre.assistance.scenario(command.scenario):
            care, name = scenario.care, scenario.id
        else:
            return
        manner = msgspec.structs.replace(care.manner, place=command.kiosk)
        care = msgspec.structs.replace(care, manner=manner)
        prepared = Prepared(self._new_id(), command.kiosk, at, care, name, command.counter)
        self._set(prepared={**self.now.prepared, command.kiosk: prepared})

    def _end(self, kiosk: str, state: State) -> None:
        """End a visit; the last scenario that was chosen is the one that counts.

        Single measures count together, whichever they were; what was taken back is no case.
        """
        known = self.now.prepared.get(kiosk)
        if known is not None:
            self._set(prepared={k: p for k, p in self.now.prepared.items() if k != kiosk})
            if state.day is not None and (known.scenario or known.care.measures):
                self._cases[state.day.isoformat(), known.scenario or NO_SCENARIO] += 1

    def _set(self, **changes: Mapping[Any, Any]) -> None:
        frozen = {name: dict(value) for name, value in changes.items()}
        self.now = replace(self.now, **frozen)


def cases_facts(
    owed: Mapping[str, Counter[str]], stored: Callable[[str], str | None]
) -> dict[str, str]:
    """Return what the store keeps of `owed` cases together with those that it has."""
    facts = {}
    for day, cases in owed.items():
        known: dict[str, int] = json.loads(stored(cases_key(day)) or "{}")
        facts[cases_key(day)] = json.dumps(dict(sorted((Counter(known) + cases).items())))
    return facts


def _waits(state: State, ticket: TicketId) -> bool:
    known = state.tickets.get(ticket)
    return known is not None and known.state not in OVER


_reader = msgspec.json.Decoder(dict[str, Manner])


def _written(manners: Mapping[TicketId, Manner]) -> str:
    return msgspec.json.encode(dict(sorted(manners.items()))).decode()


def _read(stored: str | None) -> Mapping[TicketId, Manner]:
    found = _reader.decode(stored) if stored else {}
    return {TicketId(ticket): manner for ticket, manner in found.items()}
