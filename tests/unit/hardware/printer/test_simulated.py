from dataclasses import replace
from pathlib import Path

from PIL import Image

from bus.vocabulary import PrintOutcome
from config.settings import SimulatedPrinter
from hardware.printer import Printer, open_printer
from paper import Ticket, encode_ticket
from paper.rendering import render


def make(data: Path) -> Printer:
    return open_printer(SimulatedPrinter(), data, "kiosk-1")


def put(printer: Printer, ticket: Ticket) -> None:
    result = printer.print_ticket(ticket, encode_ticket(ticket, printer.dots))
    assert result.outcome is PrintOutcome.PRINTED


def names(data: Path) -> list[str]:
    return sorted(path.name for path in (data / "paper" / "kiosk-1" / "2026-11-23").iterdir())


def test_writes_paper_and_bytes_below_the_day(ticket: Ticket, tmp_path: Path) -> None:
    put(make(tmp_path), ticket)
    assert names(tmp_path) == ["2005.bin", "2005.png"]
    day = tmp_path / "paper" / "kiosk-1" / "2026-11-23"
    assert (day / "2005.bin").read_bytes() == encode_ticket(ticket, 576)
    assert (day / "2005.png").read_bytes() == render(encode_ticket(ticket, 576), 576).png()
    with Image.open(day / "2005.png") as paper:
        assert paper.width == 576


def test_never_hides_a_second_paper(ticket: Ticket, tmp_path: Path) -> None:
    printer = make(tmp_path)
    for copy in (False, True, True, True, False):
        put(printer, replace(ticket, copy=copy))
    assert [name for name in names(tmp_path) if name.endswith(".png")] == [
        "2005-2.png",
        "2005-copy-2.png",
        "2005-copy-3.png",
        "2005-copy.png",
        "2005.png",
    ]


def test_goes_on_after_a_restart(ticket: Ticket, tmp_path: Path) -> None:
    put(make(tmp_path), ticket)
    put(make(tmp_path), ticket)
    assert "2005-2.png" in names(tmp_path)
