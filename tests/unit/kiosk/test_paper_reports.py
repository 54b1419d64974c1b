"""A paper that the printer lost: who gets a marked copy, and who none."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from bus.commands import AnswerHelp, Reply, ReportPrint, ReprintTicket
from bus.vocabulary import Error, PrintOutcome
from hall.citizen.session import Page, Paper
from hardware.printer import PrintResult, Reason

LOST = PrintResult(PrintOutcome.UNKNOWN, None, "fake", late=True, lost=True)
STOPPED = PrintResult(PrintOutcome.UNKNOWN, Reason.PAPER_OUT, "fake")

Tell = Callable[[PrintResult], None]


def taken(hall: Any) -> Tell:
    """Take a number whose paper ends in the middle."""
    hall.printer.result = None
    hall.take("CIVIL")
    hall.until(lambda: len(hall.printer.held) == 1)
    tell: Tell = hall.printer.held[0]
    tell(STOPPED)
    hall.until(lambda: len(hall.service.of(ReportPrint)) == 1)
    return tell


def taken_offline(hall: Any) -> Tell:
    hall.service.answering = False
    hall.printer.result = None
    hall.take("CIVIL")
    hall.later.pass_time()
    hall.until(lambda: len(hall.printer.held) == 1)
    tell: Tell = hall.printer.held[0]
    return tell


def copies(hall: Any) -> list[bool]:
    return [paper.copy for paper in hall.printer.papers]


def asked(hall: Any, times: int) -> None:
    hall.until(lambda: len(hall.service.of(ReprintTicket)) == times)


def settled(hall: Any) -> None:
    """Let everything that is on its way arrive: it goes the way of these, before them."""
    for _ in range(3):
        answers: list[Reply] = []
        hall.link.ask(AnswerHelp(counter=1), answers.append)
        hall.until(lambda answers=answers: bool(answers))


def test_a_lost_paper_comes_once_more_as_a_marked_copy(hall: Any) -> None:
    tell = taken(hall)
    hall.printer.result = PrintResult(PrintOutcome.PRINTED, None, "fake")
    tell(LOST)
    hall.until(lambda: hall.kiosk.session.ticket.paper is Paper.COPIED)
    assert copies(hall) == [False, True]
    hall.until(lambda: len(hall.service.of(ReportPrint)) == 2)
    assert [(r.outcome, r.reason, r.copy) for r in hall.service.of(ReportPrint)] == [
        (PrintOutcome.UNKNOWN, "paper_out", False),
        (PrintOutcome.PRINTED, None, True),
    ]


def test_a_number_that_a_counter_has_ended_gets_no_copy(hall: Any) -> None:
    tell = taken(hall)
    hall.service.errors[ReprintTicket] = Error.NOT_ALLOWED
    tell(LOST)
    asked(hall, 1)
    settled(hall)
    assert copies(hall) == [False]
    hall.kiosk.listener.service_back.emit()
    settled(hall)
    asked(hall, 1)


def test_a_copy_that_is_lost_too_is_not_tried_again(hall: Any) -> None:
    tell = taken(hall)
    tell(LOST)
    hall.until(lambda: len(hall.printer.held) == 2)
    hall.printer.held[1](LOST)
    settled(hall)
    assert copies(hall) == [False, True]


@pytest.mark.parametrize(
    ("ended", "papers"),
    [
        (PrintOutcome.PRINTED, [False, True]),
        (PrintOutcome.UNKNOWN, [False, True]),
        (PrintOutcome.FAILED, [False, True, True]),
    ],
)
def test_who_took_a_copy_meanwhile_gets_no_third_paper(
    hall: Any, ended: PrintOutcome, papers: list[bool]
) -> None:
    tell = taken(hall)
    hall.pause()
    hall.printer.ends(ended)
    hall.kiosk.copy()
    hall.until(lambda: len(hall.service.of(ReportPrint)) == 2)
    tell(LOST)
    settled(hall)
    hall.until(lambda: copies(hall) == papers)


def test_a_copy_waits_until_the_service_can_say_whether_the_number_counts(hall: Any) -> None:
    tell = taken(hall)
    hall.service.errors[ReprintTicket] = Error.UNAVAILABLE
    tell(LOST)
    asked(hall, 1)
    settled(hall)
    assert copies(hall) == [False]
    hall.service.errors.clear()
    hall.kiosk.listener.service_back.emit()
    hall.until(lambda: copies(hall) == [False, True])


def test_a_number_of_the_book_gets_its_copy_without_the_service(hall: Any) -> None:
    tell = taken_offline(hall)
    hall.until(lambda: hall.kiosk.session.page is Page.TICKET)
    tell(STOPPED)
    tell(LOST)
    hall.until(lambda: copies(hall) == [False, True])
    assert [paper.offline for paper in hall.printer.papers] == [True, True]
    assert hall.service.of(ReprintTicket) == []


@pytest.fixture
def with_files(build: Callable[..., Any], centre: Any) -> Any:
    """Return a kiosk whose numbers all have a second paper for the file."""
    services = tuple(replace(service, file_paper=True) for service in centre.services)
    return build(of_centre=replace(centre, services=services))


def reported(hall: Any) -> list[tuple[str, str, bool]]:
    return [(r.paper.value, r.outcome.value, r.copy) for r in hall.service.of(ReportPrint)]


def test_two_papers_of_one_number_each_with_its_proof(with_files: Any) -> None:
    hall = with_files
    hall.take("CIVIL")
    hall.until(lambda: len(hall.service.of(ReportPrint)) == 2)
    own, file = hall.printer.papers
    assert (own.file, file.file) == (False, True)
    assert file.number == own.number
    assert (file.qr, file.ahead, file.papers, file.footer) == (None, None, (), ())
    assert reported(hall) == [("citizen", "printed", False), ("file", "printed", False)]
    assert hall.kiosk.session.ticket.paper is Paper.PRINTED


def test_a_file_paper_that_fails_is_no_trouble_of_the_citizens(with_files: Any) -> None:
    hall = with_files
    hall.printer.result = None
    hall.take("CIVIL")
    hall.until(lambda: len(hall.printer.held) == 2)
    hall.printer.held[0](PrintResult(PrintOutcome.PRINTED))
    hall.printer.held[1](PrintResult(PrintOutcome.FAILED, Reason.PAPER_OUT))
    hall.until(lambda: len(hall.service.of(ReportPrint)) == 2)
    assert reported(hall) == [("citizen", "printed", False), ("file", "failed", False)]
    assert hall.kiosk.session.ticket.paper is Paper.PRINTED


def test_a_lost_file_paper_comes_once_more_and_never_as_a_number(with_files: Any) -> None:
    hall = with_files
    hall.printer.result = None
    hall.take("CIVIL")
    hall.until(lambda: len(hall.printer.held) == 2)
    hall.printer.held[1](LOST)
    hall.until(lambda: len(hall.printer.papers) == 3)
    again = hall.printer.papers[2]
    assert (again.file, again.copy) == (True, True)
    hall.printer.held[2](LOST)
    settled(hall)
    assert len(hall.printer.papers) == 3
    assert hall.service.of(ReprintTicket) == []


def test_a_copy_and_an_offline_number(with_files: Any) -> None:
    hall = with_files
    hall.take("CIVIL")
    hall.until(lambda: len(hall.printer.papers) == 2)
    (issued,) = hall.service.issued.values()
    hall.service.order(issued, "order-7")
    hall.until(lambda: len(hall.printer.papers) == 3)
    assert [(p.copy, p.file) for p in hall.printer.papers[2:]] == [(True, False)]
    hall.pause()
    hall.kiosk.finish()
    hall.service.answering = False
    hall.take("LAND")
    hall.later.pass_time()
    hall.until(lambda: len(hall.printer.papers) == 5)
    assert [(p.offline, p.file) for p in hall.printer.papers[3:]] == [(True, False), (True, True)]
