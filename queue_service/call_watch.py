"""The calls of the day on their way to eyes and ears, and what the log is owed about them."""

from collections import deque
from collections.abc import Callable
from datetime import datetime

from bus.orders import Acknowledgement
from bus.vocabulary import AckOutcome, Role
from queue_service.announcements import Announcements, Patience, Zone
from queue_service.attention import Attention
from queue_service.devices import Devices
from queue_service.domain.events import Event
from queue_service.domain.state import Call
from queue_service.engine import Engine
from queue_service.records import microseconds
from wait_log.rows import CallAck

_KEPT_BACK = 1000
_REAL_ANSWER_S = 12.0
"""What a network and a screen may take when the centre's clock runs fast.

A broker misses one that is frozen after 4 to 11 s, and that is then the one alarm.
"""


class CallWatch:
    """Hears what devices do with calls; while the store fails it forgets nothing of that."""

    def __init__(
        self,
        engine: Engine,
        devices: Devices,
        attention: Attention,
        real_s: Callable[[float], float],
    ) -> None:
        """Take up the calls of the present day."""
        self._engine = engine
        self._ledger = engine.ledger
        self._devices = devices
        self._attention = attention
        self._real_s = real_s
        day = self._day = self._ledger.state.day
        heard = self._ledger.store.heard_on(day.isoformat()) if day else ()
        self.announcements = Announcements(self._patience(), heard)
        engine.promised = self.announcements.promised
        self.announcements.resume(self._ledger.state, self._zone, self._age_s, attention())
        self._heard: set[tuple[int, AckOutcome]] = set()
        self._unlogged: list[Event] = []
        self._unnoted: deque[CallAck] = deque(maxlen=_KEPT_BACK)

    def hear(self, device: str, role: Role, ack: Acknowledgement) -> None:
        """Take what a board or an announcer did with a call of this store."""
        if ack.epoch != self._ledger.epoch or ack.call_seq > self._ledger.state.call_seq:
            return
        if role is Role.ANNOUNCER:
            self.announcements.hear_announcer(device, ack, self._attention())
        else:
            self.announcements.hear_board(device, ack, self._attention())
        if (ack.call_seq, ack.outcome) in self._heard:
            return
        at_us = microseconds(self._now())
        self._unnoted.append(
            CallAck(
                call_seq=ack.call_seq,
                accepted_us=at_us if ack.outcome is AckOutcome.ACCEPTED else None,
                shown_us=at_us if ack.outcome is AckOutcome.SHOWN else None,
                spoken_us=at_us if ack.outcome is AckOutcome.SPOKEN else None,
                skipped_us=at_us if ack.outcome is AckOutcome.SKIPPED else None,
            )
        )
        self._heard.add((ack.call_seq, ack.outcome))

    def follow(self) -> None:
        """Begin to follow new calls, before anybody can answer to them."""
        state = self._ledger.state
        if state.day != self._day:
            self._day = state.day
            self.announcements.begin_day()
            self._heard.clear()
        self.announcements.patience = self._patience()
        self.announcements.watch(state, self._zone, self._attention())

    def look(self) -> None:
        """Note which calls were announced, and which did not reach eyes and ears in time."""
        if not self._attention.linked:
            return
        state, present = self._ledger.state, self._ledger.time.present()
        self._unlogged += self.announcements.look(state, self._zone, self._attention())
        self._unlogged += self.announcements.announced(state, self._zone, present)

    @property
    def owed(self) -> bool:
        """Return whether the log does not have everything yet."""
        return bool(self._unlogged or self._unnoted)

    def write_down(self) -> bool:
        """Give the log what it is owed; return whether states change. Raises StoreError."""
        logged = bool(self._unlogged)
        if logged:
            self._engine.record(self._unlogged, "watch")
            self._unlogged = []
        if self._unnoted:
            self._engine.note_heard(self._unnoted)
            self._unnoted.clear()
        return logged

    def next_due(self) -> float | None:
        """Return when the next call may be late, in seconds of attention."""
        return self.announcements.next_due(self._zone) if self._attention.linked else None

    def _patience(self) -> Patience:
        """Return how long devices may take; a fast clock leaves them real time."""
        rules = self._engine.version.centre.rules
        answer_s = float(rules.accepted_within_s)
        second_s = self._real_s(1.0)
        if second_s < 1.0:
            answer_s = max(answer_s, _REAL_ANSWER_S / second_s)
        return Patience(answer_s, rules.speak_max_age_s)

    def _zone(self, counter: int) -> Zone:
        return self._devices.zone(self._engine.version.centre, counter, self._attention())

    def _age_s(self, call: Call) -> float:
        return (self._now() - call.at).total_seconds()

    def _now(self) -> datetime:
        return self._ledger.time.read()
