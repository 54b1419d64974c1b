"""Connect what the link hears to the view-model, each on the view-model's thread."""

from counter_caller.panel.counter_panel import CounterPanel
from ui.bridge import LinkBridge, queued


def follow(bridge: LinkBridge, panel: CounterPanel, counter: int) -> None:
    """Let `panel` hear everything about `counter`; call it before the link starts."""
    queued(bridge.link_changed, panel.take_link)
    queued(bridge.config_changed, panel.take_config)
    queued(bridge.counter_changed, panel.take_counter)
    queued(bridge.board_changed, panel.take_board)
    queued(bridge.status_changed, panel.take_status)
    queued(bridge.replied, panel.take_reply)
    link = bridge.link
    link.follow_config(bridge.config_changed.emit)
    link.follow_counter(counter, bridge.counter_changed.emit)
    link.follow_board(bridge.board_changed.emit)
    link.follow_status("+", bridge.status_changed.emit)
