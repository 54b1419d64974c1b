"""What is done to the hall, and when: drawn from a seed alone, so that it can be done again."""

import random
from dataclasses import dataclass
from enum import StrEnum


class Do(StrEnum):
    """What can be done to a hall."""

    KILL = "kill"
    """A process dies at once, and is started again after a while."""
    FREEZE = "freeze"
    POWER = "power"
    """Everything on a box dies at once."""
    CUT = "cut"
    """A cable is pulled; both ends know."""
    SWALLOW = "swallow"
    """A switch forwards nothing; nobody knows."""
    DEAFEN = "deafen"
    """A box sends and hears nothing: half open."""
    FILL = "fill"
    """The disk of a box is full."""
    CLOCK = "clock"
    """The wall clock of a process jumps, and jumps back."""
    WILD = "wild"
    """Messages are repeated, held back and overtaken."""


EVERYTHING = "everything"
PROGRAMS = (
    "broker",
    "service",
    "web",
    "kiosk-1",
    "kiosk-2",
    "board-1",
    "announcer-1",
    "officers-a",
    "panel",
    "keypad",
)
BOXES = ("server", "kiosk-a", "kiosk-b", "tv", "desks-a", "desks-b")
_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0

_TARGETS: dict[Do, tuple[str, ...]] = {
    Do.KILL: PROGRAMS,
    Do.FREEZE: ("broker", "service", "kiosk-1", "board-1", "announcer-1", "officers-a"),
    Do.POWER: ("server", "kiosk-a", "tv", EVERYTHING),
    Do.CUT: BOXES,
    Do.SWALLOW: BOXES,
    Do.DEAFEN: ("kiosk-a", "kiosk-b", "tv", "desks-a"),
    Do.FILL: ("server", "kiosk-a"),
    Do.CLOCK: ("service", "kiosk-1"),
    Do.WILD: ("wire",),
}
_JUMPS_S = (-_HOUR, -3 * _DAY, 10 * _MINUTE, 20 * _HOUR, 2 * _DAY, 40 * _DAY)
_LONG = frozenset({Do.FREEZE, Do.CUT, Do.SWALLOW, Do.DEAFEN})
_FIRST = (
    (Do.KILL, "service"),
    (Do.WILD, "wire"),
    (Do.KILL, "broker"),
    (Do.CLOCK, "service"),
    (Do.CUT, "kiosk-a"),
    (Do.KILL, "kiosk-1"),
    (Do.FILL, "server"),
    (Do.POWER, EVERYTHING),
    (Do.FREEZE, "service"),
    (Do.DEAFEN, "tv"),
    (Do.SWALLOW, "server"),
)
"""What even the shortest run does, in an order of its seed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done, and undone after so many seconds."""

    do: Do
    target: str
    lasts_s: float
    by_s: float = 0.0
    """How far a clock jumps."""

    def __str__(self) -> str:
        by = f" by {self.by_s / _HOUR:+.1f} h" if self.by_s else ""
        return f"{self.do} {self.target}{by} for {self.lasts_s:.1f} s"


Choice = tuple[Do, str]


def choices(text: str) -> tuple[Choice, ...]:
    """Return what `kill:service,cut:kiosk-a` names; raises ValueError."""
    named = [word.partition(":") for word in text.split(",") if word]
    return tuple((Do(do), target) for do, _, target in named)


def schedule(seed: int, steps: int, only: tuple[Choice, ...] = ()) -> list[tuple[Step, ...]]:
    """Return what is done one after the other; what stands together is done at once.

    With `only`, nothing else is done.
    """
    rng = random.Random(f"{seed} schedule")
    deck = list(only or _FIRST)
    rng.shuffle(deck)
    drawn: list[tuple[Step, ...]] = []
    while len(drawn) < steps:
        do, target = deck.pop() if deck else _draw(rng, only)
        together = [_step(rng, do, target)]
        if rng.random() < (0.7 if only else 0.3):
            other = _step(rng, *_draw(rng, only))
            if other.target != target and EVERYTHING not in (target, other.target):
                together.append(other)
        drawn.append(tuple(together))
    return drawn


def _draw(rng: random.Random, only: tuple[Choice, ...]) -> Choice:
    if only:
        return rng.choice(only)
    do = rng.choice(list(Do))
    return do, rng.choice(_TARGETS[do])


def _step(rng: random.Random, do: Do, target: str) -> Step:
    lasts_s = round(rng.uniform(0.2, 5.0 if do in _LONG else 3.0), 1)
    return Step(do, target, lasts_s, rng.choice(_JUMPS_S) if do is Do.CLOCK else 0.0)
