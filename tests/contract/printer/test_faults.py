"""What becomes of tickets when the printer fails: never two originals, never a third paper."""

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bus.vocabulary import PrinterState, PrintOutcome
from hardware.printer import Pace, PrintResult, PrintStation, Reason
from paper import encode_ticket, sample_ticket
from simulators.printer import Paper

TICKET = replace(sample_ticket(), number="2005")
COPY = replace(TICKET, copy=True)
NEXT = replace(TICKET, number="2006")
ORIGINAL, COPIED, FOLLOWING = (encode_ticket(ticket, 576) for ticket in (TICKET, COPY, NEXT))
PRINTED, FAILED, UNKNOWN = PrintOutcome.PRINTED, PrintOutcome.FAILED, PrintOutcome.UNKNOWN
DRIVERS = ["network", "serial", "usb", pytest.param("character_device", marks=pytest.mark.full)]
TROUBLES = [
    ({"paper": Paper.OUT}, {"paper": Paper.OK}, Reason.PAPER_OUT),
    ({"cover_open": True}, {"cover_open": False}, Reason.COVER_OPEN),
]


class Desk:
    """A station of one or two printers, and what it tells."""

    def __init__(self, *rigs: Any) -> None:  # noqa: ANN401 - the type lives in conftest.py
        self.rigs = rigs
        self.results: queue.Queue[PrintResult] = queue.Queue()
        self.station = PrintStation(
            [rig.printer for rig in rigs],
            now=lambda: datetime(2026, 11, 23, tzinfo=UTC),
            pace=Pace(reopen_after_s=(0.05, 0.1), check_every_s=0.1),
        )
        self.station.start()
        self.until(PrinterState.READY)

    def until(self, state: PrinterState) -> None:
        self.wait(lambda: self.station.health.state is state)

    @staticmethod
    def wait(claim: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        pause = threading.Event()
        while not claim():
            assert time.monotonic() < deadline
            pause.wait(0.005)

    def ask(self, ticket: Any) -> None:  # noqa: ANN401
        self.station.submit(ticket, self.results.put)

    def result(self) -> PrintResult:
        return self.results.get(timeout=60)

    def prints(self, ticket: Any) -> PrintResult:  # noqa: ANN401
        self.ask(ticket)
        return self.result()

    def papers(self, rig: int = 0) -> list[bytes]:
        papers: list[bytes] = self.rigs[rig].tray.papers
        return papers


@pytest.fixture
def seat(build: Callable[..., Any], expected_warnings: list[str]) -> Iterator[Callable[..., Desk]]:
    """Return a function that puts drivers, each `(driver, profile)`, into a station."""
    expected_warnings += ["printer state=", "job broken off"]
    with contextlib.ExitStack() as ending:

        def make(*drivers: tuple[str, str]) -> Desk:
            desk = Desk(*(build(driver, profile, tested=True) for driver, profile in drivers))
            ending.callback(desk.station.stop)
            return desk

        yield make


@pytest.mark.parametrize("driver", DRIVERS)
def test_paper_out_before_a_ticket(seat: Callable[..., Desk], driver: str) -> None:
    desk = seat((driver, "full"))
    desk.rigs[0].machine.change(paper=Paper.OUT)
    result = desk.prints(TICKET)
    assert (result.outcome, result.reason) == (FAILED, Reason.PAPER_OUT)
    desk.until(PrinterState.PAPER_OUT)
    desk.rigs[0].machine.change(paper=Paper.OK)
    desk.until(PrinterState.READY)
    assert desk.prints(NEXT).outcome is PRINTED
    assert desk.papers() == [FOLLOWING]


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize(
    "profile", ["full", *(pytest.param(one, marks=pytest.mark.full) for one in ("plain", "basic"))]
)
@pytest.mark.parametrize(("trouble", "mended", "reason"), TROUBLES)
def test_stopped_in_the_middle_of_a_band(
    seat: Callable[..., Desk],
    driver: str,
    profile: str,
    trouble: dict[str, object],
    mended: dict[str, object],
    reason: Reason,
) -> None:
    desk = seat((driver, profile))
    desk.rigs[0].machine.change_after(5000, **trouble)
    result = desk.prints(TICKET)
    assert (result.outcome, result.reason) == (UNKNOWN, reason)
    desk.until(PrinterState(reason.value))
    assert desk.papers() == []
    desk.rigs[0].machine.change(**mended)
    late = desk.result()
    assert (late.outcome, late.late, late.lost) == (PRINTED, True, False)
    desk.until(PrinterState.READY)
    assert desk.prints(NEXT).outcome is PRINTED
    assert desk.papers() == [ORIGINAL, FOLLOWING]
    assert desk.results.empty()


@pytest.mark.parametrize("driver", DRIVERS)
def test_paper_out_after_a_ticket(seat: Callable[..., Desk], driver: str) -> None:
    desk = seat((driver, "full"))
    rig = desk.rigs[0]
    rig.on_paper.append(lambda: rig.machine.change_after(40, paper=Paper.OUT))
    assert desk.prints(TICKET).outcome is PRINTED
    rig.on_paper.clear()
    rig.machine.change(paper=Paper.OUT)
    desk.until(PrinterState.PAPER_OUT)
    assert desk.prints(NEXT).reason is Reason.PAPER_OUT
    assert desk.papers() == [ORIGINAL]


@pytest.mark.parametrize("driver", DRIVERS)
def test_what_is_lost_is_told_and_leaves_room_for_a_marked_copy(
    seat: Callable[..., Desk], driver: str
) -> None:
    desk = seat((driver, "full"))
    rig = desk.rigs[0]
    rig.machine.change_after(5000, paper=Paper.OUT)
    assert desk.prints(TICKET).outcome is UNKNOWN
    rig.port.switch_off()
    desk.until(PrinterState.OFFLINE)
    rig.machine.change(paper=Paper.OK)
    rig.port.plug()
    late = desk.result()
    assert (late.outcome, late.late, late.lost) == (UNKNOWN, True, True)
    assert desk.prints(COPY).outcome is PRINTED
    assert desk.prints(NEXT).outcome is PRINTED
    assert len(desk.papers()) == 2
    assert desk.papers()[0].endswith(COPIED), "the torn original sticks to it"
    assert desk.papers()[1] == FOLLOWING
    assert desk.results.empty()


@pytest.mark.parametrize("driver", DRIVERS)
def test_power_fails_between_the_bytes_and_the_proof(
    seat: Callable[..., Desk], driver: str
) -> None:
    desk = seat((driver, "full"))
    rig = desk.rigs[0]
    rig.on_paper.append(rig.port.switch_off)
    result = desk.prints(TICKET)
    assert (result.outcome, result.reason) == (UNKNOWN, Reason.NO_ANSWER)
    rig.on_paper.clear()
    desk.until(PrinterState.OFFLINE)
    rig.port.plug()
    desk.until(PrinterState.READY)
    assert desk.prints(NEXT) == PrintResult(PRINTED, None, rig.printer.name)
    assert desk.papers() == [ORIGINAL, FOLLOWING], "nobody knows, so nobody prints it again"
    assert desk.results.empty()


@pytest.mark.parametrize("driver", DRIVERS)
def test_unplugged_and_plugged_in_again(seat: Callable[..., Desk], driver: str) -> None:
    desk = seat((driver, "full"))
    desk.rigs[0].port.unplug()
    desk.until(PrinterState.OFFLINE)
    result = desk.prints(TICKET)
    assert (result.outcome, result.reason) == (FAILED, Reason.OFFLINE)
    desk.rigs[0].port.plug()
    desk.until(PrinterState.READY)
    assert desk.prints(NEXT).outcome is PRINTED
    assert desk.papers() == [FOLLOWING]


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_printer_that_stalls_keeps_nobody_waiting(seat: Callable[..., Desk], driver: str) -> None:
    desk = seat((driver, "full"))
    machine = desk.rigs[0].machine
    began = time.monotonic()
    machine.stalled = True
    for ticket in (TICKET, NEXT):
        desk.ask(ticket)
    assert time.monotonic() - began < 0.2
    assert {desk.result().outcome, desk.result().outcome} == {FAILED}
    desk.until(PrinterState.OFFLINE)
    machine.stalled = False
    desk.until(PrinterState.READY)
    assert desk.prints(NEXT).outcome is PRINTED
    assert desk.papers() == [FOLLOWING], "what failed for certain never comes out"


def test_a_ticket_that_was_late_is_told_so(seat: Callable[..., Desk]) -> None:
    desk = seat(("network", "full"))
    rig = desk.rigs[0]
    rig.on_paper.append(lambda: setattr(rig.machine, "late_s", 0.8))
    result = desk.prints(TICKET)
    assert (result.outcome, result.reason) == (UNKNOWN, Reason.NO_ANSWER)
    late = desk.result()
    assert (late.outcome, late.late, late.lost) == (PRINTED, True, False)
    assert desk.papers() == [ORIGINAL]


def test_the_second_printer_takes_over_and_no_third_paper_comes(
    seat: Callable[..., Desk],
) -> None:
    desk = seat(("network", "full"), ("usb", "plain"))
    first = desk.rigs[0]
    first.machine.change_after(5000, paper=Paper.OUT)
    assert desk.prints(TICKET).outcome is UNKNOWN
    desk.wait(lambda: desk.station.health.printers["network"].state is PrinterState.PAPER_OUT)
    assert desk.station.health.state is PrinterState.READY
    assert desk.prints(NEXT) == PrintResult(PRINTED, None, "usb")
    assert desk.prints(COPY) == PrintResult(PRINTED, None, "usb")
    first.port.switch_off()
    first.machine.change(paper=Paper.OK)
    first.port.plug()
    desk.wait(lambda: desk.station.health.printers["network"].state is PrinterState.READY)
    assert desk.result().lost
    assert desk.prints(NEXT) == PrintResult(PRINTED, None, "network")
    assert desk.papers(1) == [FOLLOWING, COPIED]
    assert [paper.endswith(FOLLOWING) for paper in desk.papers(0)] == [True]
