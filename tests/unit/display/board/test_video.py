"""Videos: skipped without the extra, played with it (the tests of that run where it is there)."""

import struct
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from display.board.video import VideoPlayer, video_player

EXTRA = find_spec("PySide6.QtMultimedia") is not None
ROOM = QSize(100, 300)
needs_extra = pytest.mark.skipif(not EXTRA, reason="the extra `video` is not installed")


@pytest.mark.skipif(EXTRA, reason="the extra `video` is installed")
def test_without_the_extra_there_is_no_player(qapp: QGuiApplication) -> None:
    assert qapp
    parent = QObject()
    assert video_player(parent, heard=True) is None


@pytest.fixture
def player(qapp: QGuiApplication) -> VideoPlayer:
    player = video_player(qapp, heard=True)
    assert player
    return player


@needs_extra
@pytest.mark.qt_log_ignore("RHI", "pipewire", "PulseAudio")
def test_a_video_is_played_frame_by_frame_to_its_end(
    player: VideoPlayer, qtbot: QtBot, tmp_path: Path
) -> None:
    frames: list[QImage] = []
    player.framed.connect(frames.append)
    player.duck(down=True)
    with qtbot.waitSignal(player.ended, timeout=10_000) as ended:
        player.play(film(tmp_path / "a.avi", frames=25), ROOM)
    assert ended.args == [True]
    assert 8 <= len(frames) <= 14
    assert {frame.size() for frame in frames} == {QSize(100, 50)}
    player.stop()


@needs_extra
@pytest.mark.qt_log_ignore("Could not open media")
def test_what_is_no_video_ends_unseen(player: VideoPlayer, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "a.mp4"
    file.write_bytes(b"no video")
    with qtbot.waitSignal(player.ended, timeout=10_000) as ended:
        player.play(file, ROOM)
    assert ended.args == [False]


def film(file: Path, frames: int) -> Path:
    """Write a motion-JPEG film of 320 × 160 pixels, 25 frames a second (RIFF AVI 1.0)."""
    picture = BytesIO()
    Image.new("RGB", (320, 160), "white").save(picture, "JPEG")
    frame = chunk(b"00dc", picture.getvalue())
    main = struct.pack("<14I", 40_000, 0, 0, 0x10, frames, 0, 1, 0, 320, 160, 0, 0, 0, 0)
    stream = struct.pack("<4s4sI2H8I4H", b"vids", b"MJPG", *[0] * 4, 1, 25, 0, frames, *[0] * 7)
    form = struct.pack("<I2i2H4sI2i2I", 40, 320, 160, 1, 24, b"MJPG", 0, 0, 0, 0, 0)
    streams = listed(b"strl", chunk(b"strh", stream) + chunk(b"strf", form))
    body = listed(b"hdrl", chunk(b"avih", main) + streams) + listed(b"movi", frame * frames)
    file.write_bytes(chunk(b"RIFF", b"AVI " + body))
    return file


def listed(kind: bytes, content: bytes) -> bytes:
    return chunk(b"LIST", kind + content)


def chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
