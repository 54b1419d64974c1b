"""The kiosk over the memory bus, with a service that answers."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from bus import health
from bus.codec import encode
from bus.commands import (
    IssuedTicket,
    IssueTicket,
    ReportPrint,
    ReprintTicket,
    RequestHelp,
    VoidTicket,
)
from bus.health import KioskHealth, ServiceHealth, health_as
from bus.states import ConfigState, HelpCall
from bus.topics import Topics
from bus.vocabulary import Error, PrinterState, PrintOutcome, TicketClass
from hall.citizen.session import Help, Page, PageNotice, Paper, Voiding
from hall.model import SILENCE_S
from hardware.printer import Level, PrinterHealth, PrintResult, Reason, StationHealth
from kiosk.paper_record import PaperRecord
from kiosk.screens import KioskScreens

TOPICS = Topics("nhi-chieu")


def on_ticket(hall: Any) -> bool:
    return bool(hall.kiosk.session.page is Page.TICKET)


def help_is(hall: Any, state: Help) -> bool:
    return bool(hall.kiosk.session.help is state)


def paper_is(hall: Any, paper: Paper) -> bool:
    ticket = hall.kiosk.session.ticket
    return ticket is not None and bool(ticket.paper is paper)


def noticed(hall: Any, notice: PageNotice) -> None:
    hall.until(lambda: hall.kiosk.session.notice is notice)


def test_a_touch_gives_a_number_and_one_paper(hall: Any) -> None:
    hall.kiosk.toggle_priority()
    hall.take("CIVIL")
    hall.until(lambda: on_ticket(hall))
    ticket = hall.kiosk.session.ticket
    assert (ticket.number, ticket.ahead, ticket.wait_min) == ("2001", 2, (5, 10))
    (command,) = hall.service.of(IssueTicket)
    assert (command.service, command.ticket_class, command.lang) == (
        "CIVIL",
        TicketClass.PRIORITY,
        "vi",
    )
    hall.until(lambda: len(hall.service.of(ReportPrint)) == 1)
    report = hall.service.of(ReportPrint)[0]
    assert (report.ticket, report.outcome, report.copy) == (
        ticket.ticket,
        PrintOutcome.PRINTED,
        False,
    )
    (paper,) = hall.printer.papers
    assert (paper.number, paper.service, paper.ahead) == ("2001", "Hộ tịch", 2)
    assert f"{paper.issued_at:%H:%M}" == "08:24"
    assert paper.footer[1] == "Số chỉ có giá trị trong ngày."


def test_who_reads_large_text_gets_the_large_paper_and_its_copy_alike(hall: Any) -> None:
    hall.printer.ends(PrintOutcome.UNKNOWN, Reason.INTERRUPTED)
    hall.kiosk.toggle_large()
    hall.take("CIVIL")
    hall.until(lambda: paper_is(hall, Paper.UNKNOWN))
    hall.pause()
    hall.kiosk.copy()
    hall.until(lambda: len(hall.printer.papers) == 2)
    assert [(paper.large, paper.copy) for paper in hall.printer.papers] == [
        (True, False),
        (True, True),
    ]


def test_two_touches_give_one_ticket(hall: Any) -> None:
    hall.service.answering = False
    hall.take("CIVIL")
    hall.kiosk.choose("CIVIL")
    hall.kiosk.choose("CERT")
    hall.until(lambda: len(hall.service.received) == 1)
    hall.service.answer(hall.service.received[0])
    hall.until(lambda: on_ticket(hall))
    hall.kiosk.finish()
    assert on_ticket(hall), "the second tap of the gesture must not close what it opened"
    assert len(hall.printer.papers) == 1


def test_the_next_citizen_finds_everything_as_it_was(hall: Any) -> None:
    hall.kiosk.toggle_language()
    hall.kiosk.toggle_large()
    hall.take("TAX")
    hall.until(lambda: on_ticket(hall))
    assert hall.printer.papers[0].service == "Tax"
    hall.pause()
    hall.kiosk.finish()
    assert hall.kiosk.session.at_rest
    assert hall.languages == ["en", "vi"]


@pytest.mark.parametrize(
    ("error", "notice"),
    [
        (Error.CLOSED, PageNotice.CLOSED),
        (Error.FULL, PageNotice.FULL),
        (Error.TOO_FAST, PageNotice.TOO_FAST),
        (Error.UNAVAILABLE, PageNotice.UNAVAILABLE),
        (Error.INVALID, PageNotice.UNAVAILABLE),
    ],
)
def test_a_refusal_is_shown_and_returns(hall: Any, error: Error, notice: PageNotice) -> None:
    hall.service.errors[IssueTicket] = error
    hall.take("CIVIL")
    noticed(hall, notice)
    assert hall.printer.papers == []
    hall.clock.advance(12)
    hall.kiosk.tick()
    assert hall.kiosk.session.page is Page.HOME


def test_a_closed_tile_explains_itself_without_asking(hall: Any) -> None:
    hall.service.standing("SI", open=False, why="full")
    hall.service.publish()
    hall.until(lambda: not hall.kiosk.offer.tile("SI").open)
    hall.take("SI")
    assert hall.kiosk.session.notice is PageNotice.FULL
    assert hall.service.of(IssueTicket) == []
    hall.pause()
    hall.kiosk.close_notice()
    assert hall.kiosk.session.page is Page.HOME


def test_a_wrong_choice_is_given_back(hall: Any) -> None:
    hall.take("CIVIL")
    hall.until(lambda: on_ticket(hall))
    ticket = hall.kiosk.session.ticket.ticket
    hall.pause()
    hall.kiosk.void()
    assert hall.service.of(VoidTicket) == [], "nothing is given back unasked"
    hall.pause()
    hall.kiosk.ask_void()
    hall.kiosk.void()
    assert hall.service.of(VoidTicket) == [], "the second tap of the gesture is no answer"
    hall.pause()
    hall.kiosk.void()
    hall.kiosk.void()
    noticed(hall, PageNotice.VOIDED)
    (command,) = hall.service.of(VoidTicket)
    assert command.ticket == ticket
    assert hall.kiosk.session.about == "2001"


def test_a_number_that_cannot_be_given_back_stays_valid(hall: Any) -> None:
    hall.service.errors[VoidTicket] = Error.NOT_ALLOWED
    hall.take("CIVIL")
    hall.until(lambda: on_ticket(hall))
    hall.clock.advance(61)
    hall.kiosk.ask_void()
    hall.pause()
    hall.kiosk.void()
    assert hall.service.of(VoidTicket) == []
    hall.pause()
    hall.kiosk.finish()
    hall.take("CIVIL")
    hall.until(lambda: on_ticket(hall))
    hall.pause()
    hall.kiosk.ask_void()
    hall.pause()
    hall.kiosk.void()
    noticed(hall, PageNotice.NOT_VOIDED)


def test_who_keeps_the_number_keeps_it(hall: Any) -> None:
    hall.take("CIVIL")
    hall.until(lambda: on_ticket(hall))
    hall.pause()
    hall.kiosk.ask_void()
    hall.pause()
    hall.kiosk.keep_number()
    hall.pause()
    hall.kiosk.void()
    assert hall.service.of(VoidTicket) == []
    assert on_ticket(hall)


def test_a_tap_during_the_countdown_only_keeps_the_page(hall: Any) -> None:
    """Also one whose finger was down before the countdown came, and its second tap."""
    hall.printer.ends(PrintOutcome.FAILED, Reason.PAPER_OUT)
    hall.take("CIVIL")
    hall.until(lambda: paper_is(hall, Paper.FAILED))
    hall.clock.advance(46)
    hall.kiosk.tick()
    assert hall.kiosk.session.left_s is not None
    for tap in (hall.kiosk.ask_void, hall.kiosk.finish, hall.kiosk.ask_void):
        tap()
        hall.clock.advance(0.2)
        assert on_ticket(hall)
        assert hall.kiosk.session.ticket.voiding is Voiding.NO
        assert hall.kiosk.session.left_s is None
    hall.pause()
    hall.kiosk.finish()
    assert hall.kiosk.session.at_rest


def test_a_paper_that_fails_after_its_page_went_home_is_told_the_counters(hall: Any) -> None:
    hall.printer.result = None
    for service in ("CIVIL", "CERT"):
        hall.take(service)
        hall.until(lambda: on_ticket(hall))
        hall.pause()
        hall.kiosk.finish()
    hall.until(lambda: len(hall.printer.held) == 2)
    first, second = hall.printer.held
    first(PrintResult(PrintOutcome.FAILED, Reason.PAPER_OUT, "fake"))
    second(PrintResult(PrintOutcome.UNKNOWN, Reason.INTERRUPTED, "fake"))
    hall.until(lambda: health_as(KioskHealth, hall.link._health).lost_papers == ("2001", "1001"))
    second(PrintResult(PrintOutcome.PRINTED, None, "fake", late=True))
    hall.until(lambda: health_as(KioskHealth, hall.link._health).lost_papers == ("2001",))


def test_a_paper_that_fails_on_its_page_is_no_alarm(hall: Any) -> None:
    hall.printer.ends(PrintOutcome.FAILED, Reason.PAPER_OUT)
    hall.take("CIVIL")
    hall.until(lambda: paper_is(hall, Paper.FAILED))
    hall.kiosk.tick()
    assert health_as(KioskHealth, hall.link._health).lost_papers == ()


def test_lost_papers_end_with_their_day(hall: Any) -> None:
    hall.printer.result = None
    hall.take("CIVIL")
    hall.until(lambda: len(hall.printer.held) == 1)
    hall.pause()
    hall.kiosk.finish()
    hall.printer.held[0](PrintResult(PrintOutcome.FAILED, Reason.PAPER_OUT, "fake"))
    hall.until(lambda: health_as(KioskHealth, hall.link._health).lost_papers == ("2001",))
    hall.service.business_day = "2026-11-24"
    hall.service.publish()
    hall.until(lambda: health_as(KioskHealth, hall.link._health).lost_papers == ())


def test_help_rings_with_the_place_of_this_kiosk(hall: Any) -> None:
    hall.kiosk.call_help()
    assert help_is(hall, Help.CALLING)
    hall.until(lambda: help_is(hall, Help.CALLED))
    (command,) = hall.service.of(RequestHelp)
    assert command.place == "Máy lấy số"
    hall.pause()
    hall.kiosk.call_help()
    assert len(hall.service.of(RequestHelp)) == 1
    hall.clock.advance(60)
    hall.kiosk.tick()
    assert help_is(hall, Help.NONE)


def test_help_is_coming_when_a_counter_says_so_and_not_before(hall: Any) -> None:
    hall.kiosk.call_help()
    hall.until(lambda: help_is(hall, Help.CALLED))
    call = HelpCall(place="Máy lấy số", since=hall.clock.now())
    elsewhere = HelpCall(place="Cửa chính", since=hall.clock.now(), answered_by=1)
    hall.service.help = (elsewhere, call)
    hall.service.publish()
    hall.until(lambda: hall.kiosk.session.help_heard)
    assert help_is(hall, Help.CALLED)
    hall.service.help = (elsewhere, replace(call, answered_by=3))
    hall.service.publish()
    hall.until(lambda: help_is(hall, Help.COMING))
    assert hall.kiosk.session.helper == 3
    hall.service.help = ()
    hall.service.publish()
    hall.until(lambda: help_is(hall, Help.NONE))


def test_help_that_cannot_be_called_says_where_to_go(hall: Any) -> None:
    hall.service.errors[RequestHelp] = Error.UNAVAILABLE
    hall.kiosk.call_help()
    noticed(hall, PageNotice.NO_HELP)
    assert help_is(hall, Help.NONE)


def test_an_unknown_end_offers_a_marked_copy(hall: Any) -> None:
    hall.printer.ends(PrintOutcome.UNKNOWN, Reason.INTERRUPTED)
    hall.take("CIVIL")
    hall.until(lambda: paper_is(hall, Paper.UNKNOWN))
    assert len(hall.printer.papers) == 1, "never a silent second original"
    hall.printer.ends(PrintOutcome.PRINTED)
    hall.pause()
    hall.kiosk.copy()
    hall.until(lambda: paper_is(hall, Paper.COPIED))
    assert [paper.copy for paper in hall.printer.papers] == [False, True]
    (command,) = hall.service.of(ReprintTicket)
    assert command.print_on == "kiosk-1"
    hall.until(lambda: len(hall.service.of(ReportPrint)) == 2)
    assert [(r.outcome, r.copy) for r in hall.service.of(ReportPrint)] == [
        (PrintOutcome.UNKNOWN, False),
        (PrintOutcome.PRINTED, True),
    ]


def test_a_refused_copy_is_offered_again(hall: Any) -> None:
    hall.printer.ends(PrintOutcome.UNKNOWN, Reason.NO_ANSWER)
    hall.service.errors[ReprintTicket] = Error.UNAVAILABLE
    hall.take("CIVIL")
    hall.until(lambda: paper_is(hall, Paper.UNPROVEN))
    hall.pause()
    hall.kiosk.copy()
    assert paper_is(hall, Paper.COPYING)
    hall.until(lambda: paper_is(hall, Paper.UNKNOWN))


def test_a_printer_that_fails_keeps_the_number_on_the_screen(hall: Any) -> None:
    hall.printer.ends(PrintOutcome.FAILED, Reason.PAPER_OUT)
    hall.take("CIVIL")
    hall.until(lambda: paper_is(hall, Paper.FAILED))
    hall.until(lambda: len(hall.service.of(ReportPrint)) == 1)
    report = hall.service.of(ReportPrint)[0]
    assert (report.outcome, report.reason) == (PrintOutcome.FAILED, "paper_out")


def test_a_slow_printer_blocks_nobody(hall: Any) -> None:
    hall.printer.result = None
    for _ in range(3):
        hall.take("CERT")
        hall.until(lambda: on_ticket(hall))
        hall.pause()
        hall.kiosk.finish()
    assert len(hall.printer.held) == 3
    assert hall.service.of(ReportPrint) == []


def test_the_printers_state_is_health_and_a_word_to_the_citizen(hall: Any) -> None:
    screen = KioskScreens(hall.kiosk, hall.maintenance, hall.clock.now, float).screen
    for state in (PrinterState.READY, PrinterState.PAPER_OUT):
        printer = PrinterHealth(state, Level.FULL, hall.clock.now())
        hall.kiosk.printing.tell_health(StationHealth(state, {"epson": printer}))
        hall.until(lambda state=state: hall.kiosk.printing.state is state)
    assert screen.state.home.banner.startswith("Máy in hết giấy.")
    assert hall.link._health == KioskHealth(
        printer=PrinterState.PAPER_OUT,
        printers={
            "epson": health.PrinterHealth(
                state=PrinterState.PAPER_OUT,
                capability="full",
                last_proof=datetime(2026, 11, 23, 1, 24, tzinfo=UTC),
            )
        },
        business_day="2026-11-23",
    )


def test_the_highest_numbers_are_told_and_outlive_a_restart(hall: Any) -> None:
    """A service that was restored from a backup learns from its kiosks what was given."""
    for service in ("CIVIL", "CIVIL", "CERT"):
        hall.take(service)
        hall.until(lambda: on_ticket(hall))
        hall.pause()
        hall.kiosk.finish()
    hall.kiosk.tick()
    told = health_as(KioskHealth, hall.link._health)
    assert (told.business_day, told.numbers) == ("2026-11-23", {"CIVIL": 2, "CERT": 1})
    record = hall.kiosk._record
    again = PaperRecord(record._file)
    assert again.notes.numbers == {"CIVIL": 2, "CERT": 1}
    assert not again.number_taken("CIVIL", "2026-11-23", 1)
    again.day_is("2026-11-24")
    assert again.notes.numbers == {}
    assert again.number_taken("CIVIL", "2026-11-23", 3)
    assert again.notes.numbers == {}, "a number of an earlier day says nothing about today"


def test_a_paper_that_comes_late_is_shown_and_reported_again(hall: Any) -> None:
    hall.printer.result = None
    hall.take("CIVIL")
    hall.until(lambda: len(hall.printer.held) == 1)
    (tell,) = hall.printer.held
    tell(PrintResult(PrintOutcome.UNKNOWN, Reason.PAPER_OUT, "fake"))
    hall.until(lambda: paper_is(hall, Paper.UNKNOWN))
    assert hall.kiosk.session.ticket.trouble == "paper_out"
    tell(PrintResult(PrintOutcome.PRINTED, None, "fake", late=True))
    hall.until(lambda: paper_is(hall, Paper.PRINTED))
    hall.until(lambda: len(hall.service.of(ReportPrint)) == 2)
    assert [(r.outcome, r.reason, r.copy) for r in hall.service.of(ReportPrint)] == [
        (PrintOutcome.UNKNOWN, "paper_out", False),
        (PrintOutcome.PRINTED, None, False),
    ]


def ordered(hall: Any, number: str = "2107") -> IssuedTicket:
    return IssuedTicket(
        ticket=f"ticket-{number}",
        number=number,
        service="CIVIL",
        ticket_class=TicketClass.NORMAL,
        business_day="2026-11-23",
        ahead=4,
        wait_min=(10, 15),
        token="T",
        issued_at=hall.clock.now(),
    )


def test_tickets_taken_at_a_counter_print_here_once_per_order(hall: Any) -> None:
    hall.service.order(ordered(hall), "o1")
    hall.service.order(ordered(hall), "o1")
    hall.until(lambda: len(hall.service.of(ReportPrint)) == 1)
    hall.service.order(ordered(hall), "o2")
    hall.until(lambda: len(hall.service.of(ReportPrint)) == 2)
    assert [paper.copy for paper in hall.printer.papers] == [False, True]
    assert hall.kiosk.session.page is Page.HOME


def test_a_print_order_that_comes_again_after_a_restart_prints_nothing(build: Any) -> None:
    """The service publishes its orders again when it comes back; so does a broker."""
    first = build()
    first.service.order(ordered(first), "o1")
    first.until(lambda: len(first.printer.papers) == 1)
    first.link.stop()
    again = build()
    again.service.order(ordered(again), "o1")
    again.service.order(ordered(again), "o2")
    again.until(lambda: len(again.printer.papers) == 1)
    assert [paper.copy for paper in again.printer.papers] == [True], "marked, and once"


@pytest.mark.parametrize(
    ("outcome", "reason", "told"),
    [
        (PrintOutcome.PRINTED, None, ("done", None)),
        (PrintOutcome.UNKNOWN, Reason.NO_ANSWER, ("unproven", "no_answer")),
        (PrintOutcome.FAILED, Reason.PAPER_OUT, ("failed", "paper_out")),
    ],
)
def test_a_test_page_prints_once_and_says_what_became_of_it(
    build: Any, outcome: PrintOutcome, reason: Reason | None, told: tuple[str, str | None]
) -> None:
    first = build()
    first.ready()
    first.printer.ends(outcome, reason)
    first.service.order_test("t1")
    first.until(lambda: first.service.results == [("t1", *told)])
    assert [paper.number for paper in first.printer.papers] == ["0000"]
    assert first.kiosk.session.page is Page.HOME
    assert first.service.of(ReportPrint) == []
    first.link.stop()
    again = build()
    again.ready()
    again.service.order_test("t1")
    again.service.order_test("t2")
    again.until(lambda: again.service.results == [("t2", "done", None)])
    assert len(again.printer.papers) == 1


def test_a_test_page_that_a_printer_lost_has_failed_and_is_not_copied(hall: Any) -> None:
    hall.ready()
    hall.printer.result = None
    hall.service.order_test("t1")
    hall.until(lambda: len(hall.printer.held) == 1)
    (done,) = hall.printer.held
    done(PrintResult(PrintOutcome.UNKNOWN, Reason.PAPER_OUT, "fake"))
    done(PrintResult(PrintOutcome.UNKNOWN, None, "fake", late=True, lost=True))
    hall.until(lambda: len(hall.service.results) == 2)
    assert [outcome for _, outcome, _ in hall.service.results] == ["unproven", "failed"]
    assert len(hall.printer.papers) == 1


def test_reports_that_nobody_answered_are_sent_after_a_restart(build: Any) -> None:
    first = build()
    first.service.errors[ReportPrint] = Error.UNAVAILABLE
    first.take("CIVIL")
    first.until(lambda: len(first.service.of(ReportPrint)) == 1)
    sent = first.service.of(ReportPrint)[0]
    first.link.stop()
    again = build()
    again.until(lambda: len(again.service.of(ReportPrint)) == 1)
    assert again.service.of(ReportPrint)[0] == sent
    again.until(lambda: again.kiosk._record.notes.reports == {})


def test_a_report_of_an_offline_number_survives_a_restart(build: Any) -> None:
    first = build()
    first.service_dies()
    first.take("CIVIL")
    first.later.pass_time()
    first.until(lambda: bool(first.kiosk._record.notes.undelivered))
    first.link.stop()
    again = build()
    again.until(lambda: len(again.service.of(ReportPrint)) == 1)
    report = again.service.of(ReportPrint)[0]
    assert (report.ticket, report.outcome) == ("ticket-CIVIL-2901", PrintOutcome.PRINTED)


def test_a_full_disk_keeps_no_paper_back(build: Any, expected_warnings: list[str]) -> None:
    expected_warnings.append("paper notes not kept")
    hall = build()
    (hall.data / "kiosk" / "kiosk-1.papers.new").mkdir(parents=True)
    hall.service.order(ordered(hall), "o1")
    hall.until(lambda: len(hall.service.of(ReportPrint)) == 1)
    assert len(hall.printer.papers) == 1


def test_a_configuration_that_cannot_be_read_keeps_the_last(
    hall: Any, expected_warnings: list[str]
) -> None:
    expected_warnings.append("configuration dropped version=2")
    hall.ready()
    before = hall.kiosk.offer
    bad = ConfigState(epoch="F", rev=1, at=hall.clock.now(), version=2, centre={"services": 3})
    hall.service.link.bus.publish(TOPICS.config(), encode(bad), retain=True)
    hall.service.link.beat()
    hall.service_dies()
    hall.kiosk.refresh()
    assert [t.code for t in before.tiles] == [t.code for t in hall.kiosk.offer.tiles]


def test_a_service_that_says_again_that_it_is_there_is_no_news(hall: Any) -> None:
    hall.ready()
    told: list[str] = []
    hall.kiosk.listener.service_back.connect(lambda: told.append("back"))
    hall.service.link.beat()
    hall.service.link.set_health(ServiceHealth())
    hall.clock.real_s += SILENCE_S
    hall.kiosk.tick()
    assert not hall.kiosk.listener.snapshot.service_up, (
        "nobody vouches for it, whatever a broker says"
    )
    assert told == []
    hall.service.link.beat()
    hall.until(lambda: told == ["back"])


def ask_above(hall: Any, people: int) -> None:
    """Let the kiosk ask above a limit; 31 people wait for CIVIL."""
    centre = hall.service.centre
    rules = replace(centre.rules, ask_above_waiting=people)
    hall.service.centre = replace(centre, rules=rules)
    hall.service.standing("CIVIL", open=True, waiting=31, wait_min=(65, 75))
    hall.service.publish()
    hall.ready()
    hall.until(lambda: hall.kiosk.offer.tile("CIVIL").waiting == 31)


def test_many_people_before_it_are_said_first(hall: Any) -> None:
    ask_above(hall, 30)
    screen = KioskScreens(hall.kiosk, hall.maintenance, hall.clock.now, float).screen
    hall.take("CIVIL")
    assert screen.state.ask.question == "Trước quý vị có 31 người, quý vị vẫn lấy số?"
    assert screen.state.ask.wait == "Chờ khoảng 65–75 phút"
    assert hall.service.of(IssueTicket) == []
    hall.pause()
    hall.kiosk.leave_asked()
    assert screen.state.ask.question == ""
    assert hall.kiosk.session.at_rest
    hall.take("CIVIL")
    hall.pause()
    hall.kiosk.take_asked()
    hall.until(lambda: on_ticket(hall))
    (command,) = hall.service.of(IssueTicket)
    assert command.service == "CIVIL"


def test_nobody_is_asked_at_the_limit_or_by_priority_or_without_a_service(hall: Any) -> None:
    ask_above(hall, 31)
    hall.take("CIVIL")
    hall.until(lambda: on_ticket(hall))
    hall.pause()
    hall.kiosk.finish()
    ask_above(hall, 30)
    hall.pause()
    hall.kiosk.toggle_priority()
    hall.take("CIVIL")
    hall.until(lambda: on_ticket(hall))
    hall.pause()
    hall.kiosk.finish()
    hall.service_dies()
    hall.take("CIVIL")
    assert hall.kiosk.session.asking == ""


def test_a_question_nobody_answers_goes_home(hall: Any) -> None:
    ask_above(hall, 30)
    hall.take("CIVIL")
    rules = hall.kiosk.rules
    hall.clock.advance(rules.idle_s + 1)
    hall.kiosk.tick()
    assert hall.kiosk.session.left_s is not None
    hall.clock.advance(rules.countdown_s)
    hall.kiosk.tick()
    assert hall.kiosk.session.at_rest
    assert hall.service.of(IssueTicket) == []


def test_a_service_that_fills_up_meanwhile_says_so(hall: Any) -> None:
    ask_above(hall, 30)
    hall.take("CIVIL")
    hall.service.standing("CIVIL", open=False, why="full")
    hall.service.publish()
    hall.until(lambda: not hall.kiosk.offer.tile("CIVIL").open)
    hall.pause()
    hall.kiosk.take_asked()
    noticed(hall, PageNotice.FULL)
