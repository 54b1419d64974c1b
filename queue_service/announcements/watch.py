"""Follows every call to eyes and ears; what follows when it does not get there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bus.orders import Acknowledgement
from bus.vocabulary import NEEDLESS_SKIPS, AckOutcome, SkipReason, TicketState
from queue_service.announcements.zone import Zone
from queue_service.domain.announcing import announced_within_s, awaits_announcement
from queue_service.domain.events import CallAnnounced, CallHandedOver, CallUnannounced, Event
from queue_service.domain.state import Call, State
from queue_service.domain.values import CounterNumber, Mark
from wait_log.rows import CallAck

OFFLINE, SILENT, LATE = "offline", "silent", "late"
UNTOLD_END_S = 60.0
"""How long a call that was taken may last when nothing was said about its end."""


@dataclass(slots=True)
class SpeechProgress:
    """What the announcers have said of a call; one of them at a time is responsible for it."""

    asked: tuple[str, ...]
    """The announcers that were to speak it; the last still is."""
    asked_at: float
    over: bool = False
    """Spoken, needless, or given up."""
    let_go: bool = False
    """Over without a word, because the person was expected no more."""
    accepted: bool = False
    """The one who is responsible has answered."""
    _end_due: float = 0.0
    _refused: str = ""

    def hear(
        self, announcer: str, ack: Acknowledgement, now: float, patience_s: float, *, young: bool
    ) -> None:
        """Take what an announcer says; whoever has spoken the call, it is spoken.

        One that finds a `young` call too old has a wrong clock and has let somebody down.
        """
        if ack.outcome is AckOutcome.SPOKEN:
            self.over = True
        elif announcer == self.voice:
            self._take(ack, now, patience_s, young=young)

    @property
    def voice(self) -> str:
        """Return who is to speak it; nobody where the centre has no loudspeaker."""
        return self.asked[-1] if self.asked else ""

    def trouble(self, zone: Zone, now: float, patience_s: float) -> str:
        """Return why it will not be spoken where it is: an own word, or the reason of a skip."""
        if self.over or not zone.announcers:
            return ""
        if self.voice not in zone.voices:
            return OFFLINE
        if self._refused:
            return self._refused
        if now < self.due(zone, patience_s):
            return ""
        return LATE if self.accepted else SILENT

    def due(self, zone: Zone, patience_s: float) -> float:
        """Return when the one who is responsible will be late.

        One that went and came back has begun again: it may answer once more.
        """
        came = max(zone.voices.get(self.voice, 0.0), self.asked_at)
        return max(came + patience_s, self._end_due)

    def successor(self, zone: Zone) -> str | None:
        """Return who of those that are there takes over."""
        return next((a for a in zone.announcers if a in zone.voices and a not in self.asked), None)

    def hand_over(self, announcer: str, now: float) -> None:
        """Make `announcer` responsible."""
        self.asked = (*self.asked, announcer)
        self.asked_at = now
        self.accepted, self._end_due, self._refused = False, 0.0, ""

    def _take(self, ack: Acknowledgement, now: float, patience_s: float, *, young: bool) -> None:
        if ack.outcome is AckOutcome.ACCEPTED:
            self.accepted = True
            self.over, self.let_go = self.over and not self.let_go, False
            promised = UNTOLD_END_S if ack.eta_s is None else ack.eta_s
            self._end_due = now + promised + patience_s
        elif ack.outcome is AckOutcome.SKIPPED:
            mistaken = young and ack.reason == SkipReason.TOO_OLD
            self.let_go = self.let_go or (ack.reason == SkipReason.ANSWERED and not self.over)
            self.over = self.over or (ack.reason in NEEDLESS_SKIPS and not mistaken)
            self._refused = ack.reason or "skipped"


@dataclass(slots=True)
class DisplayProgress:
    """What the boards have said of a call; one that paints it is enough."""

    asked_at: float
    over: bool = False
    """Painted, needless, or given up."""
    _ends: dict[str, float] = field(default_factory=dict)
    """Until when the boards that took it have promised to paint it."""
    _refused: set[str] = field(default_factory=set)

    def hear(self, board: str, ack: Acknowledgement, now: float, patience_s: float) -> None:
        """Take what a board says."""
        if ack.outcome is AckOutcome.ACCEPTED:
            self._ends[board] = now + (ack.eta_s or 0.0) + patience_s
        elif ack.outcome is AckOutcome.SHOWN or ack.reason in NEEDLESS_SKIPS:
            self.over = True
        elif ack.outcome is AckOutcome.SKIPPED:
            self._refused.add(board)

    def failed(self, zone: Zone, now: float, patience_s: float) -> tuple[str, ...]:
        """Return the boards that are there and do not paint it; empty while one still may.

        Boards that are known to be gone alarm by themselves.
        """
        if self.over or now < self.due(zone, patience_s):
            return ()
        return tuple(zone.boards)

    def due(self, zone: Zone, patience_s: float) -> float:
        """Return when the last board that may still paint it is late."""
        dues = (
            max(self.asked_at + patience_s, since + patience_s, self._ends.get(board, 0.0))
            for board, since in zone.boards.items()
            if board not in self._refused
        )
        return max(dues, default=self.asked_at)


_FORGET_AFTER_S = 600.0

ZoneOf = Callable[[CounterNumber], Zone]


@dataclass(slots=True)
class _Watched:
    call: Call
    born: float
    showing: DisplayProgress
    speaking: SpeechProgress

    def begin_to_speak(self, zone: Zone, now: float) -> None:
        """Have it spoken, as if it were new."""
        self.speaking = SpeechProgress(zone.announcers[:1], now, over=not zone.announcers)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long devices may take."""

    answer_s: float
    """To answer, and beyond the end that they promised."""
    speak_max_age_s: float
    """A call older than this is given to no other announcer."""


class Announcements:
    """Follows each call until it was painted and spoken; times are monotonic seconds."""

    def __init__(self, patience: Patience, heard: Iterable[CallAck]) -> None:
        self.patience = patience
        known = list(heard)
        self.shown = {call.call_seq for call in known if call.shown_us is not None}
        self.spoken = {call.call_seq for call in known if call.spoken_us is not None}
        self.announced_by: dict[str, int] = {}
        """The newest call that each device has painted or spoken."""
        self.promised: dict[int, float] = {}
        """By call: how many seconds after it its announcer will have spoken it."""
        self._watched: dict[int, _Watched] = {}
        self._let_go: dict[int, _Watched] = {}
        """Calls that nobody spoke because their people were expected no more."""
        self._announced: set[int] = set()
        self._newest = 0

    def begin_day(self) -> None:
        """Forget the calls of the day before."""
        self.shown.clear()
        self.spoken.clear()
        self.promised.clear()
        self._watched.clear()
        self._let_go.clear()
        self._announced.clear()

    def resume(
        self, state: State, zone_of: ZoneOf, age_s: Callable[[Call], float], now: float
    ) -> None:
        """After a start, follow again the calls whose people are still expected."""
        for call in state.calls:
            self._newest = max(self._newest, call.call_seq)
            age = age_s(call)
            if age > self.patience.speak_max_age_s or not is_expected(state, call):
                continue
            zone, taken_by = zone_of(call.counter), state.speakers.get(call.call_seq)
            watched = self._follow(call, zone, now)
            watched.born -= age
            watched.showing.over = call.call_seq in self.shown
            watched.speaking.over |= call.call_seq in self.spoken
            if taken_by is not None:
                watched.speaking.hand_over(taken_by, now)

    def watch(self, state: State, zone_of: ZoneOf, now: float) -> None:
        """Follow calls that are new, and those whose people are expected again after all.

        Those taken back need nobody any more.
        """
        for call in state.calls:
            if call.withdrawn:
                self._watched.pop(call.call_seq, None)
                self._let_go.pop(call.call_seq, None)
            elif call.call_seq in self._let_go and is_expected(state, call):
                watched = self._watched[call.call_seq] = self._let_go.pop(call.call_seq)
                watched.begin_to_speak(zone_of(call.counter), now)
            elif call.call_seq > self._newest:
                self._newest = call.call_seq
                self._follow(call, zone_of(call.counter), now)

    def hear_board(self, board: str, ack: Acknowledgement, now: float) -> None:
        """Take what a board did with a call."""
        if ack.outcome is AckOutcome.SHOWN:
            self.shown.add(ack.call_seq)
            self._note(board, ack.call_seq)
        if watched := self._watched.get(ack.call_seq):
            watched.showing.hear(board, ack, now, self.patience.answer_s)

    def hear_announcer(self, announcer: str, ack: Acknowledgement, now: float) -> None:
        """Take what an announcer did with a call."""
        if ack.outcome is AckOutcome.SPOKEN:
            self.spoken.add(ack.call_seq)
            self._note(announcer, ack.call_seq)
        if watched := self._watched.get(ack.call_seq):
            young = self._is_young(watched, now)
            watched.speaking.hear(announcer, ack, now, self.patience.answer_s, young=young)
            if ack.outcome is AckOutcome.ACCEPTED and announcer == watched.speaking.voice:
                takes_s = UNTOLD_END_S if ack.eta_s is None else ack.eta_s
                self.promised[ack.call_seq] = now - watched.born + takes_s

    def look(self, state: State, zone_of: ZoneOf, now: float) -> list[Event]:
        """Return what has to be logged: calls that nobody announced in time, and who takes over."""
        events: list[Event] = []
        for call_seq, watched in list(self._watched.items()):
            zone = zone_of(watched.call.counter)
            missing: dict[str, tuple[str, ...]] = {}
            if boards := watched.showing.failed(zone, now, self.patience.answer_s):
                watched.showing.over = True
                missing["shown"] = boards
            needed = is_expected(state, watched.call)
            if needed and watched.speaking.let_go:
                watched.begin_to_speak(zone, now)
            if not zone.boards and not needed:
                watched.showing.over = True
            handed = self._look_after_voice(watched, zone, missing, now, needed=needed)
            if missing:
                events.append(_unannounced(watched.call, missing))
            events += handed
            over = watched.showing.over and watched.speaking.over
            if over or now >= watched.born + _FORGET_AFTER_S:
                del self._watched[call_seq]
                if watched.speaking.let_go:
                    self._let_go[call_seq] = watched
        return events

    def announced(self, state: State, zone_of: ZoneOf, now: Mark) -> list[Event]:
        """Return, once for each, which expected calls were announced or given up by now."""
        events: list[Event] = []
        awaited: set[int] = set()
        for number, counter in state.counters.items():
            ticket = state.tickets[counter.current] if counter.current else None
            if ticket is None or not awaits_announcement(ticket):
                continue
            awaited.add(ticket.call_seq)
            reached = self._is_over(ticket.call_seq, zone_of(number))
            late = announced_within_s(ticket, now, self.promised) == 0
            if (reached or late) and ticket.call_seq not in self._announced:
                self._announced.add(ticket.call_seq)
                events.append(CallAnnounced(counter=number, call_seq=ticket.call_seq))
        self._announced &= awaited
        return events

    def next_due(self, zone_of: ZoneOf) -> float | None:
        """Return when the next call may be late."""
        dues = []
        for watched in self._watched.values():
            zone = zone_of(watched.call.counter)
            if zone.boards and not watched.showing.over:
                dues.append(watched.showing.due(zone, self.patience.answer_s))
            if watched.speaking.voice in zone.voices and not watched.speaking.over:
                dues.append(watched.speaking.due(zone, self.patience.answer_s))
            dues.append(watched.born + _FORGET_AFTER_S)
        return min(dues, default=None)

    def _is_over(self, call_seq: int, zone: Zone) -> bool:
        """Return whether a call is shown and spoken, as far as anything here shows and speaks."""
        watched = self._watched.get(call_seq)
        if watched is None:
            return True
        return (watched.showing.over or not zone.boards) and watched.speaking.over

    def _follow(self, call: Call, zone: Zone, now: float) -> _Watched:
        watched = _Watched(call, now, DisplayProgress(now), SpeechProgress((), now))
        watched.begin_to_speak(zone, now)
        self._watched[call.call_seq] = watched
        return watched

    def _look_after_voice(
        self,
        watched: _Watched,
        zone: Zone,
        missing: dict[str, tuple[str, ...]],
        now: float,
        *,
        needed: bool,
    ) -> list[Event]:
        """Let another announcer take over where one fails, and note as missing what is late.

        An announcer that is known to be gone alarms by itself; while nobody is there its call
        waits, because an announcer that comes back speaks what is still young.
        """
        speaking = watched.speaking
        why = speaking.trouble(zone, now, self.patience.answer_s)
        if not why:
            return []
        young = self._is_young(watched, now)
        successor = speaking.successor(zone) if needed and young else None
        nobody_there = why == OFFLINE and not zone.voices
        lost = needed and successor is None and not nobody_there
        if why == SILENT or (why == LATE and needed) or lost:
            missing["spoken"] = (speaking.voice,)
        if successor is None:
            speaking.over = not (nobody_there and needed and young)
            speaking.let_go = not needed
            return []
        handed = CallHandedOver(
            counter=watched.call.counter,
            call_seq=watched.call.call_seq,
            speaker=successor,
            instead_of=speaking.voice,
            why=why,
        )
        speaking.hand_over(successor, now)
        return [handed]

    def _is_young(self, watched: _Watched, now: float) -> bool:
        return now - watched.born <= self.patience.speak_max_age_s

    def _note(self, device: str, call_seq: int) -> None:
        self.announced_by[device] = max(call_seq, self.announced_by.get(device, 0))


def is_expected(state: State, call: Call) -> bool:
    """Return whether the person whom `call` called has not come yet, nor been let go."""
    current = state.counter(call.counter).current
    ticket = state.tickets.get(current) if current else None
    called = ticket is not None and ticket.state is TicketState.CALLED
    return called and ticket is not None and ticket.call_seq == call.call_seq


def _unannounced(call: Call, missing: dict[str, tuple[str, ...]]) -> CallUnannounced:
    return CallUnannounced(
        counter=call.counter,
        call_seq=call.call_seq,
        number=call.number,
        missing=",".join(missing),
        devices=tuple(device for devices in missing.values() for device in devices),
    )
