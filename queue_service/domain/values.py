"""The words of the domain: names, closed sets, and instants with their durations."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

TicketId = NewType("TicketId", str)
TicketNumber = NewType("TicketNumber", str)
ServiceCode = NewType("ServiceCode", str)
CounterNumber = NewType("CounterNumber", int)


class TicketClass(StrEnum):
    """How a ticket stands in line."""

    NORMAL = "normal"
    PRIORITY = "priority"
    APPOINTMENT = "appointment"


class TicketState(StrEnum):
    """Where a ticket is in its life."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    ABSENT = "absent"
    FINISHED = "finished"
    VOID = "void"


class CounterStatus(StrEnum):
    """Whether a counter serves."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class CurrentTo(StrEnum):
    """What a next call does with the ticket the counter has."""

    FINISH = "finish"
    PARK = "park"
    ABSENT = "absent"


class ReturnTo(StrEnum):
    """Where a returned ticket stands."""

    PLACE = "place"
    END = "end"


class Role(StrEnum):
    """What kind of device acts."""

    KIOSK = "kiosk"
    COUNTER = "counter"
    KEYPAD = "keypad"
    WEB = "web"


class Refused(StrEnum):
    """Why a command has no effect."""

    CLOSED = "closed"
    FULL = "full"
    TOO_FAST = "too_fast"
    EMPTY = "empty"
    STALE = "stale"
    CONFLICT = "conflict"
    NOT_ALLOWED = "not_allowed"
    UNKNOWN = "unknown"
    INVALID = "invalid"


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """A command that has no effect, and why; `detail` is for people who look into it."""

    def __init__(self, error: Refused, detail: str = "") -> None:
        super().__init__(error, detail)
        self.error = error
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Mark:
    """An instant: queue time, and the monotonic clock of one boot for durations."""

    at: datetime
    mono: float
    boot: str


@dataclass(frozen=True, slots=True)
class Elapsed:
    """A duration, never negative; `suspect` when the clocks cannot vouch for it."""

    seconds: float
    suspect: bool


def elapsed(begin: Mark, end: Mark) -> Elapsed:
    """Return how long it took from `begin` to `end`."""
    if begin.boot == end.boot:
        seconds = end.mono - begin.mono
        return Elapsed(max(0.0, seconds), seconds < 0)
    return Elapsed(max(0.0, (end.at - begin.at).total_seconds()), suspect=True)
