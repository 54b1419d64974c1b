"""A printer that is chosen on a page prints from then on: real bytes, real lines."""

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bus.health import FoundPrinter, KioskHealth, PrinterChoice, health_as
from bus.vocabulary import PrinterLine, PrintOutcome
from config import load_centre, settings
from hardware.printer import Pace, PrintResult, PrintStation, open_printer
from hardware.printer.choosing import ChosenPrinter
from kiosk.printers import NOT_FOUND, NOT_KEPT, KioskPrinters, Station
from paper import ticket_for_test
from paper.encode import encode_as_built_in
from simulators.printer import PROFILES, Machine, PtyPort, TcpPort, Tray

AT = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
WITHIN_S = 30.0
FIRST = settings.SimulatedPrinter()


@pytest.fixture
def tray() -> Tray:
    return Tray(576)


@pytest.fixture
def serial_line(tmp_path: Path, tray: Tray) -> Iterator[PtyPort]:
    """A simulated printer at a pseudo-terminal, as an adapter with a name of its own is."""
    port = PtyPort(_machine(tray), tmp_path / "usb-EPSON_TM-T82III-if00", 115200)
    port.start()
    yield port
    port.stop()


def _machine(tray: Tray) -> Machine:
    return Machine(PROFILES["full"], tray.take, monotonic=time.monotonic, rng=random.Random(1))


class Bench:
    """The printers of a kiosk, and where each ticket goes."""

    def __init__(self, data: Path, found: tuple[FoundPrinter, ...]) -> None:
        self.station: Station | None = None
        self.now = 0.0
        self.opened: list[tuple[settings.Printer, ...]] = []
        self._data = data
        chosen = ChosenPrinter(data, "kiosk-1", (FIRST,))
        self.printers = KioskPrinters(
            chosen, lambda: found, self._open, self._use, lambda: self.now
        )
        self.printers.start()

    def _open(self, printers: Sequence[settings.Printer]) -> Station:
        self.opened.append(tuple(printers))
        opened = [open_printer(printer, self._data, "kiosk-1") for printer in printers]
        pace = Pace(reopen_after_s=(0.05,))
        return PrintStation(opened, now=lambda: AT, encode=encode_as_built_in, pace=pace)

    def _use(self, station: Station) -> None:
        self.station = station

    def print_test(self) -> PrintResult:
        results: list[PrintResult] = []
        told = threading.Event()

        def take(result: PrintResult) -> None:
            results.append(result)
            told.set()

        assert self.station
        self.station.submit(ticket_for_test(load_centre(), AT), take)
        assert told.wait(WITHIN_S)
        return results[0]


MakeBench = Callable[..., Bench]


@pytest.fixture
def make_bench(tmp_path: Path) -> Iterator[MakeBench]:
    benches: list[Bench] = []

    def make(*found: FoundPrinter) -> Bench:
        benches.append(Bench(tmp_path / "data", found))
        return benches[-1]

    yield make
    for bench in benches:
        bench.printers.stop()


def test_the_bytes_of_the_test_ticket_come_out_of_the_printer_that_was_chosen(
    make_bench: MakeBench, serial_line: PtyPort, tray: Tray
) -> None:
    address = str(serial_line.address)
    bench = make_bench(FoundPrinter(line=PrinterLine.SERIAL, address=address))
    assert bench.printers.prints_on == PrinterChoice(line=PrinterLine.SIMULATED)
    choice = PrinterChoice(line=PrinterLine.SERIAL, address=address, flow="none")
    assert bench.printers.choose(choice) == ""
    assert bench.print_test().outcome is PrintOutcome.PRINTED
    assert bench.printers.prints_on == choice
    (paper,) = tray.papers
    (printer,) = bench.opened[-1]
    ticket = ticket_for_test(load_centre(), AT)
    job = encode_as_built_in(ticket, open_printer(printer, Path("nowhere"), "kiosk-1"))
    assert paper in job, "what the page shows is drawn from these bytes"
    assert len(paper) > 5_000


def test_a_choice_holds_after_a_restart(
    make_bench: MakeBench, serial_line: PtyPort, tray: Tray
) -> None:
    address = str(serial_line.address)
    there = FoundPrinter(line=PrinterLine.SERIAL, address=address)
    choice = PrinterChoice(line=PrinterLine.SERIAL, address=address, flow="none")
    bench = make_bench(there)
    bench.printers.choose(choice)
    bench.printers.stop()
    again = make_bench(there)
    assert again.printers.prints_on == choice
    assert again.print_test().outcome is PrintOutcome.PRINTED
    assert len(tray.papers) == 1


def test_changing_to_and_fro_takes_no_line_from_itself(
    make_bench: MakeBench, serial_line: PtyPort, tray: Tray
) -> None:
    """The same line again before the station of before has let it go: it is exclusive."""
    address = str(serial_line.address)
    bench = make_bench(FoundPrinter(line=PrinterLine.SERIAL, address=address))
    for dots in (576, 384, 576, 384):
        choice = PrinterChoice(line=PrinterLine.SERIAL, address=address, flow="none", dots=dots)
        assert bench.printers.choose(choice) == ""
    assert bench.print_test().outcome is PrintOutcome.PRINTED
    assert len(tray.papers) == 1


def test_a_printer_on_the_network_prints(make_bench: MakeBench, tray: Tray) -> None:
    port = TcpPort(_machine(tray))
    port.start()
    try:
        bench = make_bench()
        choice = PrinterChoice(line=PrinterLine.NETWORK, address=port.address)
        assert bench.printers.choose(choice) == ""
        assert bench.print_test().outcome is PrintOutcome.PRINTED
    finally:
        port.stop()
    assert len(tray.papers) == 1


@pytest.mark.parametrize(
    ("line", "address"),
    [
        (PrinterLine.FILE, "/etc/denluot/device.toml"),
        (PrinterLine.SERIAL, "/dev/ttyS7"),
        (PrinterLine.SERIAL, "socket://192.168.1.1:22"),
        (PrinterLine.NETWORK, "192.168.1..50"),
        (PrinterLine.NETWORK, ""),
    ],
)
def test_what_is_no_printer_here_is_not_written_to(
    make_bench: MakeBench, line: PrinterLine, address: str
) -> None:
    bench = make_bench(FoundPrinter(line=PrinterLine.FILE, address="/dev/usb/lp0"))
    assert bench.printers.choose(PrinterChoice(line=line, address=address)) == NOT_FOUND
    assert bench.printers.prints_on == PrinterChoice(line=PrinterLine.SIMULATED)
    assert bench.print_test().outcome is PrintOutcome.PRINTED


def test_a_choice_that_cannot_be_kept_is_none(
    make_bench: MakeBench, tmp_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings.append("chosen printer not kept")
    bench = make_bench()
    folder = tmp_path / "data" / "kiosk"
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("in the way, as a disk that takes nothing is")
    choice = PrinterChoice(line=PrinterLine.NETWORK, address="192.168.1.50")
    assert bench.printers.choose(choice) == NOT_KEPT
    assert bench.printers.prints_on == PrinterChoice(line=PrinterLine.SIMULATED)
    assert len(bench.opened) == 1


def test_the_machine_is_looked_at_every_few_seconds(make_bench: MakeBench) -> None:
    found = [FoundPrinter(line=PrinterLine.FILE, address="/dev/usb/lp0")]
    bench = make_bench(*found)
    assert bench.printers.found == tuple(found)
    looks: list[float] = []
    printers = KioskPrinters(
        ChosenPrinter(Path("nowhere"), "kiosk-1", (FIRST,)),
        lambda: looks.append(bench.now) or (),  # type: ignore[func-returns-value]
        lambda _: bench.station,  # type: ignore[arg-type, return-value]
        lambda _: None,
        lambda: bench.now,
    )
    for bench.now in (0.0, 1.0, 4.9, 5.0, 6.0, 10.0):
        assert printers.found == ()
    assert looks == [0.0, 5.0, 10.0]


def test_a_printer_of_the_settings_is_offered_once_wherever_it_is(tmp_path: Path) -> None:
    lp = settings.FilePrinter(name="bếp", path="/dev/usb/lp0")
    spare = settings.SerialPrinter(name="spare", url="/dev/ttyS1")
    seen = FoundPrinter(line=PrinterLine.FILE, address="/dev/usb/lp0", name="EPSON TM-T82III")
    printers = KioskPrinters(
        ChosenPrinter(tmp_path, "kiosk-1", (lp, spare, settings.NetworkPrinter(host="10.1.2.9"))),
        lambda: (seen,),
        lambda _: PrintStation((), now=lambda: AT),
        lambda _: None,
        lambda: 0.0,
    )
    places = [(each.address, each.name) for each in printers.found]
    assert places == [("/dev/usb/lp0", "EPSON TM-T82III"), ("/dev/ttyS1", "spare")]


def test_an_order_of_the_service_changes_the_printer_and_says_so(
    build: Callable[..., Any], make_bench: MakeBench
) -> None:
    hall = build()
    hall.ready()
    there = FoundPrinter(line=PrinterLine.FILE, address="/dev/usb/lp0", name="EPSON TM-T82III")
    hall.kiosk.use(make_bench(there).printers)
    hall.service.order_printer(PrinterChoice(line=PrinterLine.FILE, address="/dev/usb/lp9"), "a")
    narrow = PrinterChoice(line=PrinterLine.SIMULATED, dots=384)
    hall.service.order_printer(narrow, "b")
    hall.until(lambda: len(hall.service.results) == 2)
    assert hall.service.results == [("a", "failed", NOT_FOUND), ("b", "done", None)]
    health = health_as(KioskHealth, hall.link._health)
    assert health.found == (there,)
    assert health.prints_on == narrow
