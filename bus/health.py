"""How each kind of device is: what its status carries and its alarms are made of."""

from typing import Annotated, Literal, TypeVar

from msgspec import Meta, field

from bus.codec import Message, snake
from bus.vocabulary import (
    CopyState,
    Count,
    CounterNumber,
    Error,
    Instant,
    PrinterLine,
    PrinterState,
    ShortText,
    SignState,
    SoundState,
    StoreState,
    UnitState,
    VoiceState,
)

_PRINTER_WELL = frozenset({PrinterState.READY, PrinterState.UNKNOWN, PrinterState.TICKET_PRESENT})
_SIGN_TROUBLED = frozenset({SignState.DEAD, SignState.REFUSED, SignState.FAULT})


class Health(
    Message,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag_field="kind",
    tag=lambda name: snake(name.removesuffix("Health")),
):
    """The base; `kind` tells them apart."""


class PrinterHealth(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One printer of a kiosk."""

    state: PrinterState
    capability: ShortText = ""
    """How much it tells of itself."""
    last_proof: Instant | None = None
    """When a paper was last proven to be printed."""


class PrinterChoice(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A printer that a kiosk prints on, as somebody chose it."""

    line: PrinterLine
    address: ShortText = ""
    """A device's path, or host and port of one on the network."""
    dots: Literal[384, 512, 576] = 576
    """In a row: 58 mm of paper have 384, 80 mm have 576 or 512."""
    baud: Literal[9600, 19200, 38400, 57600, 115200, 230400] = 115200
    """The speed of a serial line."""
    flow: Literal["rts_cts", "dsr_dtr", "none"] = "rts_cts"
    """How the printer at a serial line says that it is busy."""


class FoundPrinter(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A line of a kiosk at which a printer is, or may be."""

    line: PrinterLine
    address: ShortText
    name: ShortText = ""
    """What it says that it is."""


class RefusedNumber(Message, frozen=True, kw_only=True, omit_defaults=True):
    """An offline number that the service refused: somebody holds a paper that nobody knows."""

    number: str
    service: str = ""
    issued_at: Instant | None = None
    error: Error | None = None


_LOST = frozenset({UnitState.OFFLINE, UnitState.SHARED, UnitState.FAULT})


class KioskHealth(Health, frozen=True, kw_only=True):
    """A kiosk: `printer` is the state that citizens meet, `printers` has each one's."""

    printer: PrinterState = PrinterState.UNKNOWN
    printers: dict[str, PrinterHealth] = field(default_factory=dict)
    refused: tuple[RefusedNumber, ...] = ()
    lost_papers: tuple[str, ...] = ()
    """The numbers whose paper failed after the page had gone home."""
    business_day: ShortText = ""
    """The day of `numbers`."""
    numbers: Annotated[dict[str, Count], Meta(max_length=100)] = field(default_factory=dict)
    """Service to the highest number of its series that a citizen took here on that day."""
    found: Annotated[tuple[FoundPrinter, ...], Meta(max_length=20)] = ()
    """The lines at which a printer may be."""
    prints_on: PrinterChoice | None = None
    """The first printer it prints on; older kiosks, and those that print otherwise, say none."""
    buttons: UnitState | None = None
    """The push-buttons of a kiosk without a window; None where it has one."""
    speech: SoundState | None = None
    """Whether its screen can be read out; None where it is not to be, and of older kiosks."""
    visit: ShortText = ""
    """The visit for which it has made itself ready, while it lasts."""

    @property
    def buttons_lost(self) -> bool:
        """Return whether nobody can take a number because the buttons are not there."""
        return self.buttons in _LOST

    @property
    def trouble(self) -> PrinterState | None:
        """Return the state of the first printer that somebody has to see to.

        A second one that has taken over is no reason to leave the first without paper.
        """
        states = (self.printer, *(printer.state for printer in self.printers.values()))
        return next((state for state in states if state not in _PRINTER_WELL), None)


class BoardHealth(Health, frozen=True, kw_only=True):
    """A board: what it shows, and how far it has come."""

    screen: str = ""
    layout: str = ""
    stale: bool = False
    exposed: bool = False
    counters: tuple[CounterNumber, ...] = ()
    """Those it shows; empty for all."""
    epoch: str | None = None
    rev: int | None = None
    media: Count = 0
    media_broken: Count = 0
    media_note: str | None = None


class AnnouncerHealth(Health, frozen=True, kw_only=True):
    """A loudspeaker: whether it is heard, and with which voice."""

    sound: SoundState = SoundState.UNKNOWN
    voice: VoiceState = VoiceState.PACK
    output: str = ""
    volume: float = 1.0
    quiet: bool = False
    """These are hours in which nothing is spoken."""
    standby: bool = False
    """It speaks only in another's place."""


class SignHealth(Health, frozen=True, kw_only=True):
    """A line of LED signs, by the counter that each stands at."""

    signs: dict[CounterNumber, SignState] = field(default_factory=dict)
    stale: bool = False

    @property
    def troubled(self) -> str:
        """Return the counters whose sign does not work, such as `3, 5`; mostly empty."""
        return ", ".join(
            str(counter) for counter in sorted(self.signs) if self.signs[counter] in _SIGN_TROUBLED
        )


class KeypadUnit(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One keypad or button."""

    counter: CounterNumber
    state: UnitState = UnitState.UNKNOWN
    last_press_at: Instant | None = None
    refused: Error | None = None
    """Why its last press did nothing."""


class UnknownButton(Message, frozen=True, kw_only=True):
    """A button that was pressed and belongs to no counter."""

    unit: str
    gesture: str
    at: Instant


class KeypadHealth(Health, frozen=True, kw_only=True):
    """A box of keypads."""

    units: dict[str, KeypadUnit] = field(default_factory=dict)
    dropped: dict[str, dict[str, Count]] = field(default_factory=dict)
    """Line to what it heard and could not use, by reason."""
    pairing: tuple[UnknownButton, ...] = ()
    """The newest last."""


class CounterHealth(Health, frozen=True, kw_only=True):
    """A counter's window; it has nothing that could fail by itself."""


class VoicePackHint(Message, frozen=True, kw_only=True):
    """A voice that the site installed for a language."""

    lang: Annotated[str, Meta(pattern=r"^[a-z]{2,3}$")]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class VoicesHint(Message, frozen=True, kw_only=True):
    """The voices that the pages hand out now, on a port without TLS; none are the built-in ones."""

    port: Annotated[int, Meta(ge=1, le=65535)]
    packs: Annotated[tuple[VoicePackHint, ...], Meta(max_length=8)] = ()


class ProceduresHint(Message, frozen=True, kw_only=True):
    """Which document of procedures the pages serve now, and on which port without TLS."""

    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    port: Annotated[int, Meta(ge=1, le=65535)]


class WebHealth(Health, frozen=True, kw_only=True):
    """The web process."""

    boards: tuple[str, ...] = ()
    """The screens on which somebody sees the board as a page."""
    voices: VoicesHint | None = None
    procedures: ProceduresHint | None = None
    """None where nobody can fetch them, and of a version that has none."""


class ServiceHealth(Health, frozen=True, kw_only=True):
    """The queue's service."""

    store: StoreState = StoreState.OK
    copy: CopyState | None = None
    """Nothing while a copy keeps up, or none is wanted."""
    refused_appointments: dict[str, Count] = field(default_factory=dict)
    """How often something about appointments was refused since the start, by why."""


AnyHealth = (
    KioskHealth
    | BoardHealth
    | AnnouncerHealth
    | SignHealth
    | KeypadHealth
    | CounterHealth
    | WebHealth
    | ServiceHealth
)

H = TypeVar("H", bound=Health)


def health_as(kind: type[H], health: AnyHealth | None) -> H:
    """Return `health` as `kind`, the usual one where a device says nothing or is another kind."""
    return health if isinstance(health, kind) else kind()
