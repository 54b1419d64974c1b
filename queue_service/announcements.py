"""Whether calls were taken, painted and spoken, and the alarm when they were not."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bus.messages import AckOutcome
from queue_service.domain.events import CallUnannounced
from queue_service.domain.state import Call
from queue_service.domain.values import CounterNumber
from wait_log.rows import Heard

_UNTOLD_END_S = 60.0
"""How long a call that was taken may last when nothing was said about its end."""
_FORGET_AFTER_S = 600.0
_NEEDLESS = frozenset({"answered", "quiet_hours", "replaced", "withdrawn"})
"""Reasons of an announcer to skip a call that needs no voice, now or any more."""


@dataclass(frozen=True, slots=True)
class Hall:
    """Which kinds of devices are known to be there."""

    boards: bool
    announcers: bool


@dataclass(frozen=True, slots=True)
class _Watched:
    call_seq: int
    counter: CounterNumber
    since: float
    end_due: float | None = None
    skipped: bool = False


class Announcements:
    """Follows each call until it was painted and spoken; times are monotonic seconds."""

    def __init__(self, within_s: float, heard: Iterable[Heard]) -> None:
        self.within_s = within_s
        known = list(heard)
        self.shown = {call.call_seq for call in known if call.shown_us is not None}
        self.spoken = {call.call_seq for call in known if call.spoken_us is not None}
        self._watched: dict[int, _Watched] = {}
        self._known: set[int] = {call.call_seq for call in known}

    def begin_day(self) -> None:
        """Forget the calls of the day before."""
        self.shown.clear()
        self.spoken.clear()
        self._watched.clear()

    def watch(self, calls: Iterable[Call], monotonic: float) -> None:
        """Follow calls that are new; those taken back need no voice."""
        for call in calls:
            if call.withdrawn:
                self._watched.pop(call.call_seq, None)
            elif call.call_seq not in self._known:
                self._known.add(call.call_seq)
                self._watched[call.call_seq] = _Watched(call.call_seq, call.counter, monotonic)

    def hear_board(self, call_seq: int, outcome: AckOutcome) -> None:
        """Take what a board did with a call."""
        if outcome is AckOutcome.SHOWN:
            self.shown.add(call_seq)

    def hear_announcer(
        self,
        call_seq: int,
        outcome: AckOutcome,
        monotonic: float,
        eta_s: float | None = None,
        reason: str | None = None,
    ) -> None:
        """Take what an announcer did with a call."""
        if outcome is AckOutcome.SPOKEN:
            self.spoken.add(call_seq)
        watched = self._watched.get(call_seq)
        if watched is None:
            return
        if outcome is AckOutcome.ACCEPTED:
            end = monotonic + (_UNTOLD_END_S if eta_s is None else eta_s) + self.within_s
            self._watched[call_seq] = replace(watched, end_due=end)
        elif outcome is AckOutcome.SKIPPED and reason in _NEEDLESS:
            del self._watched[call_seq]
        elif outcome is AckOutcome.SKIPPED:
            self._watched[call_seq] = replace(watched, skipped=True)

    def overdue(self, hall: Hall, monotonic: float) -> list[CallUnannounced]:
        """Return the calls that nobody painted or spoke in time, each once."""
        late = []
        for watched in list(self._watched.values()):
            missing = self._missing(watched, hall, monotonic)
            if missing:
                late.append(
                    CallUnannounced(
                        counter=watched.counter,
                        call_seq=watched.call_seq,
                        missing=",".join(missing),
                    )
                )
            if missing or self._is_over(watched, hall, monotonic):
                del self._watched[watched.call_seq]
        return late

    def next_due(self) -> float | None:
        """Return when the next call may be overdue."""
        return min((self._due(watched) for watched in self._watched.values()), default=None)

    def _missing(self, watched: _Watched, hall: Hall, monotonic: float) -> list[str]:
        missing = []
        late = monotonic >= watched.since + self.within_s
        if hall.boards and late and watched.call_seq not in self.shown:
            missing.append("shown")
        if watched.call_seq in self.spoken or not hall.announcers:
            return missing
        end = watched.end_due
        if watched.skipped or (late and end is None) or (end is not None and monotonic >= end):
            missing.append("spoken")
        return missing

    def _is_over(self, watched: _Watched, hall: Hall, monotonic: float) -> bool:
        shown = watched.call_seq in self.shown or not hall.boards
        spoken = watched.call_seq in self.spoken or not hall.announcers
        late = monotonic >= watched.since + self.within_s
        return (shown and spoken and late) or monotonic >= watched.since + _FORGET_AFTER_S

    def _due(self, watched: _Watched) -> float:
        first = watched.since + self.within_s
        return first if watched.end_due is None else max(first, watched.end_due)
