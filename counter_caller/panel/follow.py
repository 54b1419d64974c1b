"""Connect what the link hears to the view-model, each on the view-model's thread."""

from contextlib import suppress

from bus.states import ConfigState
from config import ConfigError, centre_from_wire
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

    def take_config(state: ConfigState) -> None:
        with suppress(ConfigError):  # the panel says so
            known = [device.id for device in centre_from_wire(state.centre).devices]
            link.follow_devices(["service", *known], bridge.status_changed.emit)
        bridge.config_changed.emit(state)

    link.follow_config(take_config)
    link.follow_counters([counter], bridge.counter_changed.emit)
    link.follow_board(bridge.board_changed.emit)
    link.follow_devices(["service"], bridge.status_changed.emit)
