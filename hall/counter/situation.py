"""Everything a counter's window knows at one moment, and what there is to press."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum, auto

from bus.commands import AnyCommand
from bus.states import CounterState, CurrentTicket
from bus.vocabulary import TicketState
from config.settings import Centre
from hall.model import HallState
from hall.slip import AppointmentSlip
from hall.words import Words

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_SETTLING = frozenset(
    {
        "call_next",
        "call_ticket",
        "start_serving",
        "finish",
        "mark_absent",
        "park",
        "transfer",
        "return_to_queue",
        "void_ticket",
        "undo",
    }
)
"""Each may change whom the counter serves, so only one of them is under way at a time."""


def rivals(kind: str) -> frozenset[str]:
    """Return the kinds of which none may be under way when one of `kind` is sent."""
    return _SETTLING if kind in _SETTLING else frozenset({kind})


class Menu(StrEnum):
    """A sheet that is made when it is opened."""

    MORE = auto()
    TRANSFER = auto()
    PAUSE = auto()
    OUTAGE = auto()
    ISSUE = auto()
    NUMBER = auto()
    PAPER = auto()
    ALARMS = auto()
    COLLEAGUE = auto()
    MESSAGES = auto()


class Move(StrEnum):
    """Where a ticket goes that an officer does not finish."""

    TRANSFER = auto()
    PARK = auto()
    RETURN = auto()


@dataclass(frozen=True, slots=True)
class Draft:
    """A move that is being put together; its sheet is made when it is opened."""

    move: Move
    ticket: str
    then_back: bool = False
    reason: str = ""
    """Of a park: an id of the site's list."""
    note: str = ""
    """For the next officer: an id of the site's list."""
    asks_note: bool = False
    """The note is being chosen."""


@dataclass(frozen=True, slots=True)
class AtKiosk:
    """Somebody is helped at a kiosk; the sheet for it is made when it is opened."""

    kiosk: str


@dataclass(frozen=True, slots=True)
class Booking:
    """An appointment that is being made; with a day, its slots are asked for."""

    service: str = ""
    day: str = ""
    moving: str = ""
    """The appointment that gets another time; empty for a new one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to press; without `leads` it is a heading, or cannot be pressed now."""

    text: str
    note: str = ""
    leads: "AnyCommand | Menu | Draft | AtKiosk | Booking | Sheet | None" = None
    heading: bool = False

    @property
    def enabled(self) -> bool:
        """Return whether pressing does anything."""
        return self.leads is not None


NO_CHOICE = Choice("")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list of choices over the window."""

    title: str
    choices: tuple[Choice, ...] = ()
    figure: str = ""
    """A number shown in full size."""
    note: str = ""
    about: str | None = None
    """The ticket it is about: once that has moved on, the sheet closes."""
    asks_number: bool = False
    """The officer types a number."""
    asks_time: bool = False
    """And beside it the time that stands on its paper."""
    asks_text: bool = False
    """The officer types a short message."""
    asks_code: bool = False
    """The officer types the code of an appointment."""
    slip: AppointmentSlip | None = None
    """What a browser prints, where `figure` is the code of an appointment."""
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Banner:
    """One alarm with its one action; an empty text when all is well."""

    text: str = ""
    choice: Choice = NO_CHOICE
    rings: str = ""
    """A person waits for help or for a call; it changes as often as a sound is made for it."""
    others: Choice = NO_CHOICE
    """Leads to all of them, where there are more."""


@dataclass(frozen=True, slots=True)
class Toast:
    """A line for the officer; `good` when it reports success."""

    text: str
    good: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """What the counter's window shows is a function of this alone."""

    counter: int
    t: Words = field(default_factory=Words)
    now: datetime = _LONG_AGO
    hall: HallState = field(default_factory=HallState)
    pending: frozenset[str] = frozenset()
    """The kinds of commands that are under way."""
    notice: Toast | None = None
    tab: TicketState = TicketState.WAITING
    beckons: bool = False
    """F9 was pressed where the officer has to choose one of two buttons."""

    @property
    def state(self) -> CounterState | None:
        """Return what was last heard of this counter."""
        return self.hall.counters.get(self.counter)

    @property
    def live(self) -> bool:
        """Return whether what is shown is the truth now."""
        return self.hall.counter_there(self.counter)

    @property
    def centre(self) -> Centre | None:
        """Return the configuration, once it was heard."""
        return self.hall.centre

    @property
    def lang(self) -> str:
        """Return the language of the window."""
        return self.t.lang

    @property
    def current(self) -> CurrentTicket | None:
        """Return the ticket the counter has."""
        return self.state.current if self.state else None

    @property
    def current_id(self) -> str | None:
        """Return the id of the ticket the counter has."""
        return self.current.ticket if self.current else None

    @property
    def calling(self) -> bool:
        """Return whether the current call is still to be shown and spoken."""
        current = self.current
        if self.state is None or current is None or current.state is not TicketState.CALLED:
            return False
        return current.announced_at is None and "call_next" not in self.state.legal

    @property
    def choice_s(self) -> float | None:
        """Return for how long the officer still says what became of the called person."""
        current = self.current
        if current is None or current.state is not TicketState.CALLED:
            return None
        if current.announced_at is None or current.choice_until is None:
            return None
        whole = (current.choice_until - current.announced_at).total_seconds()
        left = (current.choice_until - self.now).total_seconds()
        return min(left, whole) if left > 0 else None

    def may(self, legal: str) -> bool:
        """Return whether the service would accept this, and nothing under way forbids it."""
        if self.state is None or not self.live or legal not in self.state.legal:
            return False
        return not self.pending & rivals(legal.partition(".")[0])

    def clock(self, at: datetime) -> str:
        """Return a local time, such as 08:24."""
        return f"{at.astimezone(self.hall.zone):%H:%M}"
