from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bus.health import printer_trouble


def printers(*states: str) -> dict[str, Any]:
    return {f"printer-{n}": {"state": state} for n, state in enumerate(states)}


@pytest.mark.parametrize(
    ("health", "trouble"),
    [
        ({}, None),
        ({"printer": "ready"}, None),
        ({"printer": "unknown"}, None),
        ({"printer": "ticket_present"}, None),
        ({"printer": "paper_low"}, "paper_low"),
        ({"printer": "ready", "printers": printers("ready", "unknown")}, None),
        ({"printer": "ready", "printers": printers("paper_out", "ready")}, "paper_out"),
        ({"printer": "offline", "printers": printers("cover_open", "offline")}, "offline"),
        ({"printers": {"a": "paper_out", "b": {"level": "full"}}}, None),
        ({"printer": None, "printers": 7}, None),
    ],
)
def test_names_the_first_trouble(health: dict[str, Any], trouble: str | None) -> None:
    assert printer_trouble(health) == trouble


_plain = st.none() | st.integers() | st.sampled_from(["", "ready", "state", "paper_out"])
_printer = _plain | st.dictionaries(st.sampled_from(["state", "capability"]), _plain)
_printers = _plain | st.lists(_printer, max_size=3) | st.dictionaries(st.just("a"), _printer)


@given(_printers, _printers)
def test_takes_whatever_a_device_says(printer: object, printers: object) -> None:
    trouble = printer_trouble({"printer": printer, "printers": printers})
    assert trouble is None or isinstance(trouble, str)
