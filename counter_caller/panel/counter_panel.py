"""The view-model of the counter's window and bar."""

from collections.abc import Callable
from dataclasses import fields

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from bus.vocabulary import TicketState
from counter_caller.panel.ticket_rows import TicketRows
from hall.counter.desk import Desk
from hall.counter.view import plain
from hall.model import Hall

QML_IMPORT_NAME = "counter_caller.panel"
QML_IMPORT_MAJOR_VERSION = 1

_TICK_S = 1.0
_SHORTEST_TICK_MS = 200


@QmlElement
class CounterPanel(QObject):
    """Shows what the desk knows and takes what is pressed; one for window and bar."""

    changed = Signal()
    rang = Signal()
    compactChanged = Signal()  # noqa: N815 - QML's way

    def __init__(self, desk: Desk, hall: Hall, real_s: Callable[[float], float]) -> None:
        super().__init__()
        self._desk = desk
        self._hall = hall
        self._rows = TicketRows()
        self._compact = False
        self.state = desk.view()
        desk.changed = self.show
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.tick)
        self._timer.start(max(_SHORTEST_TICK_MS, round(real_s(_TICK_S) * 1000)))

    # What is heard --------------------------------------------------------------------------

    def follow(self) -> None:
        """Hear all that the window shows; call it before the session starts."""
        self._hall.watch(self._take)
        self._hall.follow_counters([self._desk.situation.counter])
        self._hall.follow_board()
        self._hall.follow_devices()

    def _take(self, _part: str) -> None:
        self._desk.take(self._hall.state)
        self.show()

    @Slot()
    def tick(self) -> None:
        """Let time pass."""
        self._hall.look()
        self._desk.tick()
        self.show()

    @Slot()
    def show(self) -> None:
        """Tell QML if anything looks different now."""
        before, self.state = self.state, self._desk.view()
        if self.state == before:
            return
        self._rows.show(self.state.rows)
        self.changed.emit()
        if self.state.alarm.rings not in ("", before.alarm.rings):
            self.rang.emit()

    # What is pressed ------------------------------------------------------------------------

    @Slot(str)
    def press(self, button: str) -> None:
        """Press a button by its name: primary, second, recall, undo, …; or `next` for F9."""
        if button == "next":
            self._desk.press_next()
        else:
            self._desk.press(button)
        if self._compact and self._desk.sheet:
            self._compact = False  # a bar has no room for what was opened
            self.compactChanged.emit()
        self.show()

    @Slot(int)
    def choose(self, index: int) -> None:
        """Take a choice of the open sheet."""
        self._desk.choose(index)
        self.show()

    @Slot(str)
    def openRow(self, ticket: str) -> None:  # noqa: N802
        """Open the sheet of a ticket of the list."""
        self._desk.open_row(ticket)
        self.show()

    @Slot(str)
    def callLate(self, ticket: str) -> None:  # noqa: N802
        """Call a person who did not come and now has."""
        self._desk.call_late(ticket)
        self.show()

    @Slot(str)
    def callNumber(self, number: str) -> None:  # noqa: N802
        """Call the number that was typed."""
        self._desk.call_number(number)
        self.show()

    @Slot(str)
    def chooseTab(self, key: str) -> None:  # noqa: N802
        """Show another list."""
        self._desk.choose_tab(TicketState(key))
        self.show()

    @Slot()
    def dismiss(self) -> None:
        """Close the sheet by a press beside it."""
        self._desk.dismiss()
        self.show()

    @Slot()
    def closeSheet(self) -> None:  # noqa: N802
        """Close the sheet by its button or by Escape."""
        self._desk.close_sheet()
        self.show()

    @Slot()
    def toggleCompact(self) -> None:  # noqa: N802
        """Change between window and bar."""
        self._compact = not self._compact
        self._desk.close_sheet()
        self.compactChanged.emit()
        self.show()

    # What is shown --------------------------------------------------------------------------

    @property
    def is_compact(self) -> bool:
        """Return whether the bar stands for the window, for Python."""
        return self._compact

    @Property(bool, notify=compactChanged)
    def compact(self) -> bool:
        """Return whether the bar stands for the window."""
        return self._compact

    @Property("QVariant", notify=changed)  # type: ignore[arg-type] # the name of a C++ type
    def view(self) -> object:
        """Return all that is shown but the rows of the list."""
        return {
            field.name: plain(getattr(self.state, field.name))
            for field in fields(self.state)
            if field.name != "rows"
        }

    @Property(QObject, constant=True)
    def rows(self) -> TicketRows:
        """Return the list that is shown."""
        return self._rows
