"""The topics of the wire; nobody writes one by hand."""

from dataclasses import dataclass

_PREFIX = "denluot/v1"

BUTTON_TOPICS = (
    "zigbee2mqtt/+",
    "zigbee2mqtt/+/action",
    "zigbee2mqtt/+/availability",
    "zigbee2mqtt/bridge/state",
    "stat/+/+",
    "tele/+/LWT",
    "tele/+/RESULT",
    "+/stat/+",
    "+/tele/LWT",
    "+/tele/RESULT",
    "shellies/+/input_event/+",
    "shellies/+/online",
    "+/events/rpc",
    "+/online",
    "+/event/+/state",
    "+/binary_sensor/+/state",
    "+/status",
)
"""Where wireless buttons of other makers are heard; none of ours match."""


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of one site."""

    site: str

    def command(self, device: str) -> str:
        """Return where `device` sends commands."""
        return self._topic("cmd", device)

    def reply(self, device: str) -> str:
        """Return where the service answers `device`."""
        return self._topic("reply", device)

    def order(self, device: str) -> str:
        """Return where the service tells `device` to do something."""
        return self._topic("do", device)

    def acknowledgement(self, device: str) -> str:
        """Return where a board or announcer acknowledges calls."""
        return self._topic("ack", device)

    def result(self, device: str) -> str:
        """Return where `device` says what became of its orders."""
        return self._topic("done", device)

    def config(self) -> str:
        """Return the state of the centre's configuration."""
        return self._topic("state", "config")

    def board(self) -> str:
        """Return the state that boards and announcers follow."""
        return self._topic("state", "board")

    def services(self) -> str:
        """Return the state of the services."""
        return self._topic("state", "services")

    def devices(self) -> str:
        """Return the state of what devices were told to do."""
        return self._topic("state", "devices")

    def staff(self) -> str:
        """Return the state of what goes on between the people of the house."""
        return self._topic("state", "staff")

    def counter(self, number: int) -> str:
        """Return the state of one counter."""
        return self._topic("state", "counter", str(number))

    def event(self, kind: str) -> str:
        """Return where events of `kind` go."""
        return self._topic("event", kind)

    def status(self, device: str) -> str:
        """Return whether `device` is there."""
        return self._topic("device", device, "status")

    def every(self, first: str) -> str:
        """Return the filter of all topics under `first`, such as `cmd` or `device`."""
        return f"{self._topic(first)}/#"

    def split(self, topic: str) -> tuple[str, ...]:
        """Return the levels below the site, or () for a topic of another site."""
        head = f"{_PREFIX}/{self.site}/"
        return tuple(topic.removeprefix(head).split("/")) if topic.startswith(head) else ()

    def _topic(self, *levels: str) -> str:
        for level in levels:
            if not level or any(mark in level for mark in "/+#"):
                raise ValueError(f"not a topic level: {level!r}")
        return "/".join((_PREFIX, self.site, *levels))
