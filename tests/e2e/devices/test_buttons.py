"""Wireless buttons on the centre's own broker: simulated ones, the bridge and the service."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bus.codec import plain

Press = Callable[[str], None]
BOX = """
[[keypads]]
device = "keypad-1"
[[keypads.call_devices]]
driver = "mqtt"
[keypads.call_devices.units]
"zigbee2mqtt:quay-3" = 3
"shelly:shellyplusi4-a8032abe54dc:0" = 4
"""


@pytest.fixture
def press(hall: Any, tmp_path: Path) -> Iterator[Press]:
    """Start the bridge and the simulator; return what presses a button."""
    box = tmp_path / "device.toml"
    box.write_text(BOX)
    hall.start("counter_caller.keypad", "keypad-1", "--device", str(box))
    broker = hall.broker
    command = [sys.executable, "-m", "appliance", "simulate-device", "buttons"]
    command += ["--host", broker.host, "--port", str(broker.port)]
    command += [
        "--user",
        "buttons",
        f"--password={broker.passwords['buttons']}",
    ]  # it may begin with "-"
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as simulator:

        def press(line: str) -> None:
            assert simulator.stdin
            simulator.stdin.write(line + "\n")
            simulator.stdin.flush()

        hall.until(lambda: "units" in health(hall))
        yield press
        press("quit")
    assert simulator.returncode == 0


def health(hall: Any) -> dict[str, Any]:
    status = hall.statuses.get("keypad-1")
    return plain(status.health) if status and status.health else {}


def test_a_push_calls_the_next_number_and_nothing_else_does(hall: Any, press: Press) -> None:
    first, second = hall.issue("CERT"), hall.issue("CERT")
    press("retained zigbee2mqtt quay-3")
    hall.until(lambda: hall.number_at(3) == first)
    press("replay")
    press("zigbee2mqtt nut-la double")
    hall.until(lambda: [one["unit"] for one in health(hall).get("pairing", [])] != [])
    assert health(hall)["pairing"][0]["unit"] == "zigbee2mqtt:nut-la"
    dropped = health(hall)["dropped"]["buttons"]
    assert (dropped["unknown_unit"], dropped["repeat"]) == (1, 3)
    assert hall.number_at(3) == first

    press("duplicate shelly shellyplusi4-a8032abe54dc 0 single")
    hall.until(lambda: hall.number_at(4) == second)
    assert hall.number_at(3) == first
    assert health(hall)["units"]["zigbee2mqtt:quay-3"]["state"] == "ready"


def test_double_calls_again_and_hold_parks(hall: Any, press: Press) -> None:
    hall.announce_at_once()
    first, second = hall.issue("CERT"), hall.issue("CERT")
    press("zigbee2mqtt quay-3")
    hall.until(lambda: hall.number_at(3) == first)
    hall.pause_for_the_hand()
    press("zigbee2mqtt quay-3 double")
    hall.until(lambda: hall.board.calls[0].repeat == 1)
    hall.pause_for_the_hand()
    press("zigbee2mqtt quay-3 hold")
    hall.until(lambda: hall.number_at(3) == second)
