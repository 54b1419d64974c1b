"""Every call on one screen: accepted, in its place, painted, held long enough to be read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bus.orders import Acknowledgement
from bus.states import BoardCounter, BoardState, Call
from bus.vocabulary import AckOutcome, SkipReason
from config.settings import Rules

MOST = 3
"""Calls that fit in the panel at once and can still be read from afar."""
LINGER_S = 60.0
"""How long a call stays in the panel after its person has been served."""
HOLD_S = 3.0
"""How long every call stands in the panel at least, however many wait behind it."""
MARK_S = 20.0
"""How long a withdrawn call stays marked."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the calls have come on this screen."""

    due: tuple[Call, ...] = ()
    """Calls that have not yet stood in the panel long enough to be read, oldest first."""
    marked: frozenset[int] = frozenset()
    """Withdrawn calls that people have seen and that are still marked."""


def choose(
    board: BoardState, calls: Sequence[Call], progress: Progress, now: datetime, rules: Rules
) -> tuple[Call, ...]:
    """Return the calls of the panel, newest first: those that are due, then the newest ones."""
    due = _latest_of_each(progress.due)
    together = _newest_together(board, calls, progress.marked, now, rules)
    chosen = [*due, *(call for call in together if call not in due)][:MOST]
    return tuple(sorted(chosen, key=lambda call: call.call_seq, reverse=True))


def choose_at(
    counter: BoardCounter,
    calls: Sequence[Call],
    progress: Progress,
    now: datetime,
    rules: Rules,
) -> Call | None:
    """Return the call that is made at `counter`: the first that is due, else one that is new."""
    due = [call for call in _latest_of_each(progress.due) if call.counter == counter.counter]
    if due:
        return due[0]
    for call in calls:
        if call.counter != counter.counter:
            continue
        if call.withdrawn and call.call_seq not in progress.marked:
            continue
        new = call.number == counter.number and age_s(call, now) < rules.flash_s
        return call if call.withdrawn or new else None
    return None


def age_s(call: Call, now: datetime) -> float:
    """Return how long ago `call` was made."""
    return max(0.0, (now - call.at).total_seconds())


@dataclass(slots=True)
class _Seen:
    call: Call
    expected: bool
    """Accepted and still to stand in the panel."""
    settled: bool = False
    """The last acknowledgement was sent."""
    in_panel_s: float | None = None
    withdrawn_s: float | None = None


class Receipts:
    """The calls of one epoch on one screen; times are seconds of a clock that never jumps."""

    def __init__(self, *, by_counter: bool = False) -> None:
        """Reckon with calls made in one panel, or `by_counter`, each counter's in its own place."""
        self._by_counter = by_counter
        self._epoch = ""
        self._seen: dict[int, _Seen] = {}
        self._forgotten = -1
        """The newest call that has left both the state and this book."""

    def receive(
        self, board: BoardState, calls: Iterable[Call], at_s: float, max_age_s: float
    ) -> list[Acknowledgement]:
        """Take the `calls` of `board` that belong here; return what to say about new ones."""
        if board.epoch != self._epoch:
            self._epoch, self._forgotten = board.epoch, -1
            self._seen.clear()
        ordered = sorted(calls, key=lambda call: call.call_seq)
        said: list[Acknowledgement] = []
        for call in ordered:
            seen = self._seen.get(call.call_seq)
            if seen:
                said += self._update(seen, call, at_s)
            elif call.call_seq > self._forgotten:
                said += self._enter(call, late=age_s(call, board.at) > max_age_s)
        self._forget({call.call_seq for call in ordered}, at_s)
        return said

    def paint(
        self, painted: Iterable[int], in_panel: Iterable[int], at_s: float
    ) -> list[Acknowledgement]:
        """Note that people see these calls now; return what to say, once for each call."""
        for call_seq in in_panel:
            if (seen := self._seen.get(call_seq)) and seen.in_panel_s is None:
                seen.in_panel_s = at_s
                self._cover(seen)
        visible = frozenset(painted)
        said = []
        for call_seq, seen in self._seen.items():
            if seen.settled:
                continue
            if call_seq in visible:
                said.append(self._settle(seen, AckOutcome.SHOWN))
            elif not seen.expected:
                said.append(self._settle(seen, AckOutcome.SKIPPED, SkipReason.TOO_OLD))
        return said

    def drop_missed(self, now: datetime, max_age_s: float) -> list[Acknowledgement]:
        """Give up calls that waited too long for a screen that was not there."""
        missed = [
            seen
            for seen in self._seen.values()
            if seen.expected and not seen.settled and age_s(seen.call, now) > max_age_s
        ]
        for seen in missed:
            seen.expected = False
        return [self._settle(seen, AckOutcome.SKIPPED, SkipReason.SCREEN_OFF) for seen in missed]

    def progress(self, at_s: float) -> Progress:
        """Return which calls still have to stand in the panel, and which are marked withdrawn."""
        due = [seen.call for seen in self._seen.values() if _is_due(seen, at_s)]
        marked = {seq for seq, seen in self._seen.items() if _is_marked(seen, at_s)}
        return Progress(tuple(sorted(due, key=lambda call: call.call_seq)), frozenset(marked))

    def awaits_frame(self, painted: Iterable[int], in_panel: Iterable[int]) -> bool:
        """Return whether the next frame with these calls is news."""
        visible, held = frozenset(painted), frozenset(in_panel)
        return any(
            (not seen.settled and (call_seq in visible or not seen.expected))
            or (seen.in_panel_s is None and call_seq in held)
            for call_seq, seen in self._seen.items()
        )

    def _enter(self, call: Call, *, late: bool) -> list[Acknowledgement]:
        seen = self._seen[call.call_seq] = _Seen(call, expected=not late and not call.withdrawn)
        if call.withdrawn:
            return [self._settle(seen, AckOutcome.SKIPPED, SkipReason.WITHDRAWN)]
        if late:
            return []
        return [self._say(call, AckOutcome.ACCEPTED, eta_s=self._eta_s(call))]

    def _eta_s(self, call: Call) -> float:
        """Return after how many seconds `call`, the newest, has its place."""
        before = [
            other.call
            for other in self._seen.values()
            if other.expected and other.in_panel_s is None and other.call is not call
        ]
        if self._by_counter:
            return HOLD_S * sum(other.counter == call.counter for other in before)
        return HOLD_S * (len(before) // MOST)

    def _update(self, seen: _Seen, call: Call, at_s: float) -> list[Acknowledgement]:
        newly_withdrawn = call.withdrawn and not seen.call.withdrawn
        seen.call = call
        if not newly_withdrawn:
            return []
        seen.expected = False
        if seen.settled:
            seen.withdrawn_s = at_s
            return []
        return [self._settle(seen, AckOutcome.SKIPPED, SkipReason.WITHDRAWN)]

    def _cover(self, newer: _Seen) -> None:
        """Let a repeated call stand for the earlier ones of the same number and counter."""
        for seen in self._seen.values():
            same = (seen.call.number, seen.call.counter) == (newer.call.number, newer.call.counter)
            if same and seen.in_panel_s is None and seen.call.call_seq < newer.call.call_seq:
                seen.in_panel_s = newer.in_panel_s

    def _forget(self, current: set[int], at_s: float) -> None:
        gone = [
            call_seq
            for call_seq, seen in self._seen.items()
            if call_seq not in current and not _is_due(seen, at_s)
        ]
        for call_seq in gone:
            del self._seen[call_seq]
        self._forgotten = max(self._forgotten, *gone, -1)

    def _settle(
        self, seen: _Seen, outcome: AckOutcome, reason: str | None = None
    ) -> Acknowledgement:
        seen.settled = True
        return self._say(seen.call, outcome, reason)

    def _say(
        self,
        call: Call,
        outcome: AckOutcome,
        reason: str | None = None,
        eta_s: float | None = None,
    ) -> Acknowledgement:
        return Acknowledgement(
            epoch=self._epoch,
            call_seq=call.call_seq,
            outcome=outcome,
            reason=reason,
            eta_s=eta_s,
        )


def _is_due(seen: _Seen, at_s: float) -> bool:
    return seen.expected and (seen.in_panel_s is None or at_s - seen.in_panel_s < HOLD_S)


def _is_marked(seen: _Seen, at_s: float) -> bool:
    return seen.withdrawn_s is not None and at_s - seen.withdrawn_s < MARK_S


def _latest_of_each(calls: Sequence[Call]) -> list[Call]:
    """Return `calls` (oldest first) without those that were called again to the same counter."""
    newest = {(call.number, call.counter): call.call_seq for call in calls}
    return [call for call in calls if newest[call.number, call.counter] == call.call_seq]


def _newest_together(
    board: BoardState, calls: Sequence[Call], marked: frozenset[int], now: datetime, rules: Rules
) -> list[Call]:
    """Return the newest call and those made shortly before it, while they still mean something."""
    candidates = [call for call in calls if _stands(call, calls, marked)]
    near = [c for c in candidates if age_s(c, candidates[0].at) <= rules.pair_within_s]
    served = {(counter.counter, counter.number) for counter in board.counters}
    return [
        call
        for call in near
        if call.withdrawn or (call.counter, call.number) in served or age_s(call, now) < LINGER_S
    ]


def _stands(call: Call, calls: Sequence[Call], marked: frozenset[int]) -> bool:
    """Return whether no later call has taken the place of `call`."""
    later = [c for c in calls if c.call_seq > call.call_seq and not c.withdrawn]
    if any(c.number == call.number for c in later):
        return False
    if call.withdrawn:
        return call.call_seq in marked
    return not any(c.counter == call.counter for c in later)
