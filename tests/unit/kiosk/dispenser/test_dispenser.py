"""From a push to a paper, over the memory bus: with and without the service, and with trouble."""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from msgspec.structs import replace

from bus.commands import IssueTicket, ReportPrint
from bus.health import KioskHealth
from bus.states import BookMark
from bus.vocabulary import Error, PrinterState, PrintOutcome, TicketClass, UnitState
from config import Centre
from config.settings import DispenserBox, DispenserButton, SerialButtons
from hall.citizen.session import Page
from hardware.keypad import Press, PressHandler, Readout, StateHandler
from hardware.printer import Reason, StationHealth
from kiosk.dispenser.dispenser import Dispenser
from kiosk.dispenser.pushes import MOST_WAITING

BOX = DispenserBox(
    line=SerialButtons(url="/dev/null"),
    buttons={
        "b1": DispenserButton(service="CERT"),
        "b2": DispenserButton(service="CIVIL"),
        "b3": DispenserButton(service="CERT", priority=True),
        "b4": DispenserButton(service="GONE"),
    },
)


@dataclass
class FakeButtons:
    """A box of buttons that tells its pushes on a thread of its own, as the drivers do."""

    name: str = "dispenser"
    units: Mapping[str, int] = field(default_factory=lambda: {"dispenser-1": 1})
    shown: list[Readout] = field(default_factory=list)
    refused: list[Error] = field(default_factory=list)
    stopped: bool = False
    on_press: PressHandler = lambda _press: None
    on_state: StateHandler = lambda _unit, _state, _why: None

    def start(self, on_press: PressHandler, on_state: StateHandler) -> None:
        self.on_press, self.on_state = on_press, on_state

    def show(self, unit: str, readout: Readout) -> None:
        assert unit in self.units
        self.shown.append(readout)

    def refuse(self, unit: str, why: Error) -> None:
        assert unit in self.units
        self.refused.append(why)

    def dropped(self) -> Mapping[str, int]:
        return {}

    def unknown_buttons(self) -> Mapping[str, Press]:
        return {}

    def stop(self) -> None:
        self.stopped = True

    @property
    def lit(self) -> bool:
        return bool(self.shown) and self.shown[-1].waiting is not None


@dataclass
class Bench:
    """A kiosk with buttons, its service and its printer."""

    hall: Any
    buttons: FakeButtons
    dispenser: Dispenser

    def push(self, *keys: str, pause_s: float = 0.0) -> None:
        for key in keys:
            press = Press("dispenser-1", self.hall.clock.monotonic(), key=key)
            thread = threading.Thread(target=self.buttons.on_press, args=(press,))
            thread.start()
            thread.join()
            self.hall.clock.advance(pause_s)

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait, and let what was put off for no time be done."""

        def done() -> bool:
            now = [call for seconds, call in self.hall.later.calls if not seconds]
            self.hall.later.calls = [each for each in self.hall.later.calls if each[0]]
            for call in now:
                call()
            return condition()

        self.hall.until(done)

    @property
    def numbers(self) -> list[str]:
        return [paper.number for paper in self.hall.printer.papers]

    def printer_is(self, state: PrinterState) -> None:
        self.hall.kiosk.printing.tell_health(StationHealth(state, {}))
        self.until(lambda: self.hall.kiosk.printing.state is state)

    @property
    def health(self) -> KioskHealth:
        found = self.hall.link._health  # what the next beat says
        assert isinstance(found, KioskHealth)
        return found


Build = Callable[..., Bench]


@pytest.fixture
def bench_of(build: Callable[..., Any]) -> Iterator[Build]:
    made: list[Bench] = []

    def make(**how: Any) -> Bench:  # noqa: ANN401
        hall, buttons = build(**how), FakeButtons()
        dispenser = Dispenser(
            hall.kiosk,
            BOX,
            buttons,
            real_monotonic=hall.clock.monotonic,
            after=hall.later,
            now=hall.link.now,
        )
        dispenser.start()
        made.append(Bench(hall, buttons, dispenser))
        return made[-1]

    yield make
    for bench in made:
        bench.dispenser.stop()


@pytest.fixture
def bench(bench_of: Build) -> Bench:
    return bench_of()


def test_a_push_is_a_number_on_paper(bench: Bench) -> None:
    bench.push("b1")
    bench.until(lambda: bench.numbers == ["1001"])
    (asked,) = bench.hall.service.of(IssueTicket)
    assert (asked.service, asked.ticket_class) == ("CERT", TicketClass.NORMAL)
    bench.until(lambda: bool(bench.hall.service.of(ReportPrint)))
    (report,) = bench.hall.service.of(ReportPrint)
    assert report.outcome is PrintOutcome.PRINTED
    assert bench.buttons.lit


def test_the_button_for_priority(bench: Bench) -> None:
    bench.push("b3", "b1")
    bench.until(lambda: len(bench.numbers) == 2)
    classes = [asked.ticket_class for asked in bench.hall.service.of(IssueTicket)]
    assert classes == [TicketClass.PRIORITY, TicketClass.NORMAL]  # it is not left switched on


def test_chatter_is_one_push_and_two_people_are_two(bench: Bench) -> None:
    bench.push(*["b1"] * 20, pause_s=0.04)
    bench.hall.clock.advance(1.0)
    bench.push("b1")
    bench.until(lambda: len(bench.numbers) == 2)
    assert len(bench.hall.service.of(IssueTicket)) == 2


def test_pushes_while_a_paper_is_printed_are_neither_lost_nor_doubled(bench: Bench) -> None:
    bench.hall.printer.result = None  # the paper comes, and comes, and comes
    bench.push("b1", "b2", "b1", pause_s=1.2)
    bench.until(lambda: bench.numbers == ["1001", "2001", "1002"])
    bench.hall.printer.held.clear()
    assert len(bench.hall.service.of(IssueTicket)) == 3


def test_pushes_while_a_number_is_fetched_wait_and_are_bounded(bench: Bench) -> None:
    service = bench.hall.service
    service.answering = False
    bench.push("b1")
    bench.until(lambda: len(service.of(IssueTicket)) == 1)
    bench.push(*["b2", "b1"] * MOST_WAITING, pause_s=0.6)
    bench.until(lambda: Error.TOO_FAST in bench.buttons.refused)
    assert len(service.of(IssueTicket)) == 1
    service.answering = True
    service.answer(service.of(IssueTicket)[0])
    bench.until(lambda: len(bench.numbers) == 1 + MOST_WAITING)
    assert len(set(bench.numbers)) == len(bench.numbers)


def test_without_the_service_numbers_come_from_the_book(bench: Bench) -> None:
    service = bench.hall.service
    service.answering = False
    bench.push("b2")
    bench.until(lambda: bool([s for s, _ in bench.hall.later.calls if s]))
    bench.hall.later.pass_time()  # a second without an answer
    bench.until(lambda: bench.numbers == ["2901"])
    assert bench.hall.printer.papers[0].offline
    bench.until(lambda: any(each.number for each in service.of(IssueTicket)))
    delivery = next(each for each in service.of(IssueTicket) if each.number)
    assert delivery.number == "2901"
    service.answer(delivery)
    bench.until(lambda: bench.hall.kiosk._desk.book.deliveries == ())


def test_a_box_that_starts_again_gives_no_number_twice(bench_of: Build) -> None:
    first = bench_of()
    first.hall.service_dies()
    first.push("b2")
    first.until(lambda: bool([s for s, _ in first.hall.later.calls if s]))
    first.hall.later.pass_time()
    first.until(lambda: first.numbers == ["2901"])
    first.hall.link.stop()
    first.dispenser.stop()

    def knows(service: Any) -> None:  # noqa: ANN401
        service.books = (BookMark(kiosk="kiosk-1", service="CIVIL", highest=0),)

    again = bench_of(before=knows)
    again.hall.service_dies()
    again.push("b2")
    again.until(lambda: bool([s for s, _ in again.hall.later.calls if s]))
    again.hall.later.pass_time()
    again.until(lambda: bool(again.numbers))
    assert again.numbers == ["2902"]


@pytest.mark.parametrize(
    ("state", "title", "advice"),
    [
        ({"open": False, "why": "full"}, "hết số hôm nay", "liên hệ quầy"),
        ({"open": False, "why": "hours"}, "Ngoài giờ lấy số", "hỏi quầy"),
    ],
)
def test_a_closed_or_full_service_prints_why(
    bench: Bench, state: dict[str, Any], title: str, advice: str
) -> None:
    bench.hall.service.standing("CERT", **state)
    bench.hall.service.publish()
    bench.until(lambda: bench.hall.kiosk.offer.tile("CERT").notice is not None)
    bench.push("b1")
    bench.until(lambda: len(bench.hall.printer.papers) == 1)
    (paper,) = bench.hall.printer.papers
    assert paper.notice
    assert title in paper.service
    assert advice in paper.footer[0]
    assert bench.hall.service.of(IssueTicket) == []
    bench.hall.clock.advance(2)
    bench.push("b1", "b2", pause_s=1)  # the same paper once in ten seconds, others as ever
    bench.until(lambda: len(bench.hall.printer.papers) == 2)
    assert not bench.hall.printer.papers[1].notice
    assert len(bench.buttons.refused) == 2


def test_when_it_opens_stands_on_the_paper(bench: Bench) -> None:
    opens = bench.hall.clock.now().replace(hour=6, minute=30)  # 13:30 in the hall
    bench.hall.service.standing("CERT", open=False, why="paused", opens_at=opens)
    bench.hall.service.publish()
    bench.until(lambda: bench.hall.kiosk.offer.tile("CERT").notice is not None)
    bench.push("b1")
    bench.until(lambda: len(bench.hall.printer.papers) == 1)
    assert "13:30" in bench.hall.printer.papers[0].footer[0]


def test_the_service_refuses_a_number_after_all(bench: Bench) -> None:
    bench.hall.service.errors[IssueTicket] = Error.FULL
    bench.push("b1")
    bench.until(lambda: len(bench.hall.printer.papers) == 1)
    assert bench.hall.printer.papers[0].notice
    assert bench.buttons.refused == [Error.FULL]
    bench.hall.service.errors.clear()
    bench.push("b2")
    bench.until(lambda: bench.numbers[-1] == "2001")


def test_a_push_while_a_refusal_is_told_takes_nothing_from_it(bench: Bench) -> None:
    bench.hall.service.errors[IssueTicket] = Error.FULL
    bench.push("b1")
    bench.hall.until(lambda: bench.hall.kiosk.session.page is Page.NOTICE)
    bench.push("b2")  # before the first person's paper was begun
    bench.hall.qtbot.wait(50)
    bench.until(lambda: len(bench.hall.printer.papers) == 2)
    first, second = (paper.service for paper in bench.hall.printer.papers)
    assert "Chứng thực" in first
    assert "Hộ tịch" in second


def test_without_paper_there_is_no_number(bench: Bench) -> None:
    bench.printer_is(PrinterState.PAPER_OUT)
    bench.until(lambda: not bench.buttons.lit)
    bench.push("b1")
    bench.until(lambda: bench.buttons.refused == [Error.UNAVAILABLE])
    assert bench.hall.service.of(IssueTicket) == []
    assert bench.health.trouble is PrinterState.PAPER_OUT  # rings at the counters
    bench.printer_is(PrinterState.READY)
    bench.until(lambda: bench.buttons.lit)
    bench.push("b2")
    bench.until(lambda: bench.numbers == ["2001"])


def test_a_paper_that_stuck_is_told_to_the_counters(bench: Bench) -> None:
    bench.hall.printer.ends(PrintOutcome.FAILED, Reason.PAPER_OUT)
    bench.push("b1")
    bench.until(lambda: bench.health.lost_papers == ("1001",))


def test_a_button_of_nothing_is_refused(bench: Bench) -> None:
    bench.push("b4", "b9")
    bench.until(lambda: bench.buttons.refused == [Error.UNAVAILABLE])
    assert bench.hall.service.of(IssueTicket) == []


def test_a_roll_has_no_button(bench_of: Build, centre: Centre) -> None:
    services = tuple(
        replace(one, roll_last=899) if one.code == "CERT" else one for one in centre.services
    )
    bench = bench_of(of_centre=replace(centre, services=services))
    bench.push("b1")
    bench.until(lambda: len(bench.hall.printer.papers) == 1)
    assert "cuộn giấy" in bench.hall.printer.papers[0].service
    assert bench.hall.service.of(IssueTicket) == []


@pytest.mark.parametrize("state", [UnitState.OFFLINE, UnitState.FAULT, UnitState.SHARED])
def test_an_unplugged_box_is_told(
    bench: Bench, state: UnitState, expected_warnings: list[str]
) -> None:
    expected_warnings.append("buttons")
    bench.buttons.on_state("dispenser-1", state, "unplugged")
    bench.until(lambda: bench.health.buttons is state)
    assert bench.health.buttons_lost
    bench.buttons.on_state("dispenser-1", UnitState.READY, "")
    bench.until(lambda: not bench.health.buttons_lost)


def test_who_never_heard_the_service_gives_nothing(bench_of: Build) -> None:
    bench = bench_of(with_service=False)
    bench.push("b1")
    bench.until(lambda: bench.buttons.refused == [Error.UNAVAILABLE])
    assert bench.hall.printer.papers == []
    assert not bench.buttons.lit
