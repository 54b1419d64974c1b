from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from kiosk.tray.tray import PaperTray
from ui.application import Application, find_item


@pytest.fixture
def application(qapp: QGuiApplication) -> Iterator[Application]:
    assert qapp
    application = Application("test", {})
    yield application
    application.close()


def paper(directory: Path, number: str, shade: int) -> None:
    day = directory / "2026-11-23"
    day.mkdir(parents=True, exist_ok=True)
    Image.new("L", (576, 300), shade).save(day / f"{number}.png")


def test_a_new_paper_appears_on_top(application: Application, tmp_path: Path, qtbot: QtBot) -> None:
    tray = PaperTray(tmp_path)
    window = application.load("kiosk.tray", "Tray", tray=tray)
    window.resize(400, 800)
    window.show()
    qtbot.waitUntil(window.isExposed)
    assert tray.papers == []
    paper(tmp_path, "2001", 0)
    qtbot.waitUntil(lambda: [path.stem for path in tray.papers] == ["2001"])
    for number in ("2002", "2003", "2004"):
        paper(tmp_path, number, 40)
    qtbot.waitUntil(lambda: [p.stem for p in tray.papers] == ["2004", "2003", "2002"])
    papers = find_item(window, "papers")
    assert papers is not None
    qtbot.waitUntil(lambda: window.grabWindow().pixelColor(200, 100).name() == "#282828")
    window.close()
