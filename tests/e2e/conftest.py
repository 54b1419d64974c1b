"""A centre of real processes, with what ends it."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.e2e.booth import Centre


@pytest.fixture
def ending() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def centre(qapp: QGuiApplication, qtbot: QtBot, tmp_path: Path, ending: ExitStack) -> Centre:
    assert qapp
    return Centre(tmp_path, qtbot, ending)
