import pytest

from bus.port import matches
from bus.topics import Topics

TOPICS = Topics("nhi-chieu")


def test_topics_are_those_of_the_contract() -> None:
    head = "denluot/v1/nhi-chieu"
    assert TOPICS.command("kiosk-1") == f"{head}/cmd/kiosk-1"
    assert TOPICS.reply("kiosk-1") == f"{head}/reply/kiosk-1"
    assert TOPICS.order("kiosk-1") == f"{head}/do/kiosk-1"
    assert TOPICS.acknowledgement("board-1") == f"{head}/ack/board-1"
    assert TOPICS.config() == f"{head}/state/config"
    assert TOPICS.board() == f"{head}/state/board"
    assert TOPICS.services() == f"{head}/state/services"
    assert TOPICS.counter(3) == f"{head}/state/counter/3"
    assert TOPICS.event("ticket_called") == f"{head}/event/ticket_called"
    assert TOPICS.status("web") == f"{head}/device/web/status"
    assert TOPICS.every("cmd") == f"{head}/cmd/#"


def test_a_topic_splits_into_its_levels() -> None:
    assert TOPICS.split(TOPICS.status("web")) == ("device", "web", "status")
    assert TOPICS.split("denluot/v1/other/state/board") == ()


@pytest.mark.parametrize("device", ["", "a/b", "+", "#", "kiosk#"])
def test_a_device_cannot_reach_out_of_its_topic(device: str) -> None:
    with pytest.raises(ValueError, match="not a topic level"):
        TOPICS.command(device)


@pytest.mark.parametrize(
    ("topic_filter", "topic", "expected"),
    [
        ("a/b", "a/b", True),
        ("a/b", "a/b/c", False),
        ("a/b/c", "a/b", False),
        ("a/+", "a/b", True),
        ("a/+", "a/b/c", False),
        ("a/#", "a/b/c", True),
        ("#", "a", True),
    ],
)
def test_filters_match_as_mqtt_says(topic_filter: str, topic: str, expected: bool) -> None:
    assert matches(topic_filter, topic) is expected
