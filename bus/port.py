"""The bus as its users see it: publish, subscribe, and whether there is a link."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message that arrived."""

    topic: str
    payload: bytes
    retained: bool = False


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker publishes, retained, when this client dies."""

    topic: str
    payload: bytes


Handler = Callable[[Incoming], None]
LinkHandler = Callable[[bool], None]


class Bus(Protocol):
    """A connection to the broker.

    Handlers run on the bus's own thread: they decode and post, no more. Link handlers are set
    before `start`. Subscriptions are renewed on every connect, and link handlers are called with
    True after that, with False when the link is lost.
    """

    @property
    def connected(self) -> bool:
        """Return whether the link is up now."""

    def subscribe(self, topic_filter: str, handler: Handler) -> None:
        """Call `handler` for every message on topics that match (`+` and `#` as in MQTT).

        While there is a link the broker is told at once. Filters shall not overlap.
        """

    def unsubscribe(self, topic_filter: str) -> None:
        """Hear no more of what was subscribed as `topic_filter`."""

    def on_link(self, handler: LinkHandler) -> None:
        """Call `handler` whenever the link comes or goes."""

    def publish(
        self, topic: str, payload: bytes, *, retain: bool = False, once: bool = False
    ) -> bool:
        """Send a message and return whether a live link took it; without a link it is dropped.

        One that the broker has not confirmed when the link is lost is sent again on the next,
        unless it is for `once`.
        """

    def confirmed(self, within_s: float) -> bool:
        """Return whether the broker has what was published last, or says so within `within_s`.

        Never on the bus's own thread, which hears the answer.
        """

    def start(self) -> None:
        """Connect, and keep connecting."""

    def stop(self) -> None:
        """Disconnect in good order, without a will, when the broker has what was published.

        No handler runs after this returns.
        """


def matches(topic_filter: str, topic: str) -> bool:
    """Return whether `topic` matches an MQTT filter with `+` and `#`."""
    wanted, levels = topic_filter.split("/"), topic.split("/")
    for index, level in enumerate(wanted):
        if level == "#":
            return True
        if index >= len(levels) or level not in ("+", levels[index]):
            return False
    return len(wanted) == len(levels)
