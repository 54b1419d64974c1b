"""What a board costs in each layout while its bottom line runs."""

from pathlib import Path

from PIL import Image

from benchmarks.resources import processes
from bus.broker import free_port
from config import load_centre
from config.load import BUILT_IN_CENTRE

_PAIRS = (("calls", "calls+media"), ("grid", "portrait"))
_TOO_LONG = "Hệ thống của thành phố đang chậm, mong quý vị thông cảm. " * 4
_BOX = """\
panels = []
announcer.speaker = {{ driver = "simulated" }}
web.port = {port}
"""
_BOARD = """
[[boards]]
device = "board-{number}"
layout = "{layout}"
media = {{ folder = "{folder}", seconds = 5 }}
screen = {{ mode = "window", geometry = [0, 0, {width}, {height}] }}
"""


def boards_with_marquee(directory: Path) -> dict[str, tuple[float, float]]:
    """Return PSS in MB and per cent of one core of a board, by layout."""
    folder = directory / "media"
    folder.mkdir()
    for number in range(2):
        Image.effect_noise((1920, 1080), 60).save(folder / f"{number}.png")
    centre = directory / "centre.toml"
    short = load_centre().wording.marquee.vi
    centre.write_text(BUILT_IN_CENTRE.read_text().replace(f'"{short}"', f'"{_TOO_LONG}"'))
    found: dict[str, tuple[float, float]] = {}
    for pair in _PAIRS:
        box = directory / "box.toml"
        box.write_text(_box(pair, folder))
        options = ("--always-open", "--config", str(centre), "--device", str(box))
        measured = processes(directory, *options)
        for number, layout in enumerate(pair, start=1):
            found[layout] = measured[f"display.board board-{number}"]
    return found


def _box(layouts: tuple[str, str], folder: Path) -> str:
    text = _BOX.format(port=free_port())
    for number, layout in enumerate(layouts, start=1):
        width, height = (1080, 1920) if layout == "portrait" else (1920, 1080)
        text += _BOARD.format(
            number=number, layout=layout, folder=folder, width=width, height=height
        )
    return text
