"""The board's scene as QML reads it."""

from dataclasses import asdict
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from config.settings import BoardMedia, Layout
from display.board.media_show import MediaShow
from display.board.picture import Picture
from hall.board.scene import Scene

QML_IMPORT_NAME = "display.board"
QML_IMPORT_MAJOR_VERSION = 1

__all__ = ["BoardScreen", "Picture"]  # QML knows the types of imported modules


@QmlElement
class BoardScreen(QObject):
    """What is on the screen now, in `state`."""

    changed = Signal()
    fitted = Signal()

    def __init__(self, layout: Layout = "auto", media: BoardMedia | None = None) -> None:
        """Show scenes as `layout` says, with `media` beside the calls when that is asked for."""
        super().__init__()
        self._layout = layout
        self.media_show = MediaShow(media if layout == "calls+media" else None)
        self.state = Scene()
        self.rows_fit = 5
        self.letters_fit = 0
        self.missed_fit = 2

    def show(self, scene: Scene) -> bool:
        """Put `scene` on the screen; return whether that changes anything."""
        if scene == self.state:
            return False
        self.state = scene
        self.changed.emit()
        return True

    @Slot(int)
    def fit(self, rows: int) -> None:
        """Take from the screen how many rows fit."""
        self.rows_fit = rows
        self.fitted.emit()

    @Slot(int)
    def fitLetters(self, letters: int) -> None:  # noqa: N802 - a QML name
        """Take from the screen how much of the bottom line can stand at once."""
        self.letters_fit = letters
        self.fitted.emit()

    @Slot(int)
    def fitMissed(self, numbers: int) -> None:  # noqa: N802 - a QML name
        """Take from the screen how many missed numbers can stand at once."""
        self.missed_fit = numbers
        self.fitted.emit()

    @Property(str, notify=changed)
    def layout(self) -> str:
        """Return the layout that the box's settings want."""
        return self._layout

    @Property(MediaShow, notify=changed)
    def media(self) -> MediaShow:
        """Return what is shown beside the calls."""
        return self.media_show

    @Property(str, notify=changed)
    def title(self) -> str:
        """Return the centre's name."""
        return self.state.title

    @Property(str, notify=changed)
    def place(self) -> str:
        """Return where the centre is."""
        return self.state.place

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type]
    def cards(self) -> list[dict[str, Any]]:
        """Return the calls of the big panel."""
        return [asdict(card) for card in self.state.cards]

    @Property(str, notify=changed)
    def lastNumber(self) -> str:  # noqa: N802 - a QML name
        """Return the number called last, for the quiet panel; empty when there is none."""
        return self.state.last.number if self.state.last else ""

    @Property(str, notify=changed)
    def lastCounter(self) -> str:  # noqa: N802 - a QML name
        """Return the counter it was called to."""
        return str(self.state.last.counter) if self.state.last else ""

    @Property(str, notify=changed)
    def hours(self) -> str:
        """Return today's hours, for the quiet panel."""
        return self.state.hours

    @Property("QStringList", notify=changed)  # type: ignore[arg-type]
    def greeting(self) -> list[str]:
        """Return the greeting of the quiet panel in both languages."""
        return list(self.state.greeting)

    @Property(bool, notify=changed)
    def quiet(self) -> bool:
        """Return whether nobody is called or served."""
        return not self.state.cards and not self.state.rows

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type]
    def rows(self) -> list[dict[str, Any]]:
        """Return the counters beside the panel."""
        return [asdict(row) for row in self.state.rows]

    @Property(str, notify=changed)
    def page(self) -> str:
        """Return which part of the rows this is, such as 1/2."""
        return self.state.page

    @Property("QStringList", notify=changed)  # type: ignore[arg-type]
    def nextNumbers(self) -> list[str]:  # noqa: N802 - a QML name
        """Return who comes next."""
        return list(self.state.next)

    @Property(str, notify=changed)
    def following(self) -> str:
        """Return what to say of them: next, nobody or not_open."""
        return self.state.following.value

    @Property("QStringList", notify=changed)  # type: ignore[arg-type]
    def missed(self) -> list[str]:
        """Return the missed numbers that stand now."""
        return list(self.state.missed)

    @Property(str, notify=changed)
    def missedPage(self) -> str:  # noqa: N802 - a QML name
        """Return which part of the missed numbers this is, such as 1/2."""
        return self.state.missed_page

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type]
    def waits(self) -> list[dict[str, Any]]:
        """Return who waits for what."""
        return [asdict(line) for line in self.state.waits]

    @Property(str, notify=changed)
    def waitsPage(self) -> str:  # noqa: N802 - a QML name
        """Return which part of them this is, such as 1/2."""
        return self.state.waits_page

    @Property(str, notify=changed)
    def line(self) -> str:
        """Return the sentence of the bottom line."""
        return self.state.line

    @Property(bool, notify=changed)
    def stale(self) -> bool:
        """Return whether the numbers may be old."""
        return self.state.stale

    @Property(str, notify=changed)
    def label(self) -> str:
        """Return the board's own name while it shows where it is; else nothing."""
        return self.state.label
