"""Every printer driver moves the same bytes, never hangs, and says only what it knows."""

import contextlib
import os
import pty
import select
import socket
import threading
import time
import tty
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bus.messages import PrintOutcome
from config.settings import (
    FilePrinter,
    NetworkPrinter,
    SerialPrinter,
    SimulatedPrinter,
    UsbPrinter,
)
from hardware.printer import (
    Printer,
    PrinterError,
    PrinterState,
    PrinterUnavailable,
    PrintResult,
    Reason,
    encode_ticket,
    open_printer,
    sample_ticket,
)

TIMEOUT_S = 0.3
TICKET = sample_ticket()
JOB = encode_ticket(TICKET, 576)
ASK_PAPER = b"\x1dr\x01"
ASK_PAPER_NOW = b"\x10\x04\x04"
ASK_CAUSE = b"\x10\x04\x02"
ALL_WELL = {ASK_PAPER: b"\x00", ASK_PAPER_NOW: b"\x12", ASK_CAUSE: b"\x12"}


class Device:
    """The far end of a line: keeps what it reads and answers what it is asked."""

    def __init__(self, answers: dict[bytes, bytes]) -> None:
        self.answers = answers
        self.received = b""
        self.reads = True
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def serve(self, file: int, *, writable: bool = True) -> None:
        """Read `file` until the other end hangs up; the thread owns nothing."""
        while not self._stopping.is_set():
            ready, _, _ = select.select([file] if self.reads else [], [], [], 0.02)
            if not ready:
                continue
            try:
                data = os.read(file, 65536)
            except OSError:
                return
            if not data:
                return
            self.received += data
            if writable:
                self._answer(file)

    def start(self, work: Callable[[], None]) -> None:
        self._thread = threading.Thread(target=work, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread:
            self._thread.join(5)

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def has(self, wanted: bytes) -> bool:
        deadline = time.monotonic() + 5
        while wanted not in self.received and time.monotonic() < deadline:
            self._stopping.wait(0.01)
        return wanted in self.received

    def _answer(self, file: int) -> None:
        for question, answer in self.answers.items():
            if self.received.endswith(question):
                os.write(file, answer)


@dataclass
class Bench:
    printer: Printer
    received: Callable[[bytes], bool]
    proves: bool
    device: Device | None = None


@pytest.fixture
def network_device() -> Iterator[tuple[Device, int]]:
    device = Device(dict(ALL_WELL))
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.02)

    def accept() -> None:
        while not device.stopping:
            with contextlib.suppress(TimeoutError):
                connection, _ = server.accept()
                with connection:
                    device.serve(connection.fileno())

    device.start(accept)
    yield device, server.getsockname()[1]
    device.stop()
    server.close()


@pytest.fixture
def serial_device() -> Iterator[tuple[Device, str]]:
    device = Device(dict(ALL_WELL))
    master, slave = pty.openpty()
    tty.setraw(slave)
    device.start(lambda: device.serve(master))
    yield device, os.ttyname(slave)
    device.stop()
    os.close(slave)
    with contextlib.suppress(OSError):
        os.close(master)


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[tuple[Device, str]]:
    device = Device({})
    path = tmp_path / "lp0"
    os.mkfifo(path)
    # A reader that also holds the writing end does not see the end of the file between jobs.
    file = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    device.start(lambda: device.serve(file, writable=False))
    yield device, str(path)
    device.stop()
    os.close(file)


def network(port: int) -> Printer:
    settings = NetworkPrinter(host="127.0.0.1", port=port, timeout_s=TIMEOUT_S)
    return open_printer(settings, Path(), "kiosk-1")


def serial(url: str) -> Printer:
    settings = SerialPrinter(url=url, timeout_s=TIMEOUT_S, flow_control="none")
    return open_printer(settings, Path(), "kiosk-1")


def file(path: str) -> Printer:
    return open_printer(FilePrinter(path=path, timeout_s=TIMEOUT_S), Path(), "kiosk-1")


@pytest.fixture(params=["simulated", "network", "serial", "character_device", "pipe", "plain_file"])
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
            bench = Bench(file(str(target)), lambda job: job in target.read_bytes(), proves=True)
        case "network":
            device, port = request.getfixturevalue("network_device")
            bench = Bench(network(port), device.has, proves=True, device=device)
        case "serial":
            device, url = request.getfixturevalue("serial_device")
            bench = Bench(serial(url), device.has, proves=True, device=device)
        case "character_device":
            device, url = request.getfixturevalue("serial_device")
            bench = Bench(file(url), device.has, proves=True, device=device)
        case _:
            device, path = request.getfixturevalue("pipe")
            bench = Bench(file(path), device.has, proves=False, device=device)
    yield bench
    bench.printer.close()


def test_moves_every_byte(bench: Bench) -> None:
    bench.printer.print_ticket(TICKET, JOB)
    assert bench.received(JOB)


def test_says_printed_only_with_proof(bench: Bench) -> None:
    result = bench.printer.print_ticket(TICKET, JOB)
    if bench.proves:
        assert result == PrintResult(PrintOutcome.PRINTED, None, bench.printer.name)
    else:
        assert result == PrintResult(PrintOutcome.UNKNOWN, Reason.NO_ANSWER, bench.printer.name)


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
    match request.param:
        case "network":
            with socket.create_server(("127.0.0.1", 0)) as server:
                port = server.getsockname()[1]
            return network(port)
        case "serial":
            return serial(str(tmp_path / "ttyUSB0"))
        case "file":
            return file(str(tmp_path / "lp0"))
        case "usb":
            settings = UsbPrinter(vendor=0x0FFF, product=0x0FFF, serial_number="none")
            return open_printer(settings, tmp_path, "kiosk-1")
        case _:
            (tmp_path / "paper").write_text("a file where the folder should be")
            return open_printer(SimulatedPrinter(), tmp_path, "kiosk-1")


def test_an_absent_printer_is_unavailable(absent: Printer, tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(PrinterUnavailable):
            absent.check()
        with pytest.raises(PrinterUnavailable):
            absent.print_ticket(TICKET, JOB)
    assert not (tmp_path / "lp0").exists()


@pytest.fixture(params=["network", "serial", "character_device"])
def answering(request: pytest.FixtureRequest) -> Iterator[tuple[Printer, Device]]:
    if request.param == "network":
        device, port = request.getfixturevalue("network_device")
        printer = network(port)
    else:
        device, url = request.getfixturevalue("serial_device")
        printer = serial(url) if request.param == "serial" else file(url)
    yield printer, device
    printer.close()


AUTOMATIC_STATUS = b"\x10\x00\x00\x00"


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({ASK_PAPER_NOW: b"\x1e"}, PrinterState.PAPER_LOW),
        ({ASK_PAPER_NOW: b"\x7e"}, PrinterState.PAPER_OUT),
        ({ASK_CAUSE: b"\x16"}, PrinterState.COVER_OPEN),
        ({ASK_CAUSE: b"\x32"}, PrinterState.PAPER_OUT),
        ({ASK_CAUSE: b""}, PrinterState.READY),
        ({ASK_PAPER_NOW: b""}, PrinterState.UNKNOWN),
        ({ASK_PAPER_NOW: b"\xff\x00"}, PrinterState.UNKNOWN),
        ({ASK_PAPER_NOW: AUTOMATIC_STATUS + b"\x72"}, PrinterState.PAPER_OUT),
    ],
)
def test_reads_the_state(
    answering: tuple[Printer, Device], answers: dict[bytes, bytes], state: PrinterState
) -> None:
    printer, device = answering
    device.answers |= answers
    assert printer.check() is state


@pytest.mark.parametrize(
    ("answer", "outcome", "reason"),
    [
        (b"\x03", PrintOutcome.PRINTED, None),
        (AUTOMATIC_STATUS + b"\x00", PrintOutcome.PRINTED, None),
        (AUTOMATIC_STATUS, PrintOutcome.UNKNOWN, Reason.NO_ANSWER),
        (b"\x12", PrintOutcome.UNKNOWN, Reason.NO_ANSWER),
        (b"noise\xff\x11\x13", PrintOutcome.UNKNOWN, Reason.NO_ANSWER),
        (b"", PrintOutcome.UNKNOWN, Reason.NO_ANSWER),
        (b"\x0c", PrintOutcome.UNKNOWN, Reason.PAPER_OUT),
    ],
)
def test_takes_only_an_answer_for_proof(
    answering: tuple[Printer, Device], answer: bytes, outcome: PrintOutcome, reason: Reason | None
) -> None:
    printer, device = answering
    device.answers[ASK_PAPER] = answer
    result = printer.print_ticket(TICKET, JOB)
    assert (result.outcome, result.reason) == (outcome, reason)
    assert device.has(JOB)


def test_an_old_answer_proves_nothing(serial_device: tuple[Device, str]) -> None:
    device, url = serial_device
    printer = serial(url)
    device.answers[ASK_PAPER_NOW] = b"\x12\x00\x00"
    assert printer.check() is PrinterState.READY
    device.answers[ASK_PAPER] = b""
    assert printer.print_ticket(TICKET, JOB).outcome is PrintOutcome.UNKNOWN
    printer.close()


def test_a_serial_printer_that_stops_reading_does_not_hang(
    serial_device: tuple[Device, str], expected_warnings: list[str]
) -> None:
    expected_warnings.append("job broken off")
    device, url = serial_device
    printer = serial(url)
    device.reads = False
    began = time.monotonic()
    result = printer.print_ticket(TICKET, JOB * 20)
    assert (result.outcome, result.reason) == (PrintOutcome.UNKNOWN, Reason.INTERRUPTED)
    assert time.monotonic() - began < 3
    device.reads = True
    assert printer.print_ticket(TICKET, JOB).outcome is PrintOutcome.PRINTED
    # What was left of a broken raster is filled with white before the next job.
    assert device.has(bytes(128 * 72) + JOB)
    printer.close()


def test_a_network_printer_that_stops_reading_does_not_hang(
    network_device: tuple[Device, int], expected_warnings: list[str]
) -> None:
    expected_warnings.append("job broken off")
    device, port = network_device
    device.reads = False
    began = time.monotonic()
    result = network(port).print_ticket(TICKET, JOB * 1000)
    assert (result.outcome, result.reason) == (PrintOutcome.UNKNOWN, Reason.INTERRUPTED)
    assert time.monotonic() - began < 3


def test_a_pipe_that_nobody_empties_does_not_hang(
    pipe: tuple[Device, str], expected_warnings: list[str]
) -> None:
    expected_warnings.append("job broken off")
    device, path = pipe
    device.reads = False
    began = time.monotonic()
    result = file(path).print_ticket(TICKET, JOB * 20)
    assert (result.outcome, result.reason) == (PrintOutcome.UNKNOWN, Reason.INTERRUPTED)
    assert time.monotonic() - began < 3


def test_a_pipe_without_a_reader_is_unavailable(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "lp0")
    with pytest.raises(PrinterUnavailable):
        file(str(tmp_path / "lp0")).check()


def test_a_pulled_serial_printer_fails_for_certain() -> None:
    master, slave = pty.openpty()
    printer = serial(os.ttyname(slave))
    printer.check()
    os.close(slave)
    os.close(master)
    with pytest.raises(PrinterError):
        printer.print_ticket(TICKET, JOB)
    with pytest.raises(PrinterUnavailable):
        printer.check()


def test_a_silent_printer_soon_keeps_nobody_waiting(network_device: tuple[Device, int]) -> None:
    device, port = network_device
    device.answers.clear()
    settings = NetworkPrinter(host="127.0.0.1", port=port, timeout_s=1.0)
    printer = open_printer(settings, Path(), "kiosk-1")
    for _ in range(2):
        printer.print_ticket(TICKET, JOB)
    began = time.monotonic()
    assert printer.print_ticket(TICKET, JOB).outcome is PrintOutcome.UNKNOWN
    assert time.monotonic() - began < 0.8
