from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from bus import commands as c
from bus.vocabulary import CounterStatus, Error, PaperKind, PrintOutcome
from queue_service.domain.day import open_day
from queue_service.domain.values import CounterNumber, Refusal

ONE, TWO = CounterNumber(1), CounterNumber(2)


def refusal(hall: SimpleNamespace, command: c.Command) -> Error:
    with pytest.raises(Refusal) as refused:
        hall.do(command)
    return refused.value.error


def test_opening_twice_is_once(hall: SimpleNamespace) -> None:
    assert len(hall.do(c.OpenCounter(counter=1))) == 1
    assert hall.do(c.OpenCounter(counter=1)) == []
    assert refusal(hall, c.OpenCounter(counter=9)) is Error.UNKNOWN


def test_next_opens_a_counter_that_is_closed_or_rests(hall: SimpleNamespace) -> None:
    hall.next(1)
    assert hall.state.counter(ONE).status is CounterStatus.OPEN
    hall.do(c.PauseCounter(counter=1, reason="họp", until=hall.now + timedelta(minutes=10)))
    hall.next(1)
    opened = hall.state.counter(ONE)
    assert (opened.status, opened.reason, opened.until) == (CounterStatus.OPEN, None, None)


def test_pausing_says_why_and_until_when(hall: SimpleNamespace) -> None:
    assert refusal(hall, c.PauseCounter(counter=1, reason="họp")) is Error.NOT_ALLOWED
    hall.do(c.OpenCounter(counter=1))
    assert refusal(hall, c.PauseCounter(counter=1, reason="họp", until=hall.now)) is Error.INVALID
    until = hall.now + timedelta(minutes=10)
    hall.do(c.PauseCounter(counter=1, reason="họp", until=until))
    paused = hall.state.counter(ONE)
    assert (paused.status, paused.reason, paused.until) == (CounterStatus.PAUSED, "họp", until)


def test_a_counter_with_a_ticket_cannot_close(hall: SimpleNamespace) -> None:
    hall.issue()
    hall.next(1)
    assert refusal(hall, c.CloseCounter(counter=1)) is Error.NOT_ALLOWED


def test_closing_sends_people_back_to_their_service(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    assert refusal(hall, c.Transfer(counter=1, ticket=ticket.id, to_counter=2)) is Error.NOT_ALLOWED
    hall.do(c.OpenCounter(counter=2), "counter-2")
    hall.do(c.Transfer(counter=1, ticket=ticket.id, to_counter=2))
    hall.do(c.CloseCounter(counter=2), "counter-2")
    assert hall.do(c.CloseCounter(counter=2), "counter-2") == []
    assert hall.ticket(ticket).to_counter is None
    assert hall.next(1).id == ticket.id


@pytest.mark.parametrize(
    ("to", "error"),
    [
        ({}, Error.INVALID),
        ({"to_service": "B", "to_counter": 2}, Error.INVALID),
        ({"to_service": "Z"}, Error.UNKNOWN),
        ({"to_counter": 9}, Error.UNKNOWN),
    ],
)
def test_transfers_to_nowhere(hall: SimpleNamespace, to: dict[str, object], error: Error) -> None:
    ticket = hall.issue()
    assert refusal(hall, c.Transfer(counter=1, ticket=ticket.id, **to)) is error  # type: ignore[arg-type]


def test_help_rings_once_until_answered(hall: SimpleNamespace) -> None:
    hall.do(c.RequestHelp(place="kiosk-1"), "kiosk-1")
    assert hall.do(c.RequestHelp(place="kiosk-1"), "kiosk-1") == []
    assert [request.place for request in hall.state.help] == ["kiosk-1"]
    hall.do(c.AnswerHelp(counter=1))
    assert [request.answered_by for request in hall.state.help] == [1]
    assert hall.do(c.AnswerHelp(counter=1)) == []
    hall.do(c.RequestHelp(place="kiosk-1"), "kiosk-1")
    assert [request.answered_by for request in hall.state.help] == [None]


def test_help_is_answered_where_it_was_asked_for(hall: SimpleNamespace) -> None:
    for place in ("kiosk-1", "kiosk-2", "kiosk-3"):
        hall.do(c.RequestHelp(place=place), "kiosk-1")
    hall.do(c.AnswerHelp(counter=1, place="kiosk-2"))
    assert hall.do(c.AnswerHelp(counter=2, place="kiosk-2"), "counter-2") == []
    hall.do(c.AnswerHelp(counter=2), "counter-2")
    answers = {request.place: request.answered_by for request in hall.state.help}
    assert answers == {"kiosk-1": None, "kiosk-2": 1, "kiosk-3": 2}


def test_nobody_makes_the_lists_of_the_hall_grow_for_ever(hall: SimpleNamespace) -> None:
    for index in range(300):
        hall.do(c.RequestHelp(place=f"kiosk-{index}"), "kiosk-1")
        hall.do(c.ReportOutage(system=f"system {index}"))
    assert len(hall.state.help) == len(hall.state.outages) == 200
    assert hall.state.help[-1].place == "kiosk-299"
    assert hall.state.outages[-1].system == "system 299"


def test_an_outage_is_measured(hall: SimpleNamespace) -> None:
    hall.do(c.ReportOutage(system="Internet"))
    assert hall.do(c.ReportOutage(system="Internet")) == []
    hall.advance(600)
    (ended,) = hall.do(c.EndOutage(system="Internet"))
    assert ended.seconds == pytest.approx(600)
    assert hall.state.outages == ()
    assert refusal(hall, c.EndOutage(system="Internet")) is Error.UNKNOWN


def test_notices_end(hall: SimpleNamespace) -> None:
    assert refusal(hall, c.PostNotice(text="cũ", until=hall.now)) is Error.INVALID
    hall.do(
        c.PostNotice(text="một", until=hall.now + timedelta(minutes=1)),
        "web",
        by_web=True,
    )
    hall.advance(61)
    hall.do(
        c.PostNotice(text="hai", until=hall.now + timedelta(minutes=1)),
        "web",
        by_web=True,
    )
    assert [notice.text for notice in hall.state.notices] == ["hai"]


def test_a_notice_is_withdrawn_and_the_others_run_on(hall: SimpleNamespace) -> None:
    until = hall.now + timedelta(hours=30)
    for text in ("một", "hai", "hai"):
        hall.do(c.PostNotice(text=text, until=until), "web", by_web=True)
    first, second, third = hall.state.notices
    assert len({first.id, second.id, third.id}) == 3
    hall.do(c.WithdrawNotice(notice=second.id), "web", by_web=True)
    assert [notice.id for notice in hall.state.notices] == [first.id, third.id]
    for gone in (second.id, "", "999"):
        assert refusal(hall, c.WithdrawNotice(notice=gone or "x")) is Error.UNKNOWN
    hall.commit(open_day(hall.state, date(2026, 11, 24)), cause="day")
    hall.do(c.WithdrawNotice(notice=first.id), "web", by_web=True)
    assert [notice.id for notice in hall.state.notices] == [third.id]
    hall.advance(31 * 3600)
    assert refusal(hall, c.WithdrawNotice(notice=third.id)) is Error.UNKNOWN


def test_paper(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    (report,) = hall.do(
        c.ReportPrint(ticket=ticket.id, outcome=PrintOutcome.FAILED, reason="hết giấy"),
        "kiosk-1",
    )
    assert (report.outcome, report.reason) == ("failed", "hết giấy")
    (request,) = hall.do(c.ReprintTicket(ticket=ticket.id, print_on="kiosk-1"))
    assert request.copy
    assert refusal(hall, c.ReprintTicket(ticket=ticket.id, print_on="board-1")) is Error.UNKNOWN
    hall.do(c.VoidTicket(ticket=ticket.id))
    assert refusal(hall, c.ReprintTicket(ticket=ticket.id, print_on="kiosk-1")) is Error.NOT_ALLOWED


def test_a_signature_is_waited_for_anywhere(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    hall.next(1)
    hall.do(c.Park(counter=1, ticket=ticket.id, reason="chờ ký"))
    assert hall.ticket(ticket).reason == "chờ ký"
    hall.do(c.CallTicket(counter=2, current=None, ticket=ticket.id), "counter-2")
    assert hall.state.counter(TWO).current == ticket.id
    assert hall.state.counter(ONE).current is None


def test_a_print_whose_end_becomes_known_later_is_logged_twice(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    unknown = hall.do(
        c.ReportPrint(ticket=ticket.id, outcome=PrintOutcome.UNKNOWN, reason="paper_out")
    )
    hall.next(1)
    file = c.ReportPrint(ticket=ticket.id, outcome=PrintOutcome.FAILED, paper=PaperKind.FILE)
    assert [event.paper for event in hall.do(file)] == ["file"]
    printed = hall.do(c.ReportPrint(ticket=ticket.id, outcome=PrintOutcome.PRINTED, copy=True))
    events = [*unknown, *printed]
    assert [(e.outcome, e.reason, e.copy) for e in events] == [
        ("unknown", "paper_out", False),
        ("printed", "", True),
    ]


@pytest.mark.parametrize(("days", "error"), [(30, None), (32, Error.INVALID), (900, Error.INVALID)])
def test_an_end_lies_at_most_a_month_ahead(
    hall: SimpleNamespace, days: int, error: Error | None
) -> None:
    hall.do(c.OpenCounter(counter=1))
    until = hall.now + timedelta(days=days)
    for command in (
        c.PauseCounter(counter=1, reason="họp", until=until),
        c.PostNotice(text="x", until=until),
    ):
        if error is None:
            assert hall.do(command)
        else:
            assert refusal(hall, command) is error
