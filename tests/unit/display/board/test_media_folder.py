import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from display.board.media_show import MediaFolder, Medium, Stock


def fill(directory: Path, names: Iterable[str]) -> None:
    for name in names:
        (directory / name).write_bytes(b"x")


def shown(folder: MediaFolder, count: int) -> list[str]:
    names, medium = [], None
    for _ in range(count):
        medium = folder.after(medium)
        names.append(medium.file.name if medium else "")
    return names


def test_files_take_turns_in_the_order_of_their_names(tmp_path: Path) -> None:
    fill(tmp_path, ["b.JPG", "a.png", "c.mp4", ".hidden.png"])
    (tmp_path / "d.png").mkdir()
    folder = MediaFolder(tmp_path, videos=True)
    assert shown(folder, 4) == ["a.png", "b.JPG", "c.mp4", "a.png"]
    assert folder.stock == Stock(ready=3)


def test_without_videos_those_are_counted_and_skipped(tmp_path: Path) -> None:
    fill(tmp_path, ["a.png", "b.mp4", "c.webm"])
    folder = MediaFolder(tmp_path, videos=False)
    assert shown(folder, 2) == ["a.png", "a.png"]
    assert folder.stock == Stock(ready=1, videos_skipped=2)


def test_the_folder_is_read_anew_at_every_step(tmp_path: Path) -> None:
    fill(tmp_path, ["a.png", "c.png"])
    folder = MediaFolder(tmp_path, videos=True)
    first = folder.after(None)
    (tmp_path / "a.png").unlink()
    fill(tmp_path, ["b.png"])
    second = folder.after(first)
    assert second
    assert second.file.name == "b.png"
    for file in tmp_path.iterdir():
        file.unlink()
    assert folder.after(second) is None
    assert folder.stock == Stock()


def test_a_broken_file_is_left_out_until_it_is_replaced(
    tmp_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings.append("media file not readable")
    fill(tmp_path, ["a.png", "b.png", "slides.pptx"])
    folder = MediaFolder(tmp_path, videos=True)
    broken = folder.after(None)
    assert broken
    folder.spoil(broken)
    assert shown(folder, 2) == ["b.png", "b.png"]
    assert folder.stock == Stock(ready=1, broken=2)
    later = broken.changed_ns + 1_000_000_000
    os.utime(broken.file, ns=(later, later))
    assert folder.after(None) == Medium(broken.file, later, video=False)
    assert folder.stock == Stock(ready=2, broken=1)


@pytest.mark.parametrize("kind", ["missing", "file"])
def test_a_folder_that_is_none_is_told_once(
    kind: str, tmp_path: Path, expected_warnings: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    expected_warnings.append("media folder not readable")
    place = tmp_path / "media"
    if kind == "file":
        place.write_bytes(b"")
    folder = MediaFolder(place, videos=True)
    assert shown(folder, 3) == ["", "", ""]
    assert folder.stock == Stock(found=False)
    assert len(caplog.records) == 1
    if kind == "missing":
        place.mkdir()
        fill(place, ["a.png"])
        assert shown(folder, 1) == ["a.png"]
        assert folder.stock.found
