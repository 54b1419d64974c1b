"""Everything the window knows at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bus.states import BoardState, CounterState, CurrentTicket, DeviceStatus
from bus.vocabulary import TicketState
from config.settings import Centre
from hall.counter.actions import Action, legal

_HOME = ZoneInfo("Asia/Ho_Chi_Minh")
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Notice:
    """A line for the officer; `good` when it reports success."""

    text: str
    good: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """What the counter's window shows is a function of this alone."""

    counter: int
    lang: str = "vi"
    now: datetime = _LONG_AGO
    linked: bool = False
    service_gone: bool = False
    """The broker answers, the service does not."""
    centre: Centre | None = None
    state: CounterState | None = None
    board: BoardState | None = None
    devices: Mapping[str, DeviceStatus] = field(default_factory=dict)
    busy: frozenset[Action] = frozenset()
    notice: Notice | None = None
    tab: TicketState = TicketState.WAITING

    @property
    def live(self) -> bool:
        """Return whether what is shown is the truth now."""
        return self.linked and not self.service_gone

    @property
    def current(self) -> CurrentTicket | None:
        """Return the ticket the counter has."""
        return self.state.current if self.state else None

    @property
    def current_id(self) -> str | None:
        """Return the id of the ticket the counter has."""
        return self.current.ticket if self.current else None

    @property
    def zone(self) -> ZoneInfo:
        """Return the centre's time zone."""
        return self.centre.identity.zone if self.centre else _HOME

    def free(self) -> frozenset[Action]:
        """Return what is legal now and not under way already."""
        return legal(self.state, self.live) - self.busy
