"""What docs/hardware.md tells people to write into device.toml can be read."""

import re
from pathlib import Path

from config import load_device
from config.settings import MeterProtocol, SerialKeypads
from hardware.keypad.meter_codec import MeterCodec

PAGE = Path(__file__).parents[4] / "docs" / "hardware.md"
LINE = """
[[keypads]]
[[keypads.call_devices]]
driver = "serial"
url = "/dev/ttyUSB0"
polling = {}
units = [{ address = 3, counter = 3 }]
"""


def test_the_examples_are_settings(tmp_path: Path) -> None:
    section = PAGE.read_text().partition("## Call keypads")[2].partition("\n## ")[0]
    box, frames = re.findall(r"```toml\n(.*?)```", section, re.DOTALL)
    path = tmp_path / "device.toml"
    path.write_text(box)
    line, pad = load_device(path).keypads[0].call_devices
    assert line.unit_names | pad.unit_names == {"line-1": 1, "line-3": 3, "numpad": 4}
    path.write_text(LINE + frames)
    (line,) = load_device(path).keypads[0].call_devices
    assert isinstance(line, SerialKeypads)
    assert isinstance(line.protocol, MeterProtocol)
    press = bytes.fromhex("FF 68 03 03 68 03 01 0A 0E 16")
    assert [heard.key for heard in MeterCodec(line.protocol).feed(press, 1.0)] == ["next"]
