"""The bus within one process: the same behaviour as MQTT, for tests and tools."""

import logging
import queue
import threading
from collections.abc import Callable
from itertools import count

from bus.port import Handler, Incoming, LinkHandler, Will, matches

_log = logging.getLogger(__name__)


class MemoryBroker:
    """Carries messages between the `MemoryBus` clients of one process."""

    def __init__(self) -> None:
        # Guards that a retained message and a new subscription never miss each other.
        self._lock = threading.Lock()
        self._retained: dict[str, bytes] = {}
        self._clients: dict[str, MemoryBus] = {}

    def connect(self, client: "MemoryBus") -> None:
        """Add a client; another with the same id is thrown out with its will, as MQTT brokers do.

        Real clients throw each other out once a second; here the first stays without a link.
        """
        with self._lock:
            other = self._clients.pop(client.client_id, None)
        if other is not None and other is not client:
            other.lose_link()
            self._publish_will(other)
        with self._lock:
            self._clients[client.client_id] = client
            client.take_link(list(self._retained.items()))

    def disconnect(self, client: "MemoryBus", *, with_will: bool) -> None:
        """Remove a client, publishing its will if it did not leave in good order."""
        with self._lock:
            if self._clients.get(client.client_id) is client:
                del self._clients[client.client_id]
        if with_will:
            self._publish_will(client)

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> None:
        """Deliver to every client whose subscription matches."""
        with self._lock:
            if retain and payload:
                self._retained[topic] = payload
            elif retain:
                self._retained.pop(topic, None)
            clients = list(self._clients.values())
            for client in clients:
                client.deliver(Incoming(topic, payload))

    def retained(self, topic_filter: str) -> list[Incoming]:
        """Return what is kept of topics that match."""
        with self._lock:
            return [
                Incoming(topic, payload, retained=True)
                for topic, payload in self._retained.items()
                if matches(topic_filter, topic)
            ]

    def _publish_will(self, client: "MemoryBus") -> None:
        if client.will:
            self.publish(client.will.topic, client.will.payload, retain=True)


class MemoryBus:
    """One client of a `MemoryBroker`."""

    _ids = count(1)

    def __init__(
        self, broker: MemoryBroker, client_id: str | None = None, will: Will | None = None
    ) -> None:
        self.client_id = client_id or f"memory-{next(self._ids)}"
        self.will = will
        self._broker = broker
        self._subscriptions: list[tuple[str, Handler]] = []
        self._link_handlers: list[LinkHandler] = []
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._connected = False

    @property
    def connected(self) -> bool:
        """Return whether the link is up now."""
        return self._connected

    def subscribe(self, topic_filter: str, handler: Handler) -> None:
        """Call `handler` for every message on topics that match."""
        self._subscriptions = [*self._subscriptions, (topic_filter, handler)]
        if self._connected:
            for message in self._broker.retained(topic_filter):
                self._jobs.put(lambda message=message: handler(message))  # type: ignore[misc]

    def unsubscribe(self, topic_filter: str) -> None:
        """Hear no more of what was subscribed as `topic_filter`."""
        self._subscriptions = [one for one in self._subscriptions if one[0] != topic_filter]

    def on_link(self, handler: LinkHandler) -> None:
        """Call `handler` whenever the link comes or goes."""
        self._link_handlers.append(handler)

    def publish(
        self, topic: str, payload: bytes, *, retain: bool = False, once: bool = False
    ) -> bool:
        """Send a message and return whether a live link took it; dropped without a link."""
        del once
        if not self._connected:
            return False
        self._broker.publish(topic, payload, retain=retain)
        return True

    def confirmed(self, within_s: float) -> bool:
        """Return whether there is a link: here nothing is ever under way."""
        del within_s
        return self._connected

    def start(self) -> None:
        """Connect."""
        self._thread = threading.Thread(target=self._run, name=self.client_id, daemon=True)
        self._thread.start()
        self._broker.connect(self)

    def stop(self) -> None:
        """Disconnect in good order."""
        self._end(with_will=False)

    def die(self) -> None:
        """Vanish as a killed process does: the broker publishes the will."""
        self._end(with_will=True)

    def drop_link(self) -> None:
        """Lose the link and get it back, as after a broken cable."""
        self._broker.disconnect(self, with_will=True)
        self.lose_link()
        self._broker.connect(self)

    def take_link(self, retained: list[tuple[str, bytes]]) -> None:
        """Note that the broker took this client; `retained` is what it kept."""
        self._connected = True
        for topic, payload in retained:
            self.deliver(Incoming(topic, payload, retained=True))
        self._jobs.put(lambda: self._tell(up=True))

    def lose_link(self) -> None:
        """Note that the broker let go of this client."""
        self._connected = False
        self._jobs.put(lambda: self._tell(up=False))

    def deliver(self, message: Incoming) -> None:
        """Queue `message` for the handlers that want it."""
        for topic_filter, handler in self._subscriptions:
            if matches(topic_filter, message.topic):
                self._jobs.put(lambda handler=handler: handler(message))  # type: ignore[misc]

    def _end(self, *, with_will: bool) -> None:
        self._broker.disconnect(self, with_will=with_will)
        self._connected = False
        self._jobs.put(None)
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join(timeout=5)

    def _tell(self, *, up: bool) -> None:
        for handler in self._link_handlers:
            self._guard("a link handler failed", lambda handler=handler: handler(up))  # type: ignore[misc]

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._guard("a message was dropped", job)

    def _guard(self, failed: str, job: Callable[[], None]) -> None:
        try:
            job()
        except Exception:  # noqa: BLE001 - outermost: the next message is heard
            _log.exception("%s client=%s", failed, self.client_id)
