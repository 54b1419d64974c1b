from pathlib import Path

import pytest

from appliance.plan import (
    DESIGN_HEIGHT,
    DESIGN_WIDTH,
    Desktop,
    Options,
    demonstration_device,
    programs,
)
from config.settings import (
    Device,
    KeypadBox,
    Sign,
    SignBox,
    SimulatedSpeaker,
    SoundCard,
    UsbKeypad,
)


def options(**changes: object) -> Options:
    values: dict[str, object] = {
        "config": None,
        "data": Path("var"),
        "headless": False,
        "always_open": True,
        "all_counters": False,
        "silent": False,
    }
    return Options(**{**values, **changes})  # type: ignore[arg-type]


def names(asked: Options) -> list[str]:
    device = demonstration_device(asked, list(range(1, 10)), "nhi-chieu", 8080)
    return [program.name for program in programs(device, asked, Path("device.toml"))]


def test_a_desktop_shows_kiosk_board_two_counters_and_the_tray() -> None:
    assert names(options()) == [
        "service", "kiosk", "board-1", "announcer", "counter-1", "counter-2", "web", "paper tray",
    ]  # fmt: skip


def test_without_a_screen_both_boards_run_and_no_tray() -> None:
    assert names(options(headless=True)) == [
        "service", "kiosk", "board-1", "board-2", "announcer", "counter-1", "counter-2", "web",
    ]  # fmt: skip


def test_a_second_screen_takes_the_second_board() -> None:
    assert "board-2" in names(options(screens=2))


def test_every_counter_on_request() -> None:
    counters = [name for name in names(options(all_counters=True)) if name.startswith("counter-")]
    assert counters == [f"counter-{number}" for number in range(1, 10)]


def test_where_no_sound_can_be_played_it_is_written() -> None:
    for asked, kind in ((options(), SoundCard), (options(silent=True), SimulatedSpeaker)):
        device = demonstration_device(asked, [1], "nhi-chieu", 8080)
        assert isinstance(device.announcer.speaker, kind)


def test_every_line_of_signs_has_a_process() -> None:
    signs = (Sign(counter=3, address=1),)
    device = Device(signs=(SignBox(signs=signs), SignBox(device="sign-2", signs=signs)))
    plan = programs(device, options(), Path("device.toml"))
    assert [(p.device, p.arguments[-2:]) for p in plan if p.module == "display.sign"] == [
        ("sign-1", ("--sign", "sign-1")),
        ("sign-2", ("--sign", "sign-2")),
    ]


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (1280, 720)])
def test_windows_lie_on_the_desktop_and_apart(size: tuple[int, int]) -> None:
    desktop = Desktop(*size)
    screens = (desktop.kiosk(), desktop.board(), desktop.panel(0), desktop.panel(1), desktop.tray())
    places = [screen.geometry for screen in screens if screen.geometry]
    assert len(places) == len(screens)
    for x, y, width, height in places:
        assert x >= 0
        assert y >= 0
        assert x + width <= size[0]
        assert y + height <= size[1]
    for index, (x, y, width, height) in enumerate(places):
        for other_x, other_y, other_width, other_height in places[index + 1 :]:
            apart_x = x + width <= other_x or other_x + other_width <= x
            apart_y = y + height <= other_y or other_y + other_height <= y
            assert apart_x or apart_y


def test_the_kiosk_window_is_a_portrait_screen() -> None:
    geometry = Desktop(DESIGN_WIDTH, DESIGN_HEIGHT).kiosk().geometry
    assert geometry is not None
    assert geometry[3] / geometry[2] == pytest.approx(16 / 9, rel=0.01)


def test_a_box_with_call_devices_starts_their_bridge() -> None:
    pad = UsbKeypad(path="/dev/denluot/keypad-1", counter=1)
    keypads = (KeypadBox(call_devices=(pad,)), KeypadBox(device="keypad-2"))
    started = programs(Device(keypads=keypads), options(), Path("device.toml"))
    (bridge,) = [program for program in started if program.module == "counter_caller.keypad"]
    assert (bridge.name, bridge.device) == ("keypad-1", "keypad-1")
    assert bridge.arguments[-2:] == ("--keypad", "keypad-1")
    assert not bridge.screen
