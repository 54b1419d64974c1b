from pathlib import Path

import pytest

from appliance.doctor.finding import Finding, Level
from appliance.doctor.texts import line
from appliance.doctor.tickets import check_tickets
from config import Device, load_centre
from config.settings import (
    FilePrinter,
    KioskBox,
    Printer,
    SerialPrinter,
    SimulatedPrinter,
    TicketLayouts,
)

CENTRE = load_centre()


def found(printer: Printer, **layouts: str) -> Finding:
    box = KioskBox(printers=(printer,), layouts=TicketLayouts(**layouts))
    (finding,) = check_tickets(Device(kiosk=box), CENTRE)
    return finding


def said(finding: Finding, lang: str = "vi") -> str:
    return line(finding, lang)[2]


def test_a_fast_printer_takes_about_a_second() -> None:
    for printer in (FilePrinter(path="/dev/usb/lp0"), SerialPrinter(url="/dev/ttyS0")):
        finding = found(printer)
        assert finding.level is Level.OK
        assert 0.5 <= float(str(finding.values["seconds"])) <= 1.5
        seconds = str(finding.values["seconds"])
        assert said(finding) == f"phiếu in trong khoảng {seconds.replace('.', ',')} giây"
        assert said(finding, "en") == f"a ticket takes about {seconds} seconds"


@pytest.mark.parametrize("baud", [9600, 19200])
def test_a_slow_line_prints_the_short_ticket_and_says_what_would_help(baud: int) -> None:
    finding = found(SerialPrinter(url="/dev/ttyS0", baud=baud))  # type: ignore[arg-type]
    assert (finding.level, finding.says) == (Level.OK, "print_short")
    assert "115200" in said(finding)


def test_more_than_five_seconds_is_worth_a_note(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    blocks = "".join(
        f'[[blocks]]\nblock = "{name}"\nsize = {{ 576 = 90 }}\n'
        for name in ("copy", "number", "service", "papers", "header")
    )
    path.write_text(blocks)
    finding = found(SerialPrinter(url="/dev/ttyS0", baud=9600), short=str(path))
    assert (finding.level, finding.says) == (Level.NOTE, "print_slow")
    assert "too long" in said(finding, "en")


def test_a_layout_that_cannot_be_used_is_an_error(tmp_path: Path) -> None:
    finding = found(SimulatedPrinter(), large=str(tmp_path / "none.toml"))
    assert (finding.level, finding.subject) == (Level.ERROR, "tickets")
    assert "none.toml" in said(finding)


def test_of_the_simulated_printer_there_is_nothing_to_say() -> None:
    assert list(check_tickets(Device(), CENTRE)) == []
