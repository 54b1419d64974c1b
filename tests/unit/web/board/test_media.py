from pathlib import Path

import pytest

from config.settings import BoardMedia
from web.board.media import MOST_BYTES, MediaShelf, Pictures


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.PNG", "a.jpg", "c.mp4", "d.svg", ".hidden.png", "notes.txt"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "directory.png").mkdir()
    (tmp_path / "elsewhere.png").symlink_to("/etc/passwd")
    (tmp_path / "gone.png").symlink_to("/nowhere")
    with (tmp_path / "huge.png").open("wb") as huge:
        huge.truncate(MOST_BYTES + 1)
    return tmp_path


def test_only_pictures_of_the_folder_that_a_television_can_bear(folder: Path) -> None:
    shelf = MediaShelf(BoardMedia(folder=str(folder), seconds=5))
    told = shelf.pictures()
    assert told.seconds == 5
    assert [file.name for file in told.files] == ["a.jpg", "b.PNG"]
    assert shelf.find("a.jpg") == folder / "a.jpg"
    for name in ("huge.png", "elsewhere.png", "notes.txt", "../a.jpg", "", ".", "c.mp4"):
        assert shelf.find(name) is None


def test_a_changed_file_is_another_version(folder: Path) -> None:
    shelf = MediaShelf(BoardMedia(folder=str(folder)))
    before = shelf.pictures().files
    (folder / "b.PNG").unlink()
    (folder / "a.jpg").touch()
    (file,) = shelf.pictures().files
    assert (file.name, file.version != before[0].version) == ("a.jpg", True)


@pytest.mark.parametrize("folder", ["", "/nowhere"])
def test_without_a_folder_there_is_nothing(folder: str) -> None:
    shelf = MediaShelf(BoardMedia(folder=folder))
    assert shelf.pictures() == Pictures(12.0)
    assert shelf.find("a.jpg") is None
