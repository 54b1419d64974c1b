"""The citizens in the hall, by their tickets."""

import random
from dataclasses import dataclass
from enum import Enum, auto

from bus.states import CurrentTicket
from bus.vocabulary import Id
from simulators.day.day import MINUTE_S, Business, Visit, draw_work

_SLOWEST_WALK_S = MINUTE_S
_SLOWEST_NOTICE_S = 30.0


class Stage(Enum):
    """How far a citizen's business is."""

    FIRST = auto()
    SIGNED = auto()
    TRANSFERRED = auto()


class Outcome(Enum):
    """How a contact at a counter ends."""

    FINISH = auto()
    PARK = auto()
    TRANSFER = auto()
    ABSENT = auto()


@dataclass(slots=True)
class Person:
    """One citizen with a ticket."""

    visit: Visit
    stage: Stage = Stage.FIRST
    came_back: bool = False

    @property
    def answers(self) -> bool:
        """Return whether this person comes when called."""
        return not self.visit.absent or self.came_back

    @property
    def work_s(self) -> float:
        """Return how long this contact takes."""
        match self.stage:
            case Stage.FIRST if self.visit.transfer_to:
                return self.visit.work_s / 2
            case Stage.FIRST:
                return self.visit.work_s
            case Stage.SIGNED:
                return self.visit.handing_over_s
            case Stage.TRANSFERRED:
                return self.visit.transfer_work_s

    @property
    def outcome(self) -> Outcome:
        """Return how this contact ends."""
        if self.stage is Stage.FIRST and self.visit.signing_s is not None:
            return Outcome.PARK
        if self.stage is Stage.FIRST and self.visit.transfer_to:
            return Outcome.TRANSFER
        return Outcome.FINISH


class People:
    """Who holds which ticket; somebody unknown gets a usual business."""

    def __init__(self, rng: random.Random, businesses: dict[str, Business]) -> None:
        self._rng = rng
        self._businesses = businesses
        self._by_ticket: dict[Id, Person] = {}

    def welcome(self, ticket: Id, visit: Visit) -> None:
        """Note who took `ticket`, unless a counter has met its holder before the kiosk's answer."""
        self._by_ticket.setdefault(ticket, Person(visit))

    def holder(self, ticket: CurrentTicket) -> Person:
        """Return who holds `ticket`."""
        if ticket.ticket not in self._by_ticket:
            business = self._businesses[ticket.service]
            visit = Visit(0.0, ticket.service, draw_work(self._rng, business))
            self._by_ticket[ticket.ticket] = Person(visit)
        return self._by_ticket[ticket.ticket]

    def walk_s(self) -> float:
        """Return how long somebody takes from the seat to the counter."""
        return self._rng.uniform(0.0, _SLOWEST_WALK_S)

    def notice_s(self) -> float:
        """Return how long an idle officer takes to see that somebody waits."""
        return self._rng.uniform(1.0, _SLOWEST_NOTICE_S)
