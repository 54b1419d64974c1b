"""The keypad of the tests of frames."""

import pytest

from config.settings import MeterProtocol

KEYS = {"00": "", "01": "next", "02": "recall", "03": "button.hold", "31": "1", "0D": "call"}


@pytest.fixture(scope="session")
def meter() -> MeterProtocol:
    """A 21-key keypad with a display."""
    return MeterProtocol(keys=KEYS, acknowledge=0x06)
