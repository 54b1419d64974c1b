"""The view-model of the counter's window and bar."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from enum import IntEnum

from PySide6.QtCore import (
    Property,
    QAbstractListModel,
    QByteArray,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtQml import QmlElement

from bus.vocabulary import TicketState
from hall.counter.desk import Desk
from hall.counter.view import Row, plain
from hall.model import Hall

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class _Role(IntEnum):
    TICKET = Qt.ItemDataRole.UserRole + 1
    NUMBER = Qt.ItemDataRole.UserRole + 2
    SERVICE = Qt.ItemDataRole.UserRole + 3
    CHIP = Qt.ItemDataRole.UserRole + 4
    WAITED = Qt.ItemDataRole.UserRole + 5
    LATE = Qt.ItemDataRole.UserRole + 6
    CALL = Qt.ItemDataRole.UserRole + 7
    CALLABLE = Qt.ItemDataRole.UserRole + 8


_ROLES = frozenset(_Role)


class TicketRows(QAbstractListModel):
    """The tickets of the list that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []

    @property
    def rows(self) -> tuple[Row, ...]:
        """Return what is shown."""
        return tuple(self._rows)

    def show(self, rows: Sequence[Row]) -> None:
        """Become `rows`, with as few insertions, moves and removals as their order allows."""
        wanted = {row.ticket for row in rows}
        for index in reversed(range(len(self._rows))):
            if self._rows[index].ticket not in wanted:
                self.beginRemoveRows(_ROOT, index, index)
                del self._rows[index]
                self.endRemoveRows()
        for index, row in enumerate(rows):
            self._put(index, row)

    def rowCount(self, parent: _Index = _ROOT) -> int:  # noqa: N802
        """Return how many tickets there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | bool | None:
        """Return one cell."""
        row = self._rows[index.row()]
        if role not in _ROLES:
            return None
        if role == _Role.CALL:
            return row.call.text
        if role == _Role.CALLABLE:
            return row.call.enabled
        cell: str | bool = getattr(row, _Role(role).name.lower())
        return cell

    def roleNames(self) -> dict[int, QByteArray]:  # noqa: N802
        """Return the cells' names for QML."""
        return {role.value: QByteArray(role.name.lower().encode()) for role in _Role}

    def _put(self, index: int, row: Row) -> None:
        """Make `row` stand at `index`; those before it stand right already."""
        found = self._find(row.ticket, index)
        if found is None:
            self.beginInsertRows(_ROOT, index, index)
            self._rows.insert(index, row)
            self.endInsertRows()
            return
        if found != index:
            self.beginMoveRows(_ROOT, found, found, _ROOT, index)
            self._rows.insert(index, self._rows.pop(found))
            self.endMoveRows()
        if self._rows[index] != row:
            self._rows[index] = row
            self.dataChanged.emit(self.index(index), self.index(index))

    def _find(self, ticket: str, start: int) -> int | None:
        for index in range(start, len(self._rows)):
            if self._rows[index].ticket == ticket:
                return index
        return None


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
        if self.state.sounds > before.sounds:
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

    @Slot(str, str)
    def adoptNumber(self, number: str, time: str) -> None:  # noqa: N802
        """Take in the number and time of a paper that were typed."""
        self._desk.adopt_number(number, time)
        self.show()

    @Slot(str)
    def sendText(self, text: str) -> None:  # noqa: N802
        """Tell managers what was typed."""
        self._desk.send_text(text)
        self.show()

    @Slot(str)
    def findCode(self, code: str) -> None:  # noqa: N802
        """Look for the appointment whose code was typed."""
        self._desk.find_code(code)
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
