"""What every test stands on: no screen, and no warning that nobody expected."""

import gc
import logging
import os
from collections.abc import Iterator

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"

import pytest
from PySide6.QtGui import QGuiApplication

# Cyclic garbage is collected between tests, on the thread that owns the Qt objects: a bus's
# thread that collected would destroy them under Qt's feet.
gc.disable()


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    return QGuiApplication


@pytest.fixture
def expected_warnings() -> list[str]:
    """Append a part of every WARNING+ log message that the test expects."""
    return []


@pytest.fixture(autouse=True)
def _fail_on_logging(
    request: pytest.FixtureRequest, expected_warnings: list[str]
) -> Iterator[None]:
    collector = _Collector()
    logging.getLogger().addHandler(collector)
    yield
    logging.getLogger().removeHandler(collector)
    if {"qtbot", "qapp"} & set(request.fixturenames):
        gc.collect()
    messages = [record.getMessage() for record in collector.records]
    surprising = [m for m in messages if not any(part in m for part in expected_warnings)]
    assert not surprising, surprising
