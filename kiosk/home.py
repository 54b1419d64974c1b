"""The home screen's view-model."""

from dataclasses import asdict, dataclass
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from hall.citizen.offering import Reach, Tile
from kiosk.app import Kiosk

QML_IMPORT_NAME = "kiosk"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeState:
    """What the home screen shows."""

    centre: str = ""
    place: str = ""
    tiles: tuple[Tile, ...] = ()
    guidance: Tile | None = None
    closed_hours: str = ""
    reach: Reach = Reach.NOWHERE
    printer: str = "unknown"
    """The state of the printer, as `PrinterState` names it."""
    printer_trouble: bool = False
    """Whether papers cannot come out now."""
    priority: bool = False
    priority_hint: str = ""
    large: bool = False
    english: bool = False
    bilingual: bool = False
    help: str = "none"


def home_state(kiosk: Kiosk) -> HomeState:
    """Return what the home screen of `kiosk` shows now."""
    session, known, offer = kiosk.session, kiosk.listener.known, kiosk.offer
    centre, lang = known.centre, session.lang
    state = kiosk.printing.state
    return HomeState(
        centre=centre.identity.name(lang) if centre else "",
        place=centre.identity.place(lang) if centre else "",
        tiles=offer.tiles,
        guidance=offer.guidance,
        closed_hours=offer.closed_hours,
        reach=known.reach,
        printer=state.value,
        printer_trouble=not state.can_print,
        priority=session.priority,
        priority_hint=centre.wording.priority_hint(lang) if centre else "",
        large=session.large,
        english=lang == "en",
        bilingual=centre is not None and "en" in centre.identity.languages,
        help=session.help.value,
    )


@QmlElement
class HomeScreen(QObject):
    """Shows a `HomeState`, and passes touches on."""

    changed = Signal()

    def __init__(self, kiosk: Kiosk) -> None:
        super().__init__(kiosk)
        self.state = home_state(kiosk)
        self._kiosk = kiosk
        kiosk.changed.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Show what is true now."""
        self.show(home_state(self._kiosk))

    def show(self, state: HomeState) -> None:
        """Show `state`."""
        if state != self.state:
            self.state = state
            self.changed.emit()

    @Property(str, notify=changed)
    def centre(self) -> str:
        """Return the centre's name."""
        return self.state.centre

    @Property(str, notify=changed)
    def place(self) -> str:
        """Return the ward or commune."""
        return self.state.place

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type, unused-ignore]
    def tiles(self) -> list[dict[str, Any]]:
        """Return the services, in the order of their digits."""
        return [_tile(tile) for tile in self.state.tiles]

    @Property(int, notify=changed)
    def tileCount(self) -> int:  # noqa: N802
        """Return how many tiles there are, so that delegates stay when their content changes."""
        return len(self.state.tiles)

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type, unused-ignore]
    def guidance(self) -> dict[str, Any]:
        """Return the guidance desk's tile, empty when the centre has none."""
        return _tile(self.state.guidance) if self.state.guidance else {}

    @Property(str, notify=changed)
    def closedHours(self) -> str:  # noqa: N802
        """Return the hours while the whole centre gives no numbers."""
        return self.state.closed_hours

    @Property(str, notify=changed)
    def reach(self) -> str:
        """Return where numbers come from: service, book or nowhere."""
        return self.state.reach.value

    @Property(str, notify=changed)
    def printer(self) -> str:
        """Return the state of the printer, as `PrinterState` names it."""
        return self.state.printer

    @Property(bool, notify=changed)
    def printerTrouble(self) -> bool:  # noqa: N802
        """Return whether papers cannot come out now."""
        return self.state.printer_trouble

    @Property(bool, notify=changed)
    def priority(self) -> bool:
        """Return whether the priority switch is on."""
        return self.state.priority

    @Property(str, notify=changed)
    def priorityHint(self) -> str:  # noqa: N802
        """Return who has priority."""
        return self.state.priority_hint

    @Property(bool, notify=changed)
    def large(self) -> bool:
        """Return whether text is large."""
        return self.state.large

    @Property(bool, notify=changed)
    def english(self) -> bool:
        """Return whether texts are English."""
        return self.state.english

    @Property(bool, notify=changed)
    def bilingual(self) -> bool:
        """Return whether the centre speaks English too."""
        return self.state.bilingual

    @Property(str, notify=changed)
    def help(self) -> str:
        """Return whether a person was called: none, calling or coming."""
        return self.state.help

    @Slot(str)
    def choose(self, service: str) -> None:
        """Take a number."""
        self._kiosk.choose(service)

    @Slot()
    def togglePriority(self) -> None:  # noqa: N802
        """Turn the priority switch."""
        self._kiosk.toggle_priority()

    @Slot()
    def toggleLanguage(self) -> None:  # noqa: N802
        """Change the language."""
        self._kiosk.toggle_language()

    @Slot()
    def toggleLarge(self) -> None:  # noqa: N802
        """Change the size of text."""
        self._kiosk.toggle_large()

    @Slot()
    def callHelp(self) -> None:  # noqa: N802
        """Call a person."""
        self._kiosk.call_help()


def _tile(tile: Tile) -> dict[str, Any]:
    low, high = tile.wait_min or (-1, -1)
    plain = asdict(tile) | {"standing": tile.standing.value, "open": tile.open}
    return plain | {"low": low, "high": high}
