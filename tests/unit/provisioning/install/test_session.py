"""Tests of where touch lands on a machine with several screens."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from config.settings import Screen
from provisioning.install.session import keep_touch_on, kiosk_screen, output_of, touch_screens
from provisioning.layout import Layout

MONITORS = """\
Monitors: 2
 0: +*HDMI-1 1920/531x1080/299+0+0  HDMI-1
 1: +DP-1 1080/299x1920/531+1920+0  DP-1
"""
DEVICES = """\
⎡ Virtual core pointer                    	id=2	[master pointer  (3)]
	Reporting 2 classes:
		Class originated from: 12. Type: XITouchClass
		Touch mode: direct
⎜   ↳ eGalax Inc. eGalaxTouch EXC3188         	id=12	[slave  pointer  (2)]
	Reporting 4 classes:
		Class originated from: 12. Type: XIButtonClass
		Class originated from: 12. Type: XITouchClass
		Touch mode: direct
		Max number of touches: 10
⎜   ↳ SynPS/2 Synaptics TouchPad              	id=13	[slave  pointer  (2)]
	Reporting 3 classes:
		Class originated from: 13. Type: XITouchClass
		Touch mode: dependent
⎣ Virtual core keyboard                   	id=3	[master keyboard (2)]
	Reporting 1 classes:
		Class originated from: 3. Type: XIKeyClass
∼ Old panel                                 	id=15	[floating slave]
		Touch mode: direct
"""


class Display:
    """X11's programs; `calls` are those that change something."""

    def __init__(self, monitors: str = MONITORS, devices: str = DEVICES) -> None:
        self.says = {"xrandr": monitors, "xinput list": devices}
        self.calls: list[Sequence[str]] = []

    def ask(self, arguments: Sequence[str]) -> str:
        for begin, says in self.says.items():
            if " ".join(arguments).startswith(begin):
                return says
        self.calls.append(arguments)
        return ""


def test_touch_screens_are_found_and_touch_pads_are_none() -> None:
    assert list(touch_screens(DEVICES)) == ["12"]
    assert list(touch_screens("")) == []


@pytest.mark.parametrize(
    ("screen", "output"),
    [(0, "HDMI-1"), (1, "DP-1"), ("DP-1", "DP-1"), (2, None), ("DP-2", None)],
)
def test_a_screen_has_the_name_that_x11_gives_it(screen: int | str, output: str | None) -> None:
    assert output_of(Screen(screen=screen), MONITORS) == output


def test_touch_lands_on_the_kiosk_again_when_it_was_plugged_out() -> None:
    display = Display()
    keep_touch_on(Screen(screen=1), ["UDEV add input12", "UDEV add event7"], display.ask)
    assert display.calls == [("xinput", "map-to-output", "12", "DP-1")] * 3


def test_without_its_screen_touch_stays_where_it_is(expected_warnings: list[str]) -> None:
    expected_warnings.append("no screen for the touch")
    display = Display(monitors="")
    keep_touch_on(Screen(screen=1), [], display.ask)
    assert display.calls == []


def test_only_a_kiosk_is_touched(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.settings.mkdir(parents=True)
    layout.device_file.write_text('boards = []\n[kiosk.screen]\nscreen = "DP-1"\n')
    assert kiosk_screen(layout, layout.device_file) is None
    layout.role_file.write_text("board\n")
    assert kiosk_screen(layout, layout.device_file) is None
    layout.role_file.write_text("all\n")
    assert kiosk_screen(layout, layout.device_file) == Screen(screen="DP-1")
