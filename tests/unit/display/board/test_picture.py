from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QObject, QSize, Slot
from PySide6.QtGui import QColor, QGuiApplication, QImage, QImageReader
from pytestqt.qtbot import QtBot

from display.board.picture import PictureReader, read_picture

ROOM = QSize(500, 800)
WIDE, TURNED = (1600, 900), 6
"""An EXIF orientation: the camera was held upright."""


def picture(file: Path, size: tuple[int, int] = WIDE, orientation: int = 1) -> Path:
    """Write a picture whose upper half is red as the camera saw it."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0], size[1] // 2))
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.save(file, exif=exif)
    return file


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".bmp", ".tiff", ".gif"])
def test_a_picture_is_no_larger_than_its_room(suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"a{suffix}"
    Image.new("RGB", WIDE, "white").save(file)
    assert read_picture(file, ROOM).size() == QSize(500, 281)


def test_a_small_picture_stays_as_it_is(tmp_path: Path) -> None:
    assert read_picture(picture(tmp_path / "a.png", (40, 30)), ROOM).size() == QSize(40, 30)


def test_a_picture_stands_as_the_camera_was_held(tmp_path: Path) -> None:
    image = read_picture(picture(tmp_path / "a.jpg", orientation=TURNED), ROOM)
    assert image.size() == QSize(450, 800)
    red = QColor("red")
    right, left = image.pixelColor(440, 400), image.pixelColor(10, 400)
    assert abs(right.green() - red.green()) < 10
    assert left.green() > 245


def test_the_name_s_ending_may_be_wrong(tmp_path: Path) -> None:
    file = picture(tmp_path / "a.png").rename(tmp_path / "a.jpg")
    assert not read_picture(file, ROOM).isNull()


@pytest.mark.parametrize("kind", ["empty", "text", "cut", "gone"])
def test_what_cannot_be_read_is_no_picture(kind: str, tmp_path: Path) -> None:
    file = picture(tmp_path / "a.bmp")
    whole = file.read_bytes()
    file.write_bytes({"empty": b"", "text": b"hello", "cut": whole[:40], "gone": whole}[kind])
    if kind == "gone":
        file.unlink()
    assert read_picture(file, ROOM).isNull()


class Taker(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.taken: list[tuple[str, bool]] = []

    @Slot(object, QImage)
    def take(self, file: Path, image: QImage) -> None:
        self.taken.append((file.name, image.isNull()))


@pytest.mark.qt_log_ignore("Rejecting image")
def test_pictures_come_one_after_the_other_and_too_large_ones_not_at_all(
    qapp: QGuiApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    assert qapp
    before = QImageReader.allocationLimit()
    taker = Taker()
    reader = PictureReader(taker.take, taker)
    Image.new("RGB", (5000, 5000)).save(tmp_path / "huge.png")
    Image.new("RGB", (8000, 5000)).save(tmp_path / "photo.jpg")
    for name in ("photo.jpg", "huge.png"):
        reader.ask(tmp_path / name, ROOM)
    qtbot.waitUntil(lambda: len(taker.taken) == 2, timeout=60000)
    assert taker.taken == [("photo.jpg", False), ("huge.png", True)]
    reader.stop()
    QImageReader.setAllocationLimit(before)
