"""What boards and announcers said of the calls of a day."""

import random
import threading
from collections import defaultdict
from pathlib import Path

from appliance.connection import Connection
from bus.codec import decode
from bus.mqtt import Account, MqttBus
from bus.orders import Acknowledgement
from bus.port import Incoming
from bus.topics import Topics
from bus.vocabulary import AckOutcome
from wait_log.dialects import store_url
from wait_log.reader import open_reader

SITE = "nhi-chieu"


class Acks:
    """What every board and announcer said of every call."""

    def __init__(self, connection: Connection) -> None:
        self.said: dict[str, dict[AckOutcome, set[int]]] = defaultdict(lambda: defaultdict(set))
        service = connection.devices["service"]
        host, port = connection.broker.host, connection.broker.port
        account = Account(host, port, "proof", service.username, service.password)
        self._topics = Topics(connection.site)
        self.bus = MqttBus(account, random.Random(1))
        self.bus.subscribe(self._topics.every("ack"), self._take)
        linked = threading.Event()
        self.bus.on_link(lambda _up: linked.set())
        self.bus.start()
        assert linked.wait(60)

    def close(self) -> None:
        """Hear no more."""
        self.bus.stop()

    def told_everywhere(self, calls: set[int]) -> bool:
        """Return whether both boards have shown these calls and the announcer is done with them."""
        shown = (self.said[board][AckOutcome.SHOWN] for board in ("board-1", "board-2"))
        spoken = self.said["announcer-1"][AckOutcome.SPOKEN]
        return all(calls <= one for one in shown) and calls <= spoken | self.skipped

    @property
    def skipped(self) -> set[int]:
        """Return the calls that were too old to be spoken."""
        return self.said["announcer-1"][AckOutcome.SKIPPED]

    def _take(self, message: Incoming) -> None:
        device = self._topics.split(message.topic)[1]
        ack = decode(Acknowledgement, message.payload)
        self.said[device][ack.outcome].add(ack.call_seq)


def called(data: Path, day: str) -> set[int]:
    """Return the calls of a day that stand."""
    with open_reader(store_url(data), SITE) as store:
        calls = {row.call_seq for row in store.calls(day).values() if not row.withdrawn}
    assert calls
    return calls
