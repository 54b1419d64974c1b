"""A realistic day of citizens, drawn from a seed: who comes when, for what, and for how long.

Times of the day are seconds after midnight, local time.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

HOUR_S = 3600.0
MINUTE_S = 60.0
FIRST_ARRIVAL_S = 7 * HOUR_S
OPENING_S = 7.5 * HOUR_S
LUNCH_S = 11.5 * HOUR_S
AFTERNOON_S = 13.5 * HOUR_S
CLOSING_S = 17 * HOUR_S

_QUARTER_S = 15 * MINUTE_S
# Arrivals per quarter of an hour of a day with 140.
_MORNING = (11.9, 11.2, 9.1, 7.7, 7.0, 6.7, 6.4, 5.9, 5.3, 5.0, 4.5, 3.9, 3.1, 2.2, 1.4, 0.6)
_AFTERNOON = (6.7, 6.2, 5.6, 5.0, 4.5, 4.2, 3.6, 3.4, 2.8, 2.2, 1.7, 1.1, 0.7, 0.3)
_BINS = tuple(OPENING_S + index * _QUARTER_S for index in range(len(_MORNING))) + tuple(
    AFTERNOON_S + index * _QUARTER_S for index in range(len(_AFTERNOON))
)
_FIRST_HALF_HOUR_S = 30 * MINUTE_S
_BEFORE_OPENING = 0.4

PRIORITY = 0.18
NO_SHOW = 0.06
ENGLISH = 0.03
SECOND_CONTACT = 0.6
TRANSFER = 0.04
_COMES_BACK = 0.25

_Z90 = 1.2815515655446004
_SHORTEST_S, _LONGEST_S = 0.7 * MINUTE_S, 60 * MINUTE_S
_NOT_TRANSFERRED = frozenset({"PICK", "HELP"})


@dataclass(frozen=True, slots=True)
class Spread:
    """A lognormal span of time, told by its median and its 90th percentile in minutes."""

    median: float
    p90: float

    def draw(self, rng: random.Random) -> float:
        """Return one span in seconds."""
        sigma = math.log(self.p90 / self.median) / _Z90
        return rng.lognormvariate(math.log(self.median), sigma) * MINUTE_S


@dataclass(frozen=True, slots=True)
class Business:
    """How often people come for one service, and how long it takes."""

    share: float
    time: Spread


USUAL: dict[str, Business] = {
    "CERT": Business(0.42, Spread(5, 11)),
    "CIVIL": Business(0.13, Spread(12, 25)),
    "LAND": Business(0.12, Spread(15, 35)),
    "SOC": Business(0.09, Spread(12, 25)),
    "PICK": Business(0.08, Spread(2, 5)),
    "TAX": Business(0.06, Spread(10, 20)),
    "ECON": Business(0.05, Spread(10, 22)),
    "SI": Business(0.05, Spread(8, 18)),
    "HELP": Business(0.09, Spread(8, 18)),
}
_SIGNED = "CERT"
_SIGNING = Spread(15, 40)
_HANDING_OVER = Spread(1.5, 3)
_COMING_BACK = Spread(10, 25)


@dataclass(frozen=True, slots=True)
class Visit:
    """One citizen's intent."""

    arrives_s: float
    service: str
    work_s: float
    """How long the counter is busy with it."""
    priority: bool = False
    english: bool = False
    absent: bool = False
    """Does not answer when called."""
    comes_back_s: float | None = None
    """How long after having been given up an absent person stands at the counter again."""
    signing_s: float | None = None
    """How long the signature takes; then there is a second contact."""
    handing_over_s: float = 0.0
    transfer_to: str | None = None
    transfer_work_s: float = 0.0


def usual_business(code: str, mean_service_min: float) -> Business:
    """Return what is known of a service; one that only this centre has is like the smaller ones."""
    return USUAL.get(code) or Business(0.05, Spread(0.8 * mean_service_min, 1.8 * mean_service_min))


def draw_day(rng: random.Random, tickets: int, services: dict[str, Business]) -> list[Visit]:
    """Return exactly `tickets` visits in the order of their arrival.

    Arrivals are those of a Poisson process whose rate follows the day, given their number. In
    which order the centre lists its services makes no difference.
    """
    services = {code: services[code] for code in sorted(services, key=_rank)}
    arrivals = sorted(_arrival(rng) for _ in range(tickets))
    return [_visit(rng, arrives_s, services) for arrives_s in arrivals]


def draw_work(rng: random.Random, business: Business) -> float:
    """Return how many seconds one such business takes at the counter."""
    return min(max(business.time.draw(rng), _SHORTEST_S), _LONGEST_S)


def _rank(code: str) -> tuple[int, str]:
    usual = list(USUAL)
    return (usual.index(code) if code in usual else len(usual), code)


def _arrival(rng: random.Random) -> float:
    begin = rng.choices(_BINS, _MORNING + _AFTERNOON)[0]
    early = begin < OPENING_S + _FIRST_HALF_HOUR_S and rng.random() < _BEFORE_OPENING
    if early:
        return rng.uniform(FIRST_ARRIVAL_S, OPENING_S)
    return begin + rng.random() * _QUARTER_S


def _visit(rng: random.Random, arrives_s: float, services: dict[str, Business]) -> Visit:
    service = _choose(rng, services)
    absent = rng.random() < NO_SHOW
    transfer_to = _transfer(rng, service, services)
    signed = service == _SIGNED and transfer_to is None and rng.random() < SECOND_CONTACT
    return Visit(
        arrives_s=arrives_s,
        service=service,
        work_s=draw_work(rng, services[service]),
        priority=rng.random() < PRIORITY,
        english=rng.random() < ENGLISH,
        absent=absent,
        comes_back_s=_COMING_BACK.draw(rng) if absent and rng.random() < _COMES_BACK else None,
        signing_s=_SIGNING.draw(rng) if signed else None,
        handing_over_s=_HANDING_OVER.draw(rng) if signed else 0.0,
        transfer_to=transfer_to,
        transfer_work_s=draw_work(rng, services[transfer_to]) if transfer_to else 0.0,
    )


def _transfer(rng: random.Random, service: str, services: dict[str, Business]) -> str | None:
    others = {
        code: business
        for code, business in services.items()
        if code != service and code not in _NOT_TRANSFERRED
    }
    if rng.random() >= TRANSFER or not others or service in _NOT_TRANSFERRED:
        return None
    return _choose(rng, others)


def _choose(rng: random.Random, services: dict[str, Business]) -> str:
    codes: Sequence[str] = list(services)
    return rng.choices(codes, [services[code].share for code in codes])[0]
