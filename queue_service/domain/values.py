"""The words of the domain: names, closed sets, and instants with their durations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NewType

from bus.vocabulary import Error

TicketId = NewType("TicketId", str)
TicketNumber = NewType("TicketNumber", str)
ServiceCode = NewType("ServiceCode", str)
CounterNumber = NewType("CounterNumber", int)
AppointmentId = NewType("AppointmentId", str)


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """A command that has no effect, and why; `detail` is for people who look into it.

    `result` is what a program needs to say more.
    """

    def __init__(
        self, error: Error, detail: str = "", result: dict[str, Any] | None = None
    ) -> None:
        super().__init__(error, detail)
        self.error = error
        self.detail = detail
        self.result = result


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
