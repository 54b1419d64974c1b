"""`denluot run` hangs the boards that device.toml describes, each in its layout."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from appliance.connection import Connection
from bus.broker import free_port
from bus.health import AnyHealth, BoardHealth, health_as
from bus.mqtt import Account
from bus.session import at_once, connect
from bus.states import DeviceStatus
from config import Clock, load_centre

DEVICES = ("service", *(device.id for device in load_centre().devices))

RunCentre = Callable[..., Connection]
BOX = """\
panels = []

[web]
port = {port}

[[boards]]
device = "board-1"
screen = {{ mode = "window", geometry = [0, 0, 1280, 720] }}
layout = "calls+media"
media = {{ folder = "{folder}" }}

[[boards]]
device = "board-2"
screen = {{ mode = "window", geometry = [0, 0, 1280, 720] }}
layout = "grid"
counters = [6, 7]
"""


@pytest.mark.full
def test_the_boards_of_a_box_have_the_layouts_of_its_device_file(
    run_centre: RunCentre, tmp_path: Path
) -> None:
    folder = tmp_path / "media"
    folder.mkdir()
    Image.new("RGB", (600, 800), "#FBF8F2").save(folder / "poster.png")
    box = tmp_path / "box.toml"
    box.write_text(BOX.format(port=free_port(), folder=folder))
    connection = run_centre("--always-open", "--device", str(box))

    hung = {
        "board-1": BoardHealth(layout="calls+media", media=1),
        "board-2": BoardHealth(layout="grid", counters=(6, 7)),
    }
    told: dict[str, DeviceStatus] = {}
    right = threading.Event()

    def take(device: str, status: DeviceStatus) -> None:
        told[device] = status
        if all(d in told and fits(told[d].health, hung[d]) for d in hung):
            right.set()

    broker, service = connection.broker, connection.devices["service"]
    account = Account(broker.host, broker.port, "proof", service.username, service.password)
    clock = Clock.parse(connection.clock)
    link = connect(
        account,
        connection.site,
        "service",
        now=clock.now,
        monotonic=clock.monotonic,
        presence=False,
        deliver=at_once,
    )
    link.follow_devices(DEVICES, take)
    link.start()
    try:
        assert right.wait(20), told
    finally:
        link.stop()
    assert health_as(BoardHealth, told["board-2"].health).media == 0


def fits(health: AnyHealth | None, wanted: BoardHealth) -> bool:
    """Return whether a board is seen and shows what is wanted."""
    told = health_as(BoardHealth, health)
    shown = (told.layout, told.media, told.counters)
    return told.exposed and shown == (wanted.layout, wanted.media, wanted.counters)
