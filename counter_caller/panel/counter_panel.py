"""The view-model of the counter's window and bar."""

import logging
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from bus.commands import Reply
from bus.states import BoardState, ConfigState, CounterState, DeviceStatus
from bus.vocabulary import TicketState
from config.errors import ConfigError
from config.load import centre_from_wire
from counter_caller.panel.ticket_rows import TicketRows
from hall.counter.choices import Choice
from hall.counter.desk import Desk
from hall.counter.view import View

QML_IMPORT_NAME = "counter_caller.panel"
QML_IMPORT_MAJOR_VERSION = 1

_log = logging.getLogger(__name__)
_TICK_S = 1.0
_SHORTEST_TICK_MS = 200


def plain(value: Any) -> Any:  # noqa: ANN401 - any value of a view
    """Return a part of the view as QML reads it: dicts, lists and scalars."""
    if isinstance(value, Choice):
        return {
            "text": value.text,
            "note": value.note,
            "enabled": value.enabled,
            "heading": value.heading,
        }
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value


@QmlElement
class CounterPanel(QObject):
    """Shows what the desk knows and takes what is pressed; one for window and bar."""

    changed = Signal()
    rang = Signal()
    compactChanged = Signal()  # noqa: N815 - QML's way

    def __init__(self, desk: Desk, real_s: Callable[[float], float]) -> None:
        super().__init__()
        self._desk = desk
        self._rows = TicketRows()
        self._compact = False
        self.state = desk.view()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.tick)
        self._timer.start(max(_SHORTEST_TICK_MS, round(real_s(_TICK_S) * 1000)))

    # What is heard; from the bus by way of queued signals -----------------------------------

    @Slot(bool)
    def take_link(self, up: bool) -> None:
        """Take that the link has come or gone."""
        self._desk.take_link(up)
        self.show()

    @Slot(object)
    def take_config(self, config: ConfigState) -> None:
        """Take the configuration; one that cannot be read leaves the last in place."""
        try:
            self._desk.take_centre(centre_from_wire(config.centre))
        except ConfigError as error:
            _log.warning("configuration dropped version=%s error=%s", config.version, error)
        self.show()

    @Slot(object)
    def take_counter(self, state: CounterState) -> None:
        """Take this counter's state."""
        self._desk.take_state(state)
        self.show()

    @Slot(object)
    def take_board(self, board: BoardState) -> None:
        """Take the hall's state."""
        self._desk.take_board(board)
        self.show()

    @Slot(str, object)
    def take_status(self, device: str, status: DeviceStatus) -> None:
        """Take how a device is."""
        self._desk.take_status(device, status)
        self.show()

    @Slot(object)
    def take_reply(self, reply: Reply) -> None:
        """Take the answer to a command."""
        self._desk.take_reply(reply)
        self.show()

    @Slot()
    def tick(self) -> None:
        """Let time pass."""
        self._desk.tick()
        self.show()

    def show(self) -> None:
        """Tell QML if anything looks different now."""
        before, self.state = self.state, self._desk.view()
        if self.state == before:
            return
        self._rows.show(self.state.rows)
        self.changed.emit()
        if self.state.alarm.rings and not before.alarm.rings:
            self.rang.emit()

    # What is pressed ------------------------------------------------------------------------

    @Slot(str)
    def press(self, button: str) -> None:
        """Press a button by its name: primary, second, recall, undo, …."""
        self._desk.press(_button(self.state, button))
        self.show()

    @Slot(int)
    def choose(self, index: int) -> None:
        """Take a choice of the open sheet."""
        if self.state.sheet and 0 <= index < len(self.state.sheet.choices):
            self._desk.press(self.state.sheet.choices[index])
            self.show()

    @Slot(str)
    def openRow(self, ticket: str) -> None:  # noqa: N802
        """Open the sheet of a ticket of the list."""
        self._desk.open_row(ticket)
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
        """Close the sheet."""
        self._desk.dismiss()
        self.show()

    @Slot()
    def toggleCompact(self) -> None:  # noqa: N802
        """Change between window and bar."""
        self._compact = not self._compact
        self._desk.dismiss()
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


def _button(view: View, name: str) -> Choice:
    match name:
        case "presence":
            return view.header.presence
        case "arrived":
            return view.current.arrived
        case "outage":
            return view.outage.choice
        case "alarm":
            return view.alarm.choice
        case "undo":
            return view.footer.undo
        case _:
            found: Choice = getattr(view.buttons, name)
            return found
