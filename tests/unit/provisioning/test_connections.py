from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from provisioning.connections import COPIED_AFTER_S, HERE, Connections, LogTail

BOXES = {"kiosk-1": "k", "board-1": "b", "board-2": "b", "web": "server", "service": "server"}


class Watch:
    def __init__(self) -> None:
        self.now_s = 100.0
        self.connections = Connections(lambda: self.now_s)

    def comes(self, user: str, address: str, client: str = "") -> None:
        client = client or f"{user}-{address}"
        line = f"New client connected from {address}:4711 as {client} (p2, c1, k3, u'{user}')."
        self.connections.take([f"1795716922: {line}"])

    def goes(self, text: str) -> None:
        self.connections.take([f"1795716922: {text}"])

    def later(self, seconds: float = COPIED_AFTER_S) -> dict[str, frozenset[str]]:
        self.now_s += seconds
        return self.connections.copied(BOXES)


def test_two_boxes_with_one_account_at_once_are_a_copy() -> None:
    watch = Watch()
    watch.comes("kiosk-1", "10.0.0.8")
    watch.comes("kiosk-1", "10.0.0.9")
    assert watch.later(COPIED_AFTER_S - 1) == {}
    assert watch.later(1) == {"k": {"10.0.0.8", "10.0.0.9"}}
    watch.goes("Client kiosk-1-10.0.0.9 disconnected.")
    assert watch.later() == {}


def test_however_mosquitto_says_that_a_client_is_gone() -> None:
    for said in (  # 2.0.11 of Debian 12 and 2.0.21 of Debian 13
        "Client x disconnected.",
        "Client x disconnected: Protocol error.",
        "Client x disconnected, not authorised.",
        "Client x disconnected due to malformed packet.",
        "Client x closed its connection.",
        "Client x has exceeded timeout, disconnecting.",
        "Client x been disconnected by administrative action.",
    ):
        watch = Watch()
        watch.comes("kiosk-1", "10.0.0.8", "x")
        watch.goes("Client x already connected, closing old connection.")
        assert watch.connections.seen(BOXES)
        watch.goes(said)
        assert watch.connections.seen(BOXES) == {}, said


def test_a_thief_who_is_only_the_other_device_of_a_box_is_noticed_too() -> None:
    watch = Watch()
    watch.comes("board-1", "10.0.0.8")
    watch.comes("board-2", "10.0.0.66")
    assert watch.later() == {"b": {"10.0.0.8", "10.0.0.66"}}


def test_a_box_that_got_another_address_is_none() -> None:
    watch = Watch()
    watch.comes("kiosk-1", "10.0.0.8")
    watch.later()
    watch.comes("kiosk-1", "10.0.0.99")
    assert watch.later(5) == {}
    watch.goes("Client kiosk-1-10.0.0.8 has exceeded timeout, disconnecting.")
    assert watch.later() == {}
    assert watch.connections.seen(BOXES) == {"k": "10.0.0.99"}


def test_the_server_is_one_address_by_socket_and_by_loopback() -> None:
    watch = Watch()
    for line in (
        "New client connected from /run/denluot/mqtt.sock:0 as a (p2, c1, k3, u'service').",
        "New client connected from (null):0 as b (p2, c1, k3, u'web').",
        "New client connected from 127.0.0.1:5 as c (p2, c1, k3, u'web').",
        "New client connected from ::1:5 as d (p2, c1, k3, u'web').",
    ):
        watch.goes(line)
    assert watch.later() == {}
    assert watch.connections.seen(BOXES) == {"server": HERE}
    watch.comes("web", "10.0.0.66")
    assert watch.later() == {"server": {HERE, "10.0.0.66"}}


def test_a_client_cannot_pose_as_another_by_its_id() -> None:
    watch = Watch()
    watch.comes("board-1", "10.0.0.8")
    watch.comes("kiosk-1", "10.0.0.66", "x (p2, c1, k3, u'board-1').")
    assert watch.later() == {}


def test_a_broker_that_starts_has_nobody() -> None:
    watch = Watch()
    watch.comes("kiosk-1", "10.0.0.8")
    watch.goes("mosquitto version 2.0.11 starting")
    assert watch.connections.seen(BOXES) == {}


@given(st.text())
def test_whatever_the_log_says_is_survived(text: str) -> None:
    watch = Watch()
    watch.goes(text)
    watch.goes(f"New client connected from {text} as {text} (p2, c1, k3, u'{text}').")
    watch.later()


def test_the_log_is_read_on_by_whole_lines_and_kept_short(tmp_path: Path) -> None:
    path = tmp_path / "connections.log"
    tail = LogTail(path)
    assert tail.lines() == []
    with path.open("ab") as log:
        log.write(b"one\ntw")
        log.flush()
        assert tail.lines() == ["one"]
        log.write(b"o\n")
        log.flush()
        assert tail.lines() == ["two"]
        log.write(b"x" * 1_000_000 + b"\n")
        log.flush()
        assert len(tail.lines()) == 1
        assert path.stat().st_size == 0
        log.write(b"after\n")
        log.flush()
        assert tail.lines() == ["after"]
    (tmp_path / "new").write_bytes(b"a new file\n")
    (tmp_path / "new").replace(path)
    assert tail.lines() == ["a new file"]
