import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from bus.messages import PrintOutcome
from hardware.printer import (
    Printer,
    PrinterState,
    PrinterTimeout,
    PrinterUnavailable,
    PrintResult,
    PrintStation,
    Reason,
    Ticket,
)

Results = queue.Queue[PrintResult]
PRINTED, FAILED, UNKNOWN = PrintOutcome.PRINTED, PrintOutcome.FAILED, PrintOutcome.UNKNOWN


class ScriptedPrinter:
    """A printer that does what the test says."""

    dots = 576

    def __init__(self, name: str = "first") -> None:
        self.name = name
        self.state: PrinterState | Exception = PrinterState.READY
        self.result: PrintOutcome | Exception = PRINTED
        self.printed: list[str] = []
        self.closed = False
        self.busy = threading.Event()
        self.gate = threading.Event()
        self.gate.set()
        self.threads: set[int] = set()

    def check(self) -> PrinterState:
        self.threads.add(threading.get_ident())
        if isinstance(self.state, Exception):
            raise self.state
        return self.state

    def print_ticket(self, ticket: Ticket, job: bytes) -> PrintResult:
        self.threads.add(threading.get_ident())
        assert job == ticket.number.encode()
        self.busy.set()
        assert self.gate.wait(5)
        if isinstance(self.result, Exception):
            raise self.result
        self.printed.append(ticket.number)
        return PrintResult(self.result, printer=self.name)

    def close(self) -> None:
        self.closed = True


class Wiring:
    """A station of scripted printers, and what it tells."""

    def __init__(self) -> None:
        self.states: queue.Queue[PrinterState] = queue.Queue()
        self.results: Results = queue.Queue()
        self.stations: list[PrintStation] = []

    def station(self, *printers: Printer, check_every_s: float = 0.02) -> PrintStation:
        station = PrintStation(
            printers,
            self.states.put,
            encode=lambda ticket, _: ticket.number.encode(),
            reopen_after_s=(0.02, 0.04),
            check_every_s=check_every_s,
        )
        self.stations.append(station)
        station.start()
        return station

    def state(self) -> PrinterState:
        return self.states.get(timeout=5)

    def result(self) -> PrintResult:
        return self.results.get(timeout=5)


@pytest.fixture
def wiring(expected_warnings: list[str]) -> Iterator[Wiring]:
    expected_warnings.append("printer state=")
    wiring = Wiring()
    yield wiring
    for station in wiring.stations:
        station.stop()


def until(claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not claim():
        assert time.monotonic() < deadline
        threading.Event().wait(0.005)


def test_prints_in_order_on_one_thread(wiring: Wiring, ticket: Ticket) -> None:
    printer = ScriptedPrinter()
    station = wiring.station(printer)
    numbers = [str(2000 + count) for count in range(20)]
    for number in numbers:
        station.submit(replace(ticket, number=number), wiring.results.put)
    assert [wiring.result().outcome for _ in numbers] == [PRINTED] * 20
    assert printer.printed == numbers
    assert len(printer.threads) == 1
    assert threading.get_ident() not in printer.threads


def test_never_keeps_its_caller_waiting(wiring: Wiring, ticket: Ticket) -> None:
    printer = ScriptedPrinter()
    station = wiring.station(printer)
    assert wiring.state() is PrinterState.READY
    printer.gate.clear()
    began = time.monotonic()
    for _ in range(50):
        station.submit(ticket, wiring.results.put)
    assert time.monotonic() - began < 0.5
    assert wiring.results.empty()
    printer.gate.set()
    assert wiring.result().outcome is PRINTED


def test_tells_each_state_once(wiring: Wiring) -> None:
    printer = ScriptedPrinter()
    station = wiring.station(printer)
    assert wiring.state() is PrinterState.READY
    printer.state = PrinterState.PAPER_LOW
    assert wiring.state() is PrinterState.PAPER_LOW
    printer.state = PrinterUnavailable("pulled")
    assert wiring.state() is PrinterState.OFFLINE
    printer.state = PrinterState.READY
    assert wiring.state() is PrinterState.READY
    assert station.state is PrinterState.READY
    assert station.states == {"first": PrinterState.READY}
    assert wiring.states.empty()


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (PrinterUnavailable("gone"), Reason.OFFLINE),
        (PrinterState.PAPER_OUT, Reason.PAPER_OUT),
        (PrinterState.COVER_OPEN, Reason.COVER_OPEN),
    ],
)
def test_refuses_at_once_what_cannot_be_printed(
    wiring: Wiring, ticket: Ticket, state: PrinterState | Exception, reason: Reason
) -> None:
    printer = ScriptedPrinter()
    printer.state = state
    station = wiring.station(printer)
    wiring.state()
    station.submit(ticket, wiring.results.put)
    assert wiring.result() == PrintResult(FAILED, reason, "first")
    assert printer.printed == []


def test_prints_again_when_the_printer_is_back(wiring: Wiring, ticket: Ticket) -> None:
    printer = ScriptedPrinter()
    printer.state = PrinterUnavailable("not plugged in")
    station = wiring.station(printer, check_every_s=60)
    assert wiring.state() is PrinterState.OFFLINE
    printer.state = PrinterState.READY
    assert wiring.state() is PrinterState.READY
    station.submit(ticket, wiring.results.put)
    assert wiring.result().outcome is PRINTED


@pytest.mark.parametrize("error", [PrinterUnavailable("pulled"), PrinterTimeout("stuck")])
def test_a_printer_that_fails_is_offline(wiring: Wiring, ticket: Ticket, error: Exception) -> None:
    printer = ScriptedPrinter()
    station = wiring.station(printer, check_every_s=60)
    assert wiring.state() is PrinterState.READY
    printer.result = printer.state = error
    station.submit(ticket, wiring.results.put)
    assert wiring.result() == PrintResult(FAILED, Reason.OFFLINE, "first")
    assert wiring.state() is PrinterState.OFFLINE


def test_the_second_printer_takes_over(wiring: Wiring, ticket: Ticket) -> None:
    first, second = ScriptedPrinter(), ScriptedPrinter("second")
    station = wiring.station(first, second, check_every_s=60)
    until(lambda: set(station.states.values()) == {PrinterState.READY})
    first.result = first.state = PrinterUnavailable("pulled")
    station.submit(ticket, wiring.results.put)
    assert wiring.result() == PrintResult(PRINTED, None, "second")
    station.submit(ticket, wiring.results.put)
    assert wiring.result().printer == "second"
    assert station.state is PrinterState.READY
    first.result, first.state = PRINTED, PrinterState.READY
    until(lambda: station.states["first"] is PrinterState.READY)
    station.submit(ticket, wiring.results.put)
    assert wiring.result().printer == "first"


def test_a_doubtful_ticket_is_never_printed_twice(wiring: Wiring, ticket: Ticket) -> None:
    first, second = ScriptedPrinter(), ScriptedPrinter("second")
    first.result = UNKNOWN
    station = wiring.station(first, second)
    station.submit(ticket, wiring.results.put)
    assert wiring.result() == PrintResult(UNKNOWN, None, "first")
    assert second.printed == []


def test_all_printers_failing_is_told_once(wiring: Wiring, ticket: Ticket) -> None:
    first, second = ScriptedPrinter(), ScriptedPrinter("second")
    first.result = second.result = PrinterUnavailable("no power")
    station = wiring.station(first, second)
    station.submit(ticket, wiring.results.put)
    assert wiring.result().outcome is FAILED
    assert wiring.results.empty()


def test_no_printer_at_all_fails(wiring: Wiring, ticket: Ticket) -> None:
    station = wiring.station()
    station.submit(ticket, wiring.results.put)
    assert wiring.result() == PrintResult(FAILED, Reason.OFFLINE)
    assert station.state is PrinterState.OFFLINE


def test_a_ticket_that_cannot_be_drawn_fails_alone(
    ticket: Ticket, expected_warnings: list[str]
) -> None:
    expected_warnings.append("ticket not drawn")

    def encode(drawn: Ticket, _: Printer) -> bytes:
        if drawn.number == "bad":
            raise ValueError(drawn.number)
        return drawn.number.encode()

    results: Results = queue.Queue()
    station = PrintStation([ScriptedPrinter()], encode=encode)
    station.start()
    station.submit(replace(ticket, number="bad"), results.put)
    station.submit(ticket, results.put)
    assert results.get(timeout=5) == PrintResult(FAILED, Reason.FAULT, "first")
    assert results.get(timeout=5).outcome is PRINTED
    station.stop()


def test_a_result_nobody_takes_stops_nothing(
    wiring: Wiring, ticket: Ticket, expected_warnings: list[str]
) -> None:
    expected_warnings.append("print result not taken")

    def refuse(_: PrintResult) -> None:
        raise RuntimeError

    station = wiring.station(ScriptedPrinter())
    station.submit(ticket, refuse)
    station.submit(ticket, wiring.results.put)
    assert wiring.result().outcome is PRINTED


def test_stopping_finishes_the_ticket_in_hand_and_fails_the_rest(
    wiring: Wiring, ticket: Ticket
) -> None:
    printer = ScriptedPrinter()
    station = wiring.station(printer)
    printer.gate.clear()
    for number in ("2001", "2002", "2003"):
        station.submit(replace(ticket, number=number), wiring.results.put)
    assert printer.busy.wait(5)
    threading.Timer(0.1, printer.gate.set).start()
    station.stop()
    outcomes = [wiring.result() for _ in range(3)]
    assert sorted(result.outcome for result in outcomes) == [FAILED, FAILED, PRINTED]
    assert {result.reason for result in outcomes} == {None, Reason.STOPPED}
    assert printer.closed
    station.submit(ticket, wiring.results.put)
    assert wiring.result().reason is Reason.STOPPED
