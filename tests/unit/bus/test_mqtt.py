import random
import threading

from bus.mqtt import Account, MqttBus


class Watched(random.Random):
    """Asked for jitter before every next attempt."""

    def __init__(self) -> None:
        super().__init__(1)
        self.asked = threading.Event()

    def random(self) -> float:
        self.asked.set()
        return 0.5


def test_a_host_that_cannot_be_an_address_is_tried_again_and_ends_nothing(
    expected_warnings: list[str],
) -> None:
    expected_warnings.append("broker not reached")
    rng = Watched()
    bus = MqttBus(Account("192.168.1..50", 1883, "x", "x", "secret"), rng)
    bus.start()
    assert rng.asked.wait(30)
    assert not bus.publish("denluot/v1/test/event/x", b"nobody")
    bus.stop()
