import logging
from pathlib import Path

import pytest

from counter_caller.panel.windows import Layout, WindowMemory

LEFT = Layout(compact=True, window=(10, 20, 460, 690), bar=(5, 6, 460, 96))


def test_it_is_as_it_was_left(tmp_path: Path) -> None:
    memory = WindowMemory(tmp_path / "panels" / "counter-3.json")
    assert memory.recall() == Layout()
    memory.remember(LEFT)
    assert memory.recall() == LEFT
    assert [file.name for file in (tmp_path / "panels").iterdir()] == ["counter-3.json"]


def test_new_settings_win_over_memory(tmp_path: Path) -> None:
    WindowMemory(tmp_path / "x.json").remember(LEFT)
    moved = WindowMemory(tmp_path / "x.json", configured=(0, 0, 436, 500))
    assert moved.recall() == Layout(configured=(0, 0, 436, 500))
    moved.remember(LEFT)
    assert moved.recall().bar == LEFT.bar


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"bar": "left"}', b'{"bar":"\x9b"}', b"[" * 9000]
)
def test_a_broken_file_is_forgotten(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(content)
    assert WindowMemory(file).recall() == Layout()


def test_a_disk_that_refuses_is_no_reason_to_stop(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "panels").write_text("a file where the directory should be")
    memory = WindowMemory(tmp_path / "panels" / "x.json")
    with caplog.at_level(logging.INFO):
        memory.remember(LEFT)
    assert "not kept" in caplog.text
    assert memory.recall() == Layout()
