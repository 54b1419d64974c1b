"""From the bus's threads to Qt's: a device's link as signals."""

from PySide6.QtCore import QObject, Qt, Signal

from bus.commands import AnyCommand
from bus.session import Session


class LinkBridge(QObject):
    """Emit what a `Session` hears on the thread this object lives in.

    Call the `follow_…` methods of the link with this object's `take_…` signals' `emit`, as the
    constructor does for those named in `follow`. Payload types: the structs of `bus`.
    """

    link_changed = Signal(bool)
    config_changed = Signal(object)
    board_changed = Signal(object)
    services_changed = Signal(object)
    counter_changed = Signal(object)
    ordered = Signal(object)
    status_changed = Signal(str, object)
    replied = Signal(object)

    def __init__(self, link: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.link = link
        link.bus.on_link(self.link_changed.emit)

    def send(self, command: AnyCommand) -> str:
        """Send `command`; `replied` is emitted with its reply. Return the command's id."""
        self.link.ask(command, self.replied.emit)
        return command.id


def queued(signal: object, slot: object) -> None:
    """Connect so that `slot` always runs on its object's own thread."""
    signal.connect(slot, Qt.ConnectionType.QueuedConnection)  # type: ignore[attr-defined]
