"""One call on its way to the loudspeaker: who is to speak it, and who takes over."""

from dataclasses import dataclass

from bus.orders import Acknowledgement
from bus.vocabulary import NEEDLESS_SKIPS, AckOutcome, SkipReason
from queue_service.announcements.zone import Zone

OFFLINE, SILENT, LATE = "offline", "silent", "late"
UNTOLD_END_S = 60.0
"""How long a call that was taken may last when nothing was said about its end."""


@dataclass(slots=True)
class Speaking:
    """What the announcers have said of a call; one of them at a time is responsible for it."""

    asked: tuple[str, ...]
    """The announcers that were to speak it; the last still is."""
    asked_at: float
    over: bool = False
    """Spoken, needless, or given up."""
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

        One that went and came back has begun anew: it may answer once more.
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
            promised = UNTOLD_END_S if ack.eta_s is None else ack.eta_s
            self._end_due = now + promised + patience_s
        elif ack.outcome is AckOutcome.SKIPPED:
            mistaken = young and ack.reason == SkipReason.TOO_OLD
            self.over = self.over or (ack.reason in NEEDLESS_SKIPS and not mistaken)
            self._refused = ack.reason or "skipped"
