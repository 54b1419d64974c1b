import pytest

from config.settings import NetworkPrinter, SerialPrinter, UsbPrinter
from hardware.printer import is_slow
from paper import Ticket, encode_ticket, expected_seconds

BAUDS = (9600, 19200, 38400, 57600, 115200, 230400)


def test_a_slow_line_decides() -> None:
    job = b"\x1bJ\x78" * 320
    assert expected_seconds(job, 9600) == pytest.approx(1.0, abs=31)
    assert expected_seconds(b"\x1d\x56\x01" * 320, 9600) == 1.0


def test_paper_decides_where_the_line_is_fast() -> None:
    six_hundred_rows = b"\x1bJ\xc8" * 3
    assert expected_seconds(six_hundred_rows, None) == 0.5
    assert expected_seconds(six_hundred_rows, 115200) == 0.5


@pytest.mark.parametrize("baud", BAUDS)
def test_every_line_prints_its_ticket_in_time(ticket: Ticket, baud: int) -> None:
    printer = SerialPrinter(url="/dev/ttyS0", baud=baud)  # type: ignore[arg-type]
    job = encode_ticket(ticket, printer.dots, slow=is_slow(printer))
    assert expected_seconds(job, baud) <= 5


def test_only_serial_lines_can_be_slow() -> None:
    slow = [is_slow(SerialPrinter(url="/dev/ttyS0", baud=baud)) for baud in BAUDS]  # type: ignore[arg-type]
    assert slow == [True, True, False, False, False, False]
    assert not is_slow(UsbPrinter(vendor=0x04B8, product=0x0202))
    assert not is_slow(NetworkPrinter(host="printer"))
