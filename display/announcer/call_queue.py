"""What to say next: calls and texts in one line, each said only while somebody needs it.

Pure: no clock, no sound, no bus. `now` is any clock of simulated seconds that never jumps.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from bus.orders import Speak, SpeakCall
from bus.states import BoardState, Call
from bus.vocabulary import SkipReason, TicketClass

_REMEMBERED = 500
_IN_FULL = 2
_AFTER_ALL_CALLS = 1_000


class Rank(IntEnum):
    """Who goes first; within a rank the first come."""

    EMERGENCY = 0
    RECALL = 1
    PRIORITY = 2
    NORMAL = 3
    TEXT = 4


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules of the centre that the announcer goes by."""

    max_age_s: float = 60.0
    times: int = 2
    counters: frozenset[int] | None = None
    """The counters whose calls it speaks without being told to; None means all."""
    device: str = ""
    """Its own id."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a call: accepted, or skipped and why."""

    call: Call
    skip: SkipReason | None = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """A call, to be said."""

    call: Call
    time: int
    """1 for the first time."""
    chime: bool

    @property
    def again(self) -> bool:
        """Return whether it is said as a reminder."""
        return self.time > 1 or self.call.repeat > 0


@dataclass(frozen=True, slots=True)
class Text:
    """A free text, to be said once."""

    order: Speak
    chime: bool


Saying = Utterance | Text


@dataclass(slots=True, eq=False)
class _Entry:
    what: Call | Speak
    born: float
    """When the call was made, on the clock of `now`."""
    spoken: int = 0
    until: float | None = None
    """Past this, on the clock of `now`, a text is not begun any more."""
    over: bool = False
    """Said to its end where it is being said, and never again."""

    @property
    def in_full(self) -> bool:
        """Return whether it is said twice, whoever else waits to be called."""
        return isinstance(self.what, Call) and self.what.in_full

    @property
    def turn(self) -> tuple[int, Rank]:
        """Return when it is said: first times before repeats, then by rank; texts come last."""
        rank = _rank(self.what)
        if self.spoken and self.in_full:
            return 0, Rank.RECALL  # its person needs both times, one after the other
        return _AFTER_ALL_CALLS if rank is Rank.TEXT else self.spoken, rank

    def saying(self, *, chime: bool) -> Saying:
        """Return it as it would be said now."""
        if isinstance(self.what, Speak):
            return Text(self.what, chime or self.what.urgent)
        return Utterance(self.what, self.spoken + 1, chime)


class CallQueue:
    """What waits to be spoken, what is being spoken, and which calls are settled."""

    def __init__(self, epoch: str = "", settled: Iterable[int] = ()) -> None:
        self.epoch = epoch
        self._settled = dict.fromkeys(settled)
        self._answered: set[int] = set()
        """Of these, the calls whose people were let go before a word was said."""
        self._terms = Terms()
        self._calls: dict[int, Call] = {}
        self._expected: dict[int, str | None] = {}
        self._waiting: list[_Entry] = []
        self._current: _Entry | None = None
        self._pause = True
        self._lost_texts: list[tuple[Speak, SkipReason]] = []

    @property
    def settled(self) -> tuple[int, ...]:
        """Return the newest calls that were spoken or skipped: never to be spoken again."""
        return tuple(self._settled)

    @property
    def has_calls(self) -> bool:
        """Return whether a call waits."""
        return any(isinstance(entry.what, Call) for entry in self._waiting)

    def take(self, state: BoardState, terms: Terms, now: float) -> list[Verdict]:
        """Take a state of the boards; returns what becomes of calls that this decides."""
        self._terms = terms
        if state.epoch != self.epoch:
            self._start_over(state.epoch)
        self._calls = {call.call_seq: call for call in state.calls}
        self._expected = {counter.counter: counter.number for counter in state.counters}
        verdicts: list[Verdict] = []
        for call in sorted(state.calls, key=lambda call: call.call_seq):
            if call.speaker not in (None, terms.device):
                verdicts += self._leave(call)
            elif self._is_own(call):
                verdicts += self._take_call(call, (state.at - call.at).total_seconds(), now)
        for entry in self._entries():
            if isinstance(entry.what, Call) and self._is_answered(entry.what):
                verdicts += self._drop(entry, SkipReason.ANSWERED)
        return verdicts

    def stand_in(self, order: SpeakCall, now: float) -> list[Verdict]:
        """Take a call that another announcer should have spoken; returns what becomes of it.

        One of another epoch is not for this hall's line and says nothing.
        """
        if order.epoch != self.epoch:
            return []
        call = self._calls.get(order.call.call_seq, order.call)
        return self._take_call(call, (order.at - call.at).total_seconds(), now)

    def add(self, text: Speak, now: float, lasts_s: float | None = None) -> None:
        """Take a free text, to be begun within `lasts_s` or not at all."""
        until = None if lasts_s is None else now + lasts_s
        self._waiting.append(_Entry(text, now, until=until))

    def lost_texts(self) -> list[tuple[Speak, SkipReason]]:
        """Return the texts that were given up since this was last asked, and why."""
        lost, self._lost_texts = self._lost_texts, []
        return lost

    def next(self, now: float, *, calls: bool = True) -> Saying | None:
        """Return what to say now; None when there is nothing, or only calls that have to wait."""
        for entry in [e for e in self._waiting if e.until is not None and e.until < now]:
            self._waiting.remove(entry)
            self._refuse(entry, SkipReason.TOO_OLD)
        self._waiting = [
            entry
            for entry in self._waiting
            if entry.spoken == 0 or entry.in_full or now - entry.born <= self._terms.max_age_s
        ]
        able = [entry for entry in self._waiting if calls or isinstance(entry.what, Speak)]
        if not able:
            self._pause = True
            return None
        entry = min(able, key=lambda entry: entry.turn)
        self._waiting.remove(entry)
        self._current = entry
        chime, self._pause = self._pause, False
        return entry.saying(chime=chime)

    def finish(self, saying: Saying) -> bool:
        """Note that `saying` was heard to its end; returns whether a call was, for the first time.

        What was said of an epoch that is gone counts for that one.
        """
        entry, self._current = self._current, None
        if isinstance(saying, Text):
            return False
        if entry is None:
            return saying.time == 1
        entry.spoken += 1
        self._settle(saying.call)
        times = max(_IN_FULL, self._terms.times) if entry.in_full else self._terms.times
        if entry.spoken < times and not entry.over:
            self._waiting.append(entry)
        return entry.spoken == 1

    def give_up(self, skip: SkipReason) -> list[Verdict]:
        """Give up what is being said; returns its verdict if it was never heard."""
        entry, self._current = self._current, None
        return self._refuse(entry, skip) if entry else []

    def give_up_waiting(self, skip: SkipReason) -> list[Verdict]:
        """Give up all that waits but emergencies; returns the verdicts of calls never heard."""
        given_up = [entry for entry in self._waiting if _rank(entry.what) > Rank.EMERGENCY]
        self._waiting = [entry for entry in self._waiting if entry not in given_up]
        return [verdict for entry in given_up for verdict in self._refuse(entry, skip)]

    def ahead(self) -> list[Saying]:
        """Return what is to be said for the first time, in the order in which it will be."""
        firsts = sorted((e for e in self._waiting if e.spoken == 0), key=lambda entry: entry.turn)
        return [
            entry.saying(chime=self._pause and index == 0) for index, entry in enumerate(firsts)
        ]

    def _start_over(self, epoch: str) -> None:
        self.epoch = epoch
        self._settled.clear()
        self._answered.clear()
        self._waiting = [entry for entry in self._waiting if isinstance(entry.what, Speak)]
        self._current = None

    def _is_own(self, call: Call) -> bool:
        """Return whether a call is spoken here: by its counter, by order, or waiting already."""
        own = self._terms.counters is None or call.counter in self._terms.counters
        return own or call.speaker is not None or self._find(call) is not None

    def _leave(self, call: Call) -> list[Verdict]:
        """Leave a call to the announcer that took it over, unless it is being said already."""
        entry = self._find(call)
        return self._drop(entry, SkipReason.TAKEN_OVER) if entry else []

    def _take_call(self, call: Call, age_s: float, now: float) -> list[Verdict]:
        known = self._find(call)
        if known:
            return self._drop(known, SkipReason.WITHDRAWN) if call.withdrawn else []
        if self._is_expected_again(call) and age_s <= self._terms.max_age_s:
            self._answered.discard(call.call_seq)
            self._settled.pop(call.call_seq, None)
        if call.call_seq in self._settled:
            return []
        entry = _Entry(call, now - age_s)
        if call.withdrawn:
            return self._refuse(entry, SkipReason.WITHDRAWN)
        if age_s > self._terms.max_age_s:
            return self._refuse(entry, SkipReason.TOO_OLD)
        if self._is_answered(call):
            return self._refuse(entry, SkipReason.ANSWERED)
        return [Verdict(call), *self._queue(entry, call)]

    def _queue(self, entry: _Entry, call: Call) -> list[Verdict]:
        """Queue a call; one of the same ticket that still waits gives it its place."""
        for older in self._entries():
            if not isinstance(older.what, Call) or older.what.number != call.number:
                continue
            if older is not self._current and older.spoken == 0:
                self._waiting[self._waiting.index(older)] = entry
                return self._refuse(older, SkipReason.REPLACED)
            self._drop(older, SkipReason.REPLACED)
        self._waiting.append(entry)
        return []

    def _drop(self, entry: _Entry, skip: SkipReason) -> list[Verdict]:
        """Let a call go; what is being said goes on to its end, but is not repeated."""
        if entry is self._current:
            entry.over = True
            return []
        self._waiting.remove(entry)
        return self._refuse(entry, skip)

    def _refuse(self, entry: _Entry, skip: SkipReason) -> list[Verdict]:
        if isinstance(entry.what, Speak):
            self._lost_texts.append((entry.what, skip))
            return []
        if entry.spoken:
            return []
        self._settle(entry.what)
        if skip is SkipReason.ANSWERED:
            self._answered.add(entry.what.call_seq)
        return [Verdict(entry.what, skip)]

    def _settle(self, call: Call) -> None:
        self._settled[call.call_seq] = None
        while len(self._settled) > _REMEMBERED:
            oldest = next(iter(self._settled))
            del self._settled[oldest]
            self._answered.discard(oldest)

    def _entries(self) -> list[_Entry]:
        return [*self._waiting, self._current] if self._current else list(self._waiting)

    def _find(self, call: Call) -> _Entry | None:
        return next(
            (
                entry
                for entry in self._entries()
                if isinstance(entry.what, Call) and entry.what.call_seq == call.call_seq
            ),
            None,
        )

    def _is_answered(self, call: Call) -> bool:
        """Return whether the counter that called has let the person go, as far as is known."""
        expected = self._expected
        return call.counter in expected and expected[call.counter] != call.number

    def _is_expected_again(self, call: Call) -> bool:
        """Return whether the step that let a person go, before a word was said, was taken back."""
        return (
            call.call_seq in self._answered
            and not (call.withdrawn or self._is_answered(call))
            and all(
                other.withdrawn or other.counter != call.counter
                for seq, other in self._calls.items()
                if seq > call.call_seq
            )
        )


def _rank(what: Call | Speak) -> Rank:
    if isinstance(what, Speak):
        return Rank.EMERGENCY if what.urgent else Rank.TEXT
    if what.repeat:
        return Rank.RECALL
    return Rank.PRIORITY if what.ticket_class is TicketClass.PRIORITY else Rank.NORMAL
