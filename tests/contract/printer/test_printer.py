"""Every printer driver moves the same bytes, never hangs, and says only what it knows."""

import contextlib
import os
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bus.vocabulary import PrinterState, PrintOutcome
from config.settings import (
    FilePrinter,
    NetworkPrinter,
    SerialPrinter,
    SimulatedPrinter,
    UsbPrinter,
)
from config.settings import Printer as Choice
from hardware.printer import (
    Level,
    Printer,
    PrinterBusy,
    PrinterError,
    PrinterUnavailable,
    PrintResult,
    Reason,
    Settlement,
    open_printer,
)
from paper import encode_ticket, sample_ticket
from simulators.printer import PROFILES, Paper

TIMEOUT_S = 0.3
TICKET = sample_ticket()
JOB = encode_ticket(TICKET, 576)
PRINTED, FAILED, UNKNOWN = PrintOutcome.PRINTED, PrintOutcome.FAILED, PrintOutcome.UNKNOWN


Build = Callable[..., Any]
DRIVERS = ["network", "serial", "usb", "character_device"]
MOST = [*DRIVERS[:3], pytest.param(DRIVERS[3], marks=pytest.mark.full)]


class Pipe:
    """A reader of a named pipe: takes everything, says nothing."""

    def __init__(self, path: Path) -> None:
        self.received = b""
        self.reads = True
        os.mkfifo(path)
        # A reader that also holds the writing end does not see the end of the file between jobs.
        self._file = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while not self._stopping.is_set():
            ready, _, _ = select.select([self._file] if self.reads else [], [], [], 0.01)
            if ready:
                self.received += os.read(self._file, 65536)

    def has(self, wanted: bytes) -> bool:
        deadline = time.monotonic() + 5
        while wanted not in self.received and time.monotonic() < deadline:
            self._stopping.wait(0.005)
        return wanted in self.received

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(5)
        os.close(self._file)


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[Pipe]:
    pipe = Pipe(tmp_path / "lp0")
    yield pipe
    pipe.stop()


def file(path: Path) -> Printer:
    choice = FilePrinter(path=str(path), timeout_s=TIMEOUT_S)
    return open_printer(choice, path.parent, "kiosk-1")


@dataclass
class Bench:
    printer: Printer
    received: Callable[[bytes], bool]
    proves: bool


@pytest.fixture(params=["simulated", *DRIVERS, "pipe", "plain_file"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    match request.param:
        case "simulated":
            printer = open_printer(SimulatedPrinter(), tmp_path, "kiosk-1")
            paper = tmp_path / "paper" / "kiosk-1"
            bench = Bench(
                printer,
                lambda job: any(file.read_bytes() == job for file in paper.rglob("*.bin")),
                proves=True,
            )
        case "plain_file":
            target = tmp_path / "out.bin"
            target.touch()
            bench = Bench(file(target), lambda job: job in target.read_bytes(), proves=True)
        case "pipe":
            pipe: Pipe = request.getfixturevalue("pipe")
            bench = Bench(file(tmp_path / "lp0"), pipe.has, proves=False)
        case driver:
            build: Build = request.getfixturevalue("build")
            rig = build(driver)
            bench = Bench(rig.printer, lambda job: job in bytes(rig.machine.received), proves=True)
    yield bench
    bench.printer.close()


def test_moves_every_byte(bench: Bench) -> None:
    bench.printer.print_ticket(TICKET, JOB)
    assert bench.received(JOB)


def test_says_printed_only_with_proof(bench: Bench) -> None:
    result = bench.printer.print_ticket(TICKET, JOB)
    if bench.proves:
        assert result == PrintResult(PRINTED, None, bench.printer.name)
    else:
        assert result == PrintResult(UNKNOWN, Reason.NO_ANSWER, bench.printer.name)


def test_prints_one_ticket_after_another(bench: Bench) -> None:
    for number in ("2006", "2007", "2008"):
        ticket = replace(TICKET, number=number)
        job = encode_ticket(ticket, bench.printer.dots)
        bench.printer.print_ticket(ticket, job)
        assert bench.received(job)


def test_prints_again_after_close(bench: Bench) -> None:
    bench.printer.close()
    bench.printer.print_ticket(TICKET, JOB)
    bench.printer.close()
    bench.printer.close()
    again = encode_ticket(replace(TICKET, copy=True), bench.printer.dots)
    bench.printer.print_ticket(TICKET, again)
    assert bench.received(again)


def test_tells_its_state(bench: Bench) -> None:
    state = bench.printer.check()
    assert state is (PrinterState.READY if bench.proves else PrinterState.UNKNOWN)
    assert state.can_print


@pytest.fixture(params=["network", "serial", "file", "usb", "simulated"])
def absent(request: pytest.FixtureRequest, tmp_path: Path) -> Printer:
    choice: Choice
    match request.param:
        case "network":
            with socket.create_server(("127.0.0.1", 0)) as server:
                port = server.getsockname()[1]
            choice = NetworkPrinter(host="127.0.0.1", port=port, timeout_s=TIMEOUT_S)
        case "serial":
            choice = SerialPrinter(url=str(tmp_path / "ttyUSB0"), timeout_s=TIMEOUT_S)
        case "file":
            choice = FilePrinter(path=str(tmp_path / "lp0"))
        case "usb":
            choice = UsbPrinter(vendor=0x0FFF, product=0x0FFF, serial_number="none")
        case _:
            (tmp_path / "paper").write_text("a file where the folder should be")
            choice = SimulatedPrinter()
    return open_printer(choice, tmp_path, "kiosk-1")


def test_an_absent_printer_is_unavailable(absent: Printer, tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(PrinterUnavailable):
            absent.check()
        with pytest.raises(PrinterUnavailable):
            absent.print_ticket(TICKET, JOB)
    assert not (tmp_path / "lp0").exists()


CONDITIONS: list[tuple[dict[str, object], PrinterState, Reason | None]] = [
    ({"paper": Paper.LOW}, PrinterState.PAPER_LOW, None),
    ({"paper": Paper.OUT}, PrinterState.PAPER_OUT, Reason.PAPER_OUT),
    ({"cover_open": True}, PrinterState.COVER_OPEN, Reason.COVER_OPEN),
    ({"cutter_error": True}, PrinterState.CUTTER_ERROR, Reason.CUTTER_ERROR),
    ({"overheated": True}, PrinterState.OVERHEATED, Reason.OVERHEATED),
    (
        {"cover_open": True, "paper": Paper.OUT, "overheated": True},
        PrinterState.COVER_OPEN,
        Reason.COVER_OPEN,
    ),
]


@pytest.mark.parametrize(
    ("driver", "profile", "tested"),
    [
        ("network", "plain", False),
        ("network", "full", True),
        pytest.param("network", "kiosk", True, marks=pytest.mark.full),
        *(pytest.param(driver, "full", True, marks=pytest.mark.full) for driver in DRIVERS[1:]),
    ],
)
@pytest.mark.parametrize(("condition", "state", "reason"), CONDITIONS)
def test_sends_nothing_to_a_printer_that_stands_still(
    build: Build,
    driver: str,
    profile: str,
    tested: bool,
    condition: dict[str, object],
    state: PrinterState,
    reason: Reason | None,
) -> None:
    rig = build(driver, profile, tested=tested)
    rig.machine.change(**condition)
    assert rig.printer.check() is state
    result = rig.printer.print_ticket(TICKET, JOB)
    if reason is None:
        assert result.outcome is PRINTED
        return
    assert result == PrintResult(FAILED, reason, rig.printer.name)
    assert JOB[:64] not in bytes(rig.machine.received)
    rig.machine.change(paper=Paper.OK, cover_open=False, cutter_error=False, overheated=False)
    assert rig.printer.print_ticket(TICKET, JOB).outcome is PRINTED


@pytest.mark.parametrize("driver", MOST)
@pytest.mark.parametrize("profile", PROFILES)
def test_proves_as_well_as_the_printer_can(build: Build, driver: str, profile: str) -> None:
    rig = build(driver, profile, tested=True)
    result = rig.printer.print_ticket(TICKET, JOB)
    level = rig.printer.level
    if profile == "silent":
        assert (level, result.outcome) == (Level.NONE, UNKNOWN)
        assert result.reason is Reason.NO_ANSWER
        assert rig.printer.check() is PrinterState.UNKNOWN, "never paper ok"
    else:
        assert result == PrintResult(PRINTED, None, rig.printer.name)
        assert level is (Level.BASIC if profile == "basic" else Level.FULL)
    rig.until_papers(1)
    assert rig.tray.papers == [JOB]


def test_a_ticket_in_the_mouth_is_told(build: Build) -> None:
    rig = build(profile="kiosk", tested=True)
    assert rig.printer.print_ticket(TICKET, JOB).outcome is PRINTED
    assert rig.printer.check() is PrinterState.TICKET_PRESENT
    assert PrinterState.TICKET_PRESENT.can_print
    rig.machine.change(ticket_present=False)
    assert rig.printer.check() is PrinterState.READY


def test_an_untested_printer_is_learnt_by_trying(build: Build) -> None:
    rig = build(profile="plain")
    levels = [rig.printer.level]
    rig.printer.check()
    levels.append(rig.printer.level)
    rig.printer.print_ticket(TICKET, JOB)
    levels.append(rig.printer.level)
    assert levels == [Level.UNKNOWN, Level.BASIC, Level.FULL]


@pytest.mark.parametrize(
    "profile", ["basic", *(pytest.param(one, marks=pytest.mark.full) for one in ("full", "plain"))]
)
def test_what_the_printer_holds_comes_out_by_itself(build: Build, profile: str) -> None:
    rig = build(profile=profile, tested=True)
    rig.machine.change_after(5000, paper=Paper.OUT)
    result = rig.printer.print_ticket(TICKET, JOB)
    assert result == PrintResult(UNKNOWN, Reason.PAPER_OUT, rig.printer.name)
    assert rig.printer.settle() is Settlement.WAITING
    assert rig.tray.papers == []
    rig.machine.change(paper=Paper.OK)
    assert rig.settled() is Settlement.PRINTED
    assert rig.printer.settle() is Settlement.NOTHING
    assert rig.tray.papers == [JOB]


@pytest.mark.parametrize("driver", MOST)
def test_what_the_printer_lost_is_said_to_be_lost(
    build: Build, driver: str, expected_warnings: list[str]
) -> None:
    expected_warnings.append("job broken off")
    rig = build(driver, "full", tested=True)
    rig.machine.change_after(5000, cover_open=True)
    result = rig.printer.print_ticket(TICKET, JOB)
    assert result == PrintResult(UNKNOWN, Reason.COVER_OPEN, rig.printer.name)
    rig.port.switch_off()
    rig.machine.change(cover_open=False)
    for _ in range(2):
        with contextlib.suppress(PrinterError):
            rig.printer.check()
    rig.port.plug()
    assert rig.settled() is Settlement.LOST
    assert rig.printer.print_ticket(TICKET, JOB).outcome is PRINTED
    rig.until_papers(1)
    assert rig.tray.papers[0].endswith(JOB)


@pytest.mark.parametrize("driver", MOST)
def test_a_lost_proof_is_not_made_up(build: Build, driver: str) -> None:
    rig = build(driver, "full", tested=True)
    rig.on_paper.append(rig.port.switch_off)
    result = rig.printer.print_ticket(TICKET, JOB)
    assert result == PrintResult(UNKNOWN, Reason.NO_ANSWER, rig.printer.name)
    assert rig.tray.papers == [JOB]
    rig.on_paper.clear()
    rig.port.plug()
    wait_until_ready(rig.printer)
    assert rig.printer.settle() is Settlement.WAITING, "neither printed nor lost"
    assert rig.printer.print_ticket(TICKET, JOB).outcome is PRINTED


@pytest.mark.parametrize("driver", MOST)
def test_a_late_answer_proves_its_own_job(build: Build, driver: str) -> None:
    rig = build(driver, "full", tested=True)
    rig.printer.check()
    rig.machine.change_after(100, paper=Paper.LOW)
    rig.machine.late_s = 1.2 * TIMEOUT_S
    result = PrintResult(PRINTED)
    with contextlib.suppress(PrinterError):
        result = rig.printer.print_ticket(TICKET, JOB)
    assert result.outcome is FAILED, "a printer that could answer and does not is off line"
    rig.machine.late_s = 0
    assert rig.printer.print_ticket(TICKET, JOB).outcome is PRINTED
    assert rig.printer.check() is PrinterState.PAPER_LOW


def test_garbage_proves_nothing(build: Build) -> None:
    rig = build()
    rig.machine.garbled = True
    for _ in range(2):
        assert rig.printer.print_ticket(TICKET, JOB).outcome is UNKNOWN
    rig.machine.garbled = False
    assert rig.printer.print_ticket(TICKET, JOB).outcome is PRINTED


@pytest.mark.parametrize("tested", [False, True])
def test_a_wrong_speed_is_recognised(build: Build, tested: bool) -> None:
    rig = build("serial", "full", tested=tested, baud=9600)
    states = [rig.printer.check() for _ in range(3)]
    assert states == [PrinterState.UNKNOWN, PrinterState.WRONG_BAUD, PrinterState.WRONG_BAUD]
    assert rig.printer.print_ticket(TICKET, JOB).reason is Reason.WRONG_BAUD
    assert rig.tray.papers == []


@pytest.mark.parametrize("driver", MOST)
def test_a_pulled_printer_comes_back(build: Build, driver: str) -> None:
    rig = build(driver, "full", tested=True)
    assert rig.printer.print_ticket(TICKET, JOB).outcome is PRINTED
    rig.port.unplug()
    for _ in range(2):
        gone(rig.printer.check)
        gone(lambda: rig.printer.print_ticket(TICKET, JOB))
    rig.port.plug()
    wait_until_ready(rig.printer)
    assert rig.printer.print_ticket(TICKET, JOB).outcome is PRINTED
    assert rig.tray.papers == [JOB, JOB]


def wait_until_ready(printer: Printer) -> None:
    deadline = time.monotonic() + 5
    state = PrinterState.OFFLINE
    while state is not PrinterState.READY and time.monotonic() < deadline:
        with contextlib.suppress(PrinterError):
            state = printer.check()
    assert state is PrinterState.READY


def gone(ask: Callable[[], object]) -> None:
    """Ask until the line is dead: its thread needs a moment to let it go."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            ask()
        except PrinterUnavailable:
            return
    raise AssertionError


@pytest.mark.parametrize("driver", ["serial", "character_device", "usb"])
def test_a_printer_that_stops_reading_does_not_hang(
    build: Build, driver: str, expected_warnings: list[str]
) -> None:
    expected_warnings.append("job broken off")
    rig = build(driver, "plain", buffer=4096)
    rig.printer.check()
    rig.machine.change_after(2000, overheated=True)
    began = time.monotonic()
    result = rig.printer.print_ticket(TICKET, JOB * 3)
    assert (result.outcome, result.reason) == (UNKNOWN, Reason.INTERRUPTED)
    assert time.monotonic() - began < 5
    rig.machine.change(overheated=False)
    # What was left of a broken raster is filled with white before the next job.
    assert rig.printer.print_ticket(TICKET, JOB).outcome is PRINTED
    assert bytes(128 * 72) + JOB in bytes(rig.machine.received)


@pytest.mark.parametrize("driver", ["serial", "character_device", "usb"])
def test_a_printer_that_reports_says_why_it_stopped_reading(
    build: Build, driver: str, expected_warnings: list[str]
) -> None:
    expected_warnings.append("job broken off")
    rig = build(driver, "full", tested=True, buffer=4096)
    rig.machine.change_after(2000, paper=Paper.OUT)
    result = rig.printer.print_ticket(TICKET, JOB * 3)
    assert (result.outcome, result.reason) == (UNKNOWN, Reason.PAPER_OUT)
    rig.machine.change(paper=Paper.OK)
    assert rig.settled() is Settlement.LOST
    assert rig.printer.print_ticket(TICKET, JOB).outcome is PRINTED


def test_a_network_printer_that_stops_reading_does_not_hang(
    build: Build, expected_warnings: list[str]
) -> None:
    expected_warnings.append("job broken off")
    rig = build()
    rig.printer.check()
    rig.machine.change_after(2000, overheated=True)
    began = time.monotonic()
    result = rig.printer.print_ticket(TICKET, JOB * 1000)
    assert (result.outcome, result.reason) == (UNKNOWN, Reason.INTERRUPTED)
    assert time.monotonic() - began < 5


def test_a_pipe_that_nobody_empties_does_not_hang(
    pipe: Pipe, tmp_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings.append("job broken off")
    pipe.reads = False
    began = time.monotonic()
    result = file(tmp_path / "lp0").print_ticket(TICKET, JOB * 20)
    assert (result.outcome, result.reason) == (UNKNOWN, Reason.INTERRUPTED)
    assert time.monotonic() - began < 3


def test_a_pipe_without_a_reader_is_unavailable(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "lp0")
    with pytest.raises(PrinterUnavailable):
        file(tmp_path / "lp0").check()


def test_questions_go_past_the_handshake_of_a_serial_line(build: Build) -> None:
    rig = build("serial", "full", tested=True, flow_control="rts_cts")
    assert rig.printer.print_ticket(TICKET, JOB).outcome is PRINTED
    rig.machine.change(paper=Paper.OUT)
    assert rig.printer.check() is PrinterState.PAPER_OUT


def test_a_serial_line_has_one_master(build: Build, tmp_path: Path) -> None:
    rig = build("serial")
    rig.printer.check()
    choice = SerialPrinter(url=str(tmp_path / "printer"), flow_control="none")
    with pytest.raises(PrinterBusy):
        open_printer(choice, tmp_path, "kiosk-1").check()


def test_a_silent_printer_soon_keeps_nobody_waiting(build: Build) -> None:
    rig = build(profile="silent")
    for _ in range(2):
        rig.printer.print_ticket(TICKET, JOB)
    began = time.monotonic()
    assert rig.printer.print_ticket(TICKET, JOB).outcome is UNKNOWN
    assert time.monotonic() - began < 0.4
