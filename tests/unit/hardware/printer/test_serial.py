"""What the serial driver adds to the operating system: DSR, and commands past a busy line."""

import threading
import time
from typing import Any

import pytest

from config.settings import SerialPrinter
from hardware.printer import PrinterTimeout, PrinterUnavailable
from hardware.printer.serial import SerialLine


def loop(flow_control: str) -> tuple[SerialLine, Any]:
    """Return a line whose DSR is its own DTR, and which hears what it says."""
    settings = SerialPrinter(url="loop://", flow_control=flow_control, timeout_s=0.3)  # type: ignore[arg-type]
    line = SerialLine(settings)
    return line, line._port


def test_a_busy_printer_is_waited_for_and_then_given_up() -> None:
    line, port = loop("dsr_dtr")
    port.dtr = False
    with pytest.raises(PrinterTimeout):
        line.write(b"ticket")
    assert line.read(0) == b""
    threading.Timer(0.1, lambda: setattr(port, "dtr", True)).start()
    line.write(b"ticket" * 100)
    assert line.read(0) == b"ticket" * 100


def test_questions_are_put_to_a_busy_printer() -> None:
    line, port = loop("dsr_dtr")
    port.dtr = False
    line.write_now(b"\x10\x04\x04")
    assert line.read(0) == b"\x10\x04\x04"


@pytest.mark.parametrize("flow_control", ["rts_cts", "none"])
def test_questions_leave_the_handshake_as_it_was(flow_control: str) -> None:
    line, port = loop(flow_control)
    line.write_now(b"\x10\x04\x04")
    assert line.read(0) == b"\x10\x04\x04"
    assert port.rtscts == (flow_control == "rts_cts")


def test_a_line_that_was_closed_is_gone() -> None:
    for flow_control in ("rts_cts", "dsr_dtr", "none"):
        line, _ = loop(flow_control)
        line.close()
        began = time.monotonic()
        for act in (line.write, line.write_now):
            with pytest.raises(PrinterUnavailable):
                act(b"ticket")
        with pytest.raises(PrinterUnavailable):
            line.read(0)
        assert time.monotonic() - began < 1
