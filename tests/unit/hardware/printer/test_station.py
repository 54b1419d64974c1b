import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from bus.vocabulary import PrinterState, PrintOutcome
from config.settings import NetworkPrinter
from hardware.printer import (
    Level,
    Pace,
    Printer,
    PrinterHealth,
    PrinterTimeout,
    PrinterUnavailable,
    PrintResult,
    PrintStation,
    Reason,
    Settlement,
    StationHealth,
    open_printer,
)
from paper import Ticket

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
Results = queue.Queue[PrintResult]
PRINTED, FAILED, UNKNOWN = PrintOutcome.PRINTED, PrintOutcome.FAILED, PrintOutcome.UNKNOWN


class ScriptedPrinter:
    """A printer that does what the test says."""

    dots = 576
    level = Level.FULL

    def __init__(self, name: str = "first") -> None:
        self.name = name
        self.state: PrinterState | Exception = PrinterState.READY
        self.result: PrintOutcome | Exception = PRINTED
        self.printed: list[str] = []
        self.copies: list[str] = []
        self.settlement = Settlement.NOTHING
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
        (self.copies if ticket.copy else self.printed).append(ticket.number)
        return PrintResult(self.result, printer=self.name)

    def settle(self) -> Settlement:
        return self.settlement

    def close(self) -> None:
        self.closed = True


class Wiring:
    """A station of scripted printers, and what it tells."""

    def __init__(self) -> None:
        self.healths: queue.Queue[StationHealth] = queue.Queue()
        self.results: Results = queue.Queue()
        self.stations: list[PrintStation] = []

    def station(self, *printers: Printer, check_every_s: float = 0.02) -> PrintStation:
        station = PrintStation(
            printers,
            self.healths.put,
            now=lambda: NOON,
            encode=lambda ticket, _: ticket.number.encode(),
            pace=Pace(reopen_after_s=(0.02, 0.04), check_every_s=check_every_s),
        )
        self.stations.append(station)
        station.start()
        return station

    def state(self) -> PrinterState:
        return self.healths.get(timeout=60).state

    def result(self) -> PrintResult:
        return self.results.get(timeout=60)


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


def states(station: PrintStation) -> dict[str, PrinterState]:
    return {name: printer.state for name, printer in station.health.printers.items()}


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
    assert station.health == StationHealth(
        PrinterState.READY, {"first": PrinterHealth(PrinterState.READY, Level.FULL)}
    )
    assert wiring.healths.empty()


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
    until(lambda: set(states(station).values()) == {PrinterState.READY})
    first.result = first.state = PrinterUnavailable("pulled")
    station.submit(ticket, wiring.results.put)
    assert wiring.result() == PrintResult(PRINTED, None, "second")
    station.submit(ticket, wiring.results.put)
    assert wiring.result().printer == "second"
    assert station.health.state is PrinterState.READY
    first.result, first.state = PRINTED, PrinterState.READY
    until(lambda: states(station)["first"] is PrinterState.READY)
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
    assert station.health.state is PrinterState.OFFLINE


def test_a_ticket_that_cannot_be_drawn_fails_alone(
    ticket: Ticket, expected_warnings: list[str]
) -> None:
    expected_warnings.append("ticket not drawn")

    def encode(drawn: Ticket, _: Printer) -> bytes:
        if drawn.number == "bad":
            raise ValueError(drawn.number)
        return drawn.number.encode()

    results: Results = queue.Queue()
    station = PrintStation([ScriptedPrinter()], now=lambda: NOON, encode=encode)
    station.start()
    station.submit(replace(ticket, number="bad"), results.put)
    station.submit(ticket, results.put)
    assert results.get(timeout=60) == PrintResult(FAILED, Reason.FAULT, "first")
    assert results.get(timeout=60).outcome is PRINTED
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


ODD = [ValueError("odd"), UnicodeError("label empty or too long"), KeyError("odd"), RuntimeError()]


@pytest.mark.parametrize("error", ODD)
def test_an_error_of_ours_fails_the_ticket_and_the_printer_goes_on(
    wiring: Wiring, ticket: Ticket, error: Exception, expected_warnings: list[str]
) -> None:
    expected_warnings += ["device thread failed thread=print-first", "state=fault"]
    printer = ScriptedPrinter()
    printer.result = error
    station = wiring.station(printer, check_every_s=60)
    assert wiring.state() is PrinterState.READY
    station.submit(ticket, wiring.results.put)
    assert wiring.result() == PrintResult(FAILED, Reason.FAULT, "first")
    assert wiring.state() is PrinterState.FAULT
    assert printer.closed
    printer.result = PRINTED
    assert wiring.state() is PrinterState.READY
    station.submit(ticket, wiring.results.put)
    assert wiring.result().outcome is PRINTED
    assert wiring.results.empty()


def test_a_printer_that_cannot_even_be_asked_is_at_fault_and_asked_again(
    wiring: Wiring, ticket: Ticket, expected_warnings: list[str]
) -> None:
    expected_warnings += ["device thread failed", "state=fault"]
    printer = ScriptedPrinter()
    printer.state = ValueError("odd")
    station = wiring.station(printer)
    assert wiring.state() is PrinterState.FAULT
    station.submit(ticket, wiring.results.put)
    assert wiring.result() == PrintResult(FAILED, Reason.DEVICE_FAULT, "first")
    printer.state = PrinterState.READY
    assert wiring.state() is PrinterState.READY


def test_a_host_name_that_is_none_fails_the_ticket_and_not_the_thread(
    wiring: Wiring, ticket: Ticket, tmp_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings += ["device thread failed", "state=fault"]
    typo = msgspec.structs.replace(NetworkPrinter(host=""), host="192.168.1..50")
    station = wiring.station(open_printer(typo, tmp_path, "kiosk-1"))
    assert wiring.state() is PrinterState.FAULT
    for _ in range(2):
        station.submit(ticket, wiring.results.put)
        assert wiring.result().outcome is FAILED


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


def test_says_of_each_printer_when_it_last_proved_a_print(wiring: Wiring, ticket: Ticket) -> None:
    station = wiring.station(ScriptedPrinter(), check_every_s=60)
    assert wiring.state() is PrinterState.READY
    station.submit(ticket, wiring.results.put)
    assert wiring.result().outcome is PRINTED
    assert station.health.printers["first"].last_proof == NOON


def stops_in_the_middle(wiring: Wiring, ticket: Ticket) -> tuple[ScriptedPrinter, PrintStation]:
    """Let the paper end in the middle of `ticket`."""
    printer = ScriptedPrinter()
    station = wiring.station(printer)
    assert wiring.state() is PrinterState.READY
    printer.result, printer.settlement = UNKNOWN, Settlement.WAITING
    printer.gate.clear()
    station.submit(ticket, wiring.results.put)
    assert printer.busy.wait(5)
    printer.state = PrinterState.PAPER_OUT
    printer.gate.set()
    assert wiring.result().outcome is UNKNOWN
    until(lambda: station.health.state is PrinterState.PAPER_OUT)
    return printer, station


def test_a_ticket_that_comes_out_by_itself_is_told_late(wiring: Wiring, ticket: Ticket) -> None:
    printer, _ = stops_in_the_middle(wiring, ticket)
    printer.state, printer.settlement = PrinterState.READY, Settlement.PRINTED
    assert wiring.result() == PrintResult(PRINTED, None, "first", late=True)
    assert (printer.printed, printer.copies) == ([ticket.number], [])


def test_a_lost_ticket_is_told_and_not_printed_again(wiring: Wiring, ticket: Ticket) -> None:
    printer, station = stops_in_the_middle(wiring, ticket)
    printer.state, printer.settlement = PrinterState.READY, Settlement.LOST
    printer.result = PRINTED
    assert wiring.result() == PrintResult(UNKNOWN, None, "first", late=True, lost=True)
    station.submit(replace(ticket, number="2006"), wiring.results.put)
    assert wiring.result() == PrintResult(PRINTED, None, "first")
    assert (printer.printed, printer.copies) == ([ticket.number, "2006"], [])


def test_an_unknown_end_is_told_late_if_proof_comes(wiring: Wiring, ticket: Ticket) -> None:
    printer = ScriptedPrinter()
    station = wiring.station(printer, check_every_s=60)
    assert wiring.state() is PrinterState.READY
    printer.result, printer.settlement = UNKNOWN, Settlement.WAITING
    station.submit(ticket, wiring.results.put)
    assert wiring.result() == PrintResult(UNKNOWN, None, "first")
    printer.settlement = Settlement.PRINTED
    assert wiring.result() == PrintResult(PRINTED, None, "first", late=True)


def test_tickets_that_keep_coming_do_not_put_off_the_look_at_the_printer(
    wiring: Wiring, ticket: Ticket
) -> None:
    printer = ScriptedPrinter()
    printer.state = PrinterUnavailable("switched off")
    station = wiring.station(printer, check_every_s=60)
    until(lambda: station.health.state is PrinterState.OFFLINE)
    printer.state = PrinterState.READY

    def printed() -> bool:
        station.submit(ticket, wiring.results.put)
        return wiring.result().outcome is PRINTED

    until(printed)
