import re
from datetime import date
from pathlib import Path

import pytest

from config import (
    BUILT_IN_CENTRE,
    ConfigError,
    centre_from_wire,
    centre_to_wire,
    load_centre,
    load_device,
)


def loud(*volumes: str) -> str:
    spans = (f'{{ hours = "07:00-08:00", volume = {volume} }}' for volume in volumes)
    return f"volumes = [{', '.join(spans)}]"


@pytest.fixture
def changed(tmp_path: Path) -> "Changed":
    return Changed(tmp_path / "centre.toml")


class Changed:
    """The built-in centre with one text replaced, written to a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, old: str, new: str) -> Path:
        text = BUILT_IN_CENTRE.read_text()
        assert old in text
        self.path.write_text(text.replace(old, new, 1))
        return self.path


def test_the_built_in_centre_has_nine_services_and_nine_counters() -> None:
    centre = load_centre()
    assert [service.digit for service in centre.services] == list(range(1, 10))
    assert [counter.number for counter in centre.counters] == list(range(1, 10))
    assert list(centre.counter(9).serves) == ["HELP"]
    assert centre.number_text("CIVIL", 5) == "2005"
    assert centre.classes["priority"].head_start_min == 30


def test_letter_numbers_are_one_line_and_a_letter_each(changed: Changed) -> None:
    path = changed('style = "digits"', 'style = "letter"')
    with pytest.raises(ConfigError, match=r"letter"):
        load_centre(path)
    text = path.read_text()
    for index, letter in enumerate("ABCEGHKLN", start=1):
        text = text.replace(f"digit = {index}\n", f'digit = {index}\nletter = "{letter}"\n')
    path.write_text(text)
    assert load_centre(path).number_text("CERT", 5) == "A005"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("hotline =", "hotlines =", "unknown field `hotlines` - at `$.identity`"),
        ("digit = 2", 'digit = "two"', "Expected `int`, got `str` - at `$.services[1].digit`"),
        ("digit = 2", "digit = 1", "digit 1 is already that of services[0] - at $.services[1]"),
        ("LAND = 0 }", "LANDS = 0 }", "no service 'LANDS'; there are CERT"),
        ("LAND = 0 }", "TAX = 0 }", "no counter serves LAND - at $.services[4].code"),
        ('mon = ["07:30-11:30"', 'mon = ["11:30-07:30"', "hours end before they begin"),
        ('mon = ["07:30-11:30"', 'mon = ["7h30"', "expected hours such as 07:30-11:30, got '7h30'"),
        ('"13:30-17:00"]\ntue', '"11:00-17:00"]\ntue', "begins before 07:30-11:30 ends"),
        ("number = 9\n", "number = 8\n", "number 8 is already that of counters[7]"),
        ("last = 949", "last = 9490", "needs first <= last <= 999 - at $.numbering.books[0]"),
        ('kiosk = "kiosk-1", first', 'kiosk = "kiosk-7", first', "there is no kiosk 'kiosk-7'"),
        ("counters = [9]", "counters = [77]", "there is no counter 77 - at $.devices[12].counters"),
        (
            'public_url = ""',
            'public_url = "http://127.0.0.1:8080"',
            "this machine itself, on a phone the phone",
        ),
        ('public_url = ""', 'public_url = "kiosk"', "- at $.identity.public_url"),
        ('icon = "stamp"', 'icon = "stamp"\npaper = []', "unknown field `paper`"),
        ('"Asia/Ho_Chi_Minh"', '"Asia/Haiphong"', "unknown time zone 'Asia/Haiphong'"),
        ("[hours]", "[hours", "Invalid"),
        ("quiet = []", 'quiet = ["13:30-11:30"]', "hours end before they begin"),
        ("quiet = []", 'quiet = ["noon"]', "got 'noon' - at $.voice.quiet[0]"),
        ("volumes = []", loud("0"), "Expected `float` > 0.0 - at `$.voice.volumes[0].volume`"),
        ("volumes = []", loud("1", "0.5"), "07:00-08:00 overlaps 07:00-08:00 - at $.voice.volumes"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_and_path(
    changed: Changed, old: str, new: str, complaint: str
) -> None:
    path = changed(old, new)
    with pytest.raises(ConfigError) as caught:
        load_centre(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    assert complaint in message or complaint == "Invalid"


def test_a_missing_file_and_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere.toml: cannot be read"):
        load_centre(tmp_path / "nowhere.toml")
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"binary\.toml: "):
        load_centre(binary)


def test_the_wire_carries_the_centre_and_tolerates_a_newer_one() -> None:
    centre = load_centre()
    wire = centre_to_wire(centre)
    wire["novelty"] = {"a": 1}
    wire["services"][0]["novelty"] = 7
    wire["identity"]["name"]["fr"] = "Centre"
    assert centre_from_wire(wire) == centre
    del wire["identity"]
    with pytest.raises(ConfigError, match="state/config: "):
        centre_from_wire(wire)


def test_holidays_close_the_day() -> None:
    hours = load_centre().hours
    assert [str(window) for window in hours.on(date(2026, 11, 23))] == [
        "07:30-11:30",
        "13:30-17:00",
    ]
    assert hours.on(date(2026, 11, 22)) == ()
    assert hours.on(date(2026, 9, 2)) == ()


def test_a_box_needs_a_device_of_its_own_for_each_screen(tmp_path: Path) -> None:
    path = tmp_path / "device.toml"
    path.write_text('boards = [{ device = "board-1" }, { device = "board-1" }]')
    with pytest.raises(ConfigError, match="device 'board-1' is given twice"):
        load_device(path)
    path.write_text('[kiosk]\nprinters = [{ driver = "network", host = "10.0.0.9" }]')
    assert load_device(path).kiosk.printers[0].name == "network"
    path.write_text('[kiosk]\nprinters = [{ driver = "simulated" }, { driver = "simulated" }]')
    with pytest.raises(ConfigError, match=r"name 'simulated' is already .*printers\[1\]\.name"):
        load_device(path)
    path.write_text('[kiosk]\nprinters = [{ driver = "telex" }]')
    with pytest.raises(ConfigError, match=r"Invalid value 'telex' - at `\$\.kiosk\.printers"):
        load_device(path)


KEYPADS = """
[[keypads]]
device = "keypad-1"

[[keypads.call_devices]]
driver = "serial"
url = "/dev/serial/by-id/usb-rs485"
units = [{ address = 1, counter = 1 }, { address = 2, counter = 2 }]

[[keypads.call_devices]]
driver = "usb"
path = "/dev/denluot/keypad-3"
counter = 3
"""


def test_a_box_may_have_several_call_devices(tmp_path: Path) -> None:
    path = tmp_path / "device.toml"
    path.write_text(KEYPADS)
    (box,) = load_device(path).keypads
    assert [device.name for device in box.call_devices] == ["line", "numpad"]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("address = 2", "address = 1", "address 1 is already that of units[0]"),
        ('driver = "usb"', 'driver = "usb"\nname = "line"', "name 'line' is already that of"),
        ('driver = "usb"', 'driver = "usb"\nname = "line-2"', "name 'line-2' is already that"),
        ("address = 2", "address = 256", "<= 255"),
        ('driver = "usb"', 'driver = "ps2"', "Invalid value 'ps2'"),
        ("counter = 3", 'counter = 3\nactions = { enter = "dance" }', "Invalid enum value 'dance'"),
    ],
)
def test_wrong_call_devices_are_named(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    path = tmp_path / "device.toml"
    path.write_text(KEYPADS.replace(old, new, 1))
    with pytest.raises(ConfigError, match=re.escape(complaint)):
        load_device(path)


def test_a_board_s_layout_is_one_of_those_that_there_are(tmp_path: Path) -> None:
    path = tmp_path / "device.toml"
    path.write_text('[[boards]]\ndevice = "board-1"\nlayout = "calls+media"\nmedia.folder = "/m"')
    (board,) = load_device(path).boards
    assert (board.layout, board.media.folder, board.media.sound) == ("calls+media", "/m", "muted")
    path.write_text('[[boards]]\ndevice = "board-1"\nlayout = "video"')
    with pytest.raises(
        ConfigError, match=r"Invalid enum value 'video' - at `\$\.boards\[0\].layout"
    ):
        load_device(path)
    path.write_text('[[boards]]\ndevice = "board-1"\nlayout = "calls+media"')
    with pytest.raises(
        ConfigError, match=r"calls\+media needs a folder - at \$\.boards\[0\]\.media"
    ):
        load_device(path)


def test_a_board_stands_in_for_others(tmp_path: Path) -> None:
    path = tmp_path / "device.toml"
    path.write_text('[[boards]]\ndevice = "board-1"\nstands_in_for = ["board-1"]')
    with pytest.raises(ConfigError, match=r"cannot stand in for itself - at \$\.boards\[0\]"):
        load_device(path)


FRAME = """
[[keypads]]
[[keypads.call_devices]]
driver = "serial"
url = "/dev/ttyUSB0"
units = [{ address = 1, counter = 1 }]
[keypads.call_devices.protocol]
kind = "meter"
keys = { "01" = "next" }
"""


def test_a_frame_is_described_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "device.toml"
    path.write_text(FRAME)
    (choice,) = load_device(path).keypads[0].call_devices
    assert choice.unit_names == {"line-1": 1}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"next"', '"next.twice"', "Expected `str` matching regex"),
        ('"01" =', '"1" =', "Expected `str` matching regex"),
        ('{ "01" = "next" }', "{}", "Expected `object` of length >= 1"),
        ('kind = "meter"', 'kind = "frame"', "Invalid value 'frame'"),
        ("keys", "press = 256\nkeys", "Expected `int` <= 255"),
        ('"serial"\n', '"serial"\nname = "x y"\n', "Expected `str` matching regex"),
    ],
)
def test_a_frame_that_cannot_be_is_named(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    path = tmp_path / "device.toml"
    path.write_text(FRAME.replace(old, new, 1))
    with pytest.raises(ConfigError, match=re.escape(complaint)):
        load_device(path)


@pytest.mark.parametrize("name", ["zigbee2mqtt:a/b", "tasmota:nut:1", "shelly:shellyplusi4-1:0"])
def test_a_button_is_named_by_family_device_and_button(name: str, tmp_path: Path) -> None:
    path = tmp_path / "device.toml"
    text = '[[keypads]]\n[[keypads.call_devices]]\ndriver = "mqtt"\nunits = {{ "{}" = 3 }}\n'
    path.write_text(text.format(name))
    (choice,) = load_device(path).keypads[0].call_devices
    assert choice.unit_names == {name: 3}
    for wrong in ("knx:a", "zigbee2mqtt:", "tasmota:a:b:c", "shelly:+"):
        path.write_text(text.format(wrong))
        with pytest.raises(ConfigError, match=r"matching regex|'knx:a' is of no known family"):
            load_device(path)


def test_a_pack_is_of_a_language_of_the_hall(tmp_path: Path) -> None:
    path = tmp_path / "device.toml"
    path.write_text('[announcer.packs]\nvi = "packs/lan"')
    assert load_device(path).announcer.packs == {"vi": "packs/lan"}
    path.write_text('[announcer.packs]\nvn = "packs/lan"')
    with pytest.raises(ConfigError, match="Invalid enum value 'vn'"):
        load_device(path)
