"""What the media pane shows, with a player of videos that only pretends."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image
from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from config.settings import BoardMedia
from display.board.media_show import MediaShow
from display.board.video import VideoPlayer

MakeShow = Callable[..., MediaShow]


class FakePlayer(VideoPlayer):
    """A player without a video library: the test plays the frames."""

    def __init__(self, parent: QObject, *, heard: bool) -> None:
        QObject.__init__(self, parent)
        self.heard = heard
        self.played: list[str] = []
        self.stopped = 0
        self.ducked: list[bool] = []

    def play(self, file: Path, room: QSize) -> None:
        assert room.isValid()
        self.played.append(file.name)

    def duck(self, *, down: bool) -> None:
        self.ducked.append(down)

    def stop(self) -> None:
        self.stopped += 1


@pytest.fixture
def players() -> list[FakePlayer]:
    return []


@pytest.fixture
def show(qapp: QGuiApplication, tmp_path: Path, players: list[FakePlayer]) -> Iterator[MakeShow]:
    """Return a function that starts a show of the test's directory, `videos` or not."""
    assert qapp
    shows: list[MediaShow] = []

    def player(parent: QObject, *, heard: bool) -> FakePlayer:
        players.append(FakePlayer(parent, heard=heard))
        return players[-1]

    def make(*, videos: bool = False, seconds: float = 0.05, **more: object) -> MediaShow:
        media = replace(BoardMedia(folder=str(tmp_path)), seconds=seconds, **more)
        made = MediaShow(media, player if videos else no_player)
        shows.append(made)
        made.start()
        return made

    def no_player(parent: QObject, *, heard: bool) -> None:
        assert parent
        assert not heard

    yield make
    for made in shows:
        made.stop()


def picture(file: Path, width: int) -> None:
    Image.new("RGB", (width, 50), "white").save(file)


def widths(show: MediaShow) -> list[int]:
    """Return a list that grows by the width of every picture that is shown."""
    seen: list[int] = []
    show.pictured.connect(lambda: seen.append(image_of(show).width()))
    return seen


def image_of(show: MediaShow) -> QImage:
    image = show.property("image")
    assert isinstance(image, QImage)
    return image


def test_nothing_is_shown_without_settings() -> None:
    show = MediaShow()
    show.start()
    assert not show.shown
    assert (show.stock, show.note) == (None, None)
    show.stop()


def test_pictures_take_turns_and_broken_ones_are_skipped(
    show: MakeShow, tmp_path: Path, qtbot: QtBot, expected_warnings: list[str]
) -> None:
    expected_warnings.append("media file not readable")
    picture(tmp_path / "a.png", 10)
    (tmp_path / "b.png").write_bytes(b"broken")
    picture(tmp_path / "c.png", 30)
    made = show()
    seen = widths(made)
    qtbot.waitUntil(lambda: len(seen) >= 4)
    assert seen[:4] == [10, 30, 10, 30]
    assert told(made) == (2, 1, None)


def test_a_picture_alone_stands_still(show: MakeShow, tmp_path: Path, qtbot: QtBot) -> None:
    picture(tmp_path / "a.png", 10)
    made = show()
    seen = widths(made)
    qtbot.wait(300)
    assert seen == [10]


def test_no_picture_changes_while_a_call_is_new(
    show: MakeShow, tmp_path: Path, qtbot: QtBot
) -> None:
    picture(tmp_path / "a.png", 10)
    picture(tmp_path / "b.png", 20)
    made = show()
    made.call(True)
    seen = widths(made)
    qtbot.wait(300)
    assert seen == [10]
    made.call(False)
    qtbot.waitUntil(lambda: seen[:2] == [10, 20])


def test_an_empty_folder_leaves_the_whole_screen_to_the_calls(
    show: MakeShow, tmp_path: Path, qtbot: QtBot
) -> None:
    picture(tmp_path / "a.png", 10)
    made = show()
    qtbot.waitUntil(lambda: bool(made.property("available")))
    (tmp_path / "a.png").unlink()
    qtbot.waitUntil(lambda: not made.property("available"))
    assert told(made) == (0, 0, None)


def test_a_missing_folder_is_told_in_health(
    show: MakeShow, tmp_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings.append("media folder not readable")
    made = show(folder=str(tmp_path / "nowhere"))
    assert made.note == "folder not found"


def test_without_the_extra_videos_are_skipped_and_health_says_what_to_install(
    show: MakeShow, tmp_path: Path, qtbot: QtBot
) -> None:
    picture(tmp_path / "a.png", 10)
    (tmp_path / "b.mp4").write_bytes(b"")
    made = show()
    qtbot.waitUntil(lambda: made.shown)
    assert told(made) == (1, 0, "videos skipped: 1; .venv/bin/pip install -e '.[video]'")


def test_a_video_plays_to_its_end_lowered_while_a_call_is_new(
    show: MakeShow, tmp_path: Path, qtbot: QtBot, players: list[FakePlayer]
) -> None:
    picture(tmp_path / "a.png", 10)
    (tmp_path / "b.mp4").write_bytes(b"")
    made = show(videos=True, sound="ducked")
    (player,) = players
    frames: list[int] = []
    made.framed.connect(lambda: frames.append(image_of(made).width()))
    qtbot.waitUntil(lambda: player.played == ["b.mp4"])
    player.framed.emit(QImage(77, 40, QImage.Format.Format_RGB32))
    assert frames == [77]
    made.call(True)
    made.call(False)
    assert (player.heard, player.ducked) == (True, [True, False])
    seen = widths(made)
    player.ended.emit(True)
    qtbot.waitUntil(lambda: seen == [10])
    assert player.stopped


def test_a_video_that_cannot_be_played_is_broken(
    show: MakeShow,
    tmp_path: Path,
    qtbot: QtBot,
    players: list[FakePlayer],
    expected_warnings: list[str],
) -> None:
    expected_warnings.append("media file not readable")
    (tmp_path / "b.mp4").write_bytes(b"")
    made = show(videos=True)
    (player,) = players
    assert not player.heard
    player.ended.emit(False)
    qtbot.waitUntil(lambda: told(made)[1] == 1)
    assert told(made) == (0, 1, None)
    assert not made.shown


def told(show: MediaShow) -> tuple[int, int, str | None]:
    """Return how many are ready and broken, and what is to be done."""
    return (show.stock.ready, show.stock.broken, show.note) if show.stock else (0, 0, show.note)
