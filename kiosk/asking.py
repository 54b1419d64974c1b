"""Commands with an answer each, on the screen's own thread."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from bus.commands import AnyCommand, Reply
from ui.bridge import LinkBridge, queued

OnReply = Callable[[Reply], None]


class Asker(QObject):
    """Sends commands and gives each reply to whoever asked."""

    def __init__(self, bridge: LinkBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._waiting: dict[str, OnReply] = {}
        queued(bridge.replied, self.take)

    def ask(self, command: AnyCommand, on_reply: OnReply) -> None:
        """Send `command`; `on_reply` gets its reply, `unavailable` after 10 s without one."""
        self._waiting[command.id] = on_reply
        self._bridge.send(command)

    def instead(self, command_id: str, on_reply: OnReply) -> None:
        """Give a reply that is still to come to `on_reply`."""
        if command_id in self._waiting:
            self._waiting[command_id] = on_reply

    def forget(self, command_id: str) -> None:
        """Stop sending a command; a late reply is ignored."""
        self._waiting.pop(command_id, None)
        self._bridge.link.forget(command_id)

    @Slot(object)
    def take(self, reply: Reply) -> None:
        """Give a reply to whoever waits for it."""
        on_reply = self._waiting.pop(reply.id, None)
        if on_reply:
            on_reply(reply)
