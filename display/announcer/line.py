"""What to say next: the calls in order, each said only while its person is expected.

Pure: no clock, no sound, no bus. `now` is any clock of the centre's seconds that never jumps.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bus.messages import BoardState, Call

_REMEMBERED = 500


class Skip(StrEnum):
    """Why a call is not spoken; the `reason` of its acknowledgement."""

    TOO_OLD = "too_old"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"
    REPLACED = "replaced"
    NO_OUTPUT = "no_output"
    NO_VOICE = "no_voice"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules of the centre that the announcer goes by."""

    max_age_s: float = 60.0
    times: int = 2
    counters: frozenset[int] = frozenset()
    """The counters of its zone; empty means all."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a call: accepted, or skipped and why."""

    call: Call
    skip: Skip | None = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """One sentence to be said."""

    call: Call
    time: int
    """1 for the first time."""
    chime: bool

    @property
    def again(self) -> bool:
        """Return whether it is said as a reminder."""
        return self.time > 1 or self.call.repeat > 0


@dataclass(slots=True)
class _Entry:
    call: Call
    born: float
    """When the call was made, on the clock of `now`."""
    spoken: int = 0
    over: bool = False
    """Said to its end where it is being said, and never again."""


class Line:
    """The calls that wait to be spoken, the one being spoken, and which are settled."""

    def __init__(self, epoch: str = "", settled: Iterable[int] = ()) -> None:
        self.epoch = epoch
        self._settled = dict.fromkeys(settled)
        self._terms = Terms()
        self._waiting: list[_Entry] = []
        self._current: _Entry | None = None
        self._quiet = True

    @property
    def settled(self) -> tuple[int, ...]:
        """Return the newest calls that were spoken or skipped: never to be spoken again."""
        return tuple(self._settled)

    def take(self, state: BoardState, terms: Terms, now: float) -> list[Verdict]:
        """Take a state of the boards; returns what becomes of calls that this decides."""
        self._terms = terms
        if state.epoch != self.epoch:
            self._start_over(state.epoch)
        expected = {counter.counter: counter.number for counter in state.counters}
        verdicts: list[Verdict] = []
        for call in sorted(state.calls, key=lambda call: call.call_seq):
            if not terms.counters or call.counter in terms.counters:
                age_s = (state.at - call.at).total_seconds()
                verdicts += self._take_call(call, age_s, _answered(call, expected), now)
        for entry in self._entries():
            if _answered(entry.call, expected):
                verdicts += self._drop(entry, Skip.ANSWERED)
        return verdicts

    def next(self, now: float) -> Utterance | None:
        """Return what to say now: first times before repeats; None when there is nothing."""
        self._waiting = [
            entry
            for entry in self._waiting
            if entry.spoken == 0 or now - entry.born <= self._terms.max_age_s
        ]
        if not self._waiting:
            self._quiet = True
            return None
        entry = min(self._waiting, key=lambda entry: entry.spoken)
        self._waiting.remove(entry)
        self._current = entry
        chime, self._quiet = self._quiet, False
        return Utterance(entry.call, entry.spoken + 1, chime)

    def finish(self, utterance: Utterance) -> bool:
        """Note that `utterance` was heard to its end; returns whether for the first time."""
        entry, self._current = self._current, None
        if entry is None:  # of an epoch that is gone
            return utterance.time == 1
        entry.spoken += 1
        self._settle(entry.call)
        if entry.spoken < self._terms.times and not entry.over:
            self._waiting.append(entry)
        return entry.spoken == 1

    def give_up(self, skip: Skip) -> list[Verdict]:
        """Give up what is being said; returns its verdict if it was never heard."""
        entry, self._current = self._current, None
        return self._refuse(entry, skip) if entry else []

    def give_up_all(self, skip: Skip) -> list[Verdict]:
        """Give up everything; returns the verdicts of calls that were never heard."""
        verdicts = self.give_up(skip)
        waiting, self._waiting = self._waiting, []
        for entry in waiting:
            verdicts += self._refuse(entry, skip)
        return verdicts

    def before(self, call_seq: int) -> list[Utterance]:
        """Return what will be said until `call_seq` has been heard once, itself included."""
        first = [entry for entry in self._waiting if entry.spoken == 0]
        sequence = [entry.call.call_seq for entry in first]
        until = sequence.index(call_seq) + 1 if call_seq in sequence else 0
        quiet = self._quiet
        return [Utterance(e.call, 1, quiet and i == 0) for i, e in enumerate(first[:until])]

    def _start_over(self, epoch: str) -> None:
        self.epoch = epoch
        self._settled.clear()
        self._waiting.clear()
        self._current = None

    def _take_call(self, call: Call, age_s: float, answered: bool, now: float) -> list[Verdict]:
        known = self._find(call.call_seq)
        if known:
            return self._drop(known, Skip.WITHDRAWN) if call.withdrawn else []
        if call.call_seq in self._settled:
            return []
        entry = _Entry(call, now - age_s)
        if call.withdrawn:
            return self._refuse(entry, Skip.WITHDRAWN)
        if age_s > self._terms.max_age_s:
            return self._refuse(entry, Skip.TOO_OLD)
        if answered:
            return self._refuse(entry, Skip.ANSWERED)
        return [Verdict(call), *self._queue(entry)]

    def _queue(self, entry: _Entry) -> list[Verdict]:
        """Queue a call; one of the same ticket that still waits gives it its place."""
        for older in self._entries():
            if older.call.number != entry.call.number:
                continue
            if older is not self._current and older.spoken == 0:
                self._waiting[self._waiting.index(older)] = entry
                return self._refuse(older, Skip.REPLACED)
            self._drop(older, Skip.REPLACED)
        self._waiting.append(entry)
        return []

    def _drop(self, entry: _Entry, skip: Skip) -> list[Verdict]:
        """Let a call go; what is being said goes on to its end, but is not repeated."""
        if entry is self._current:
            entry.over = True
            return []
        self._waiting.remove(entry)
        return self._refuse(entry, skip)

    def _refuse(self, entry: _Entry, skip: Skip) -> list[Verdict]:
        if entry.spoken:
            return []
        self._settle(entry.call)
        return [Verdict(entry.call, skip)]

    def _settle(self, call: Call) -> None:
        self._settled[call.call_seq] = None
        while len(self._settled) > _REMEMBERED:
            del self._settled[next(iter(self._settled))]

    def _entries(self) -> list[_Entry]:
        return [*self._waiting, self._current] if self._current else list(self._waiting)

    def _find(self, call_seq: int) -> _Entry | None:
        return next((e for e in self._entries() if e.call.call_seq == call_seq), None)


def _answered(call: Call, expected: dict[int, str | None]) -> bool:
    """Return whether the counter that called has let the person go, as far as it is known."""
    return call.counter in expected and expected[call.counter] != call.number
