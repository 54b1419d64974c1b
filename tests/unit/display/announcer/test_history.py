from pathlib import Path

import pytest

from display.announcer.history import History, load_history, save_history


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "announcer" / "announcer-1.json"
    for history in (History("01EPOCH", (1, 2), 0.4), History("02EPOCH", (1,))):
        save_history(path, history)
        assert load_history(path) == history
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_without_a_file_nothing_was_spoken(tmp_path: Path) -> None:
    assert load_history(tmp_path / "none.json") == History()


BROKEN = [b"", b"{", b'{"epoch": 3}', b'{"volume": 9}', b"\xff", b'{"epoch":"\x9b"}', b"[" * 9000]


@pytest.mark.parametrize("content", BROKEN)
def test_a_damaged_file_starts_anew(
    tmp_path: Path, content: bytes, expected_warnings: list[str]
) -> None:
    expected_warnings.append("history unreadable")
    path = tmp_path / "announcer-1.json"
    path.write_bytes(content)
    assert load_history(path) == History()
    save_history(path, History("01EPOCH", (5,)))
    assert load_history(path).settled == (5,)
