"""One call on its way to the screens."""

from dataclasses import dataclass, field

from bus.orders import Acknowledgement
from bus.vocabulary import NEEDLESS_SKIPS, AckOutcome
from queue_service.announcements.zone import Zone


@dataclass(slots=True)
class Showing:
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
