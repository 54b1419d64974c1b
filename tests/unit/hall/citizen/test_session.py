from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from bus.commands import IssuedTicket, IssueTicket
from bus.states import HelpCall
from bus.vocabulary import TicketClass
from config.settings import Rules, SightBox
from hall.citizen import session as step
from hall.citizen.session import Help, Page, PageNotice, Paper, Session, Sight, Voiding

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
RULES = Rules()
REQUEST = IssueTicket(id="r1", ts=NOW, service="CIVIL")
ISSUED = IssuedTicket(
    ticket="t1",
    number="2005",
    service="CIVIL",
    ticket_class=TicketClass.NORMAL,
    business_day="2026-11-23",
    ahead=2,
    wait_min=(5, 10),
    token="T",
    issued_at=NOW,
)
DELIVERY = IssueTicket(id="d1", ts=NOW, service="CIVIL", number="2901")


def shown(now: float = 10.0) -> Session:
    return step.given(step.taking(Session(), REQUEST, now), ISSUED, now)


def test_a_touch_waits_and_the_answer_is_shown() -> None:
    taking = step.taking(Session(priority=True), REQUEST, 9.0)
    assert taking.page is Page.TAKING
    after = step.given(taking, ISSUED, 9.2)
    assert after.page is Page.TICKET
    assert after.request is None
    assert after.ticket is not None
    assert (after.ticket.number, after.ticket.ahead, after.ticket.paper) == (
        "2005",
        2,
        Paper.PRINTING,
    )


@pytest.mark.parametrize("page", [Page.TAKING, Page.TICKET, Page.NOTICE])
def test_only_the_home_screen_takes_numbers(page: Page) -> None:
    busy = Session(page=page)
    assert step.taking(busy, REQUEST, 9.0) is busy


def test_an_answer_nobody_waits_for_changes_nothing() -> None:
    assert step.given(Session(), ISSUED, 1.0) == Session()
    assert step.delivered(Session(), "d1", "t9") == Session()
    assert step.printed(Session(), {"t1"}, Paper.PRINTED, 1.0) == Session()
    assert step.voiding(Session(), Voiding.SENT) == Session()
    assert step.copying(Session()) == Session()


def test_an_offline_number_can_be_given_back_once_it_is_delivered() -> None:
    offline = step.given_offline(step.taking(Session(), REQUEST, 10.0), DELIVERY, 10.0)
    assert offline.ticket is not None
    assert (offline.ticket.number, offline.ticket.ahead) == ("2901", None)
    assert not step.can_void(offline, RULES, 11.0)
    assert step.delivered(offline, "other", "t9") == offline
    known = step.delivered(offline, "d1", "t9")
    assert step.can_void(known, RULES, 11.0)


def test_a_number_can_be_given_back_for_sixty_seconds() -> None:
    assert step.can_void(shown(), RULES, 69.9)
    assert not step.can_void(shown(), RULES, 70.0)


@pytest.mark.parametrize(
    ("paper", "offered"),
    [
        (Paper.PRINTED, False),
        (Paper.FAILED, False),
        (Paper.UNKNOWN, True),
        (Paper.UNPROVEN, True),
        (Paper.COPYING, False),
    ],
)
def test_a_copy_is_offered_only_in_doubt(paper: Paper, *, offered: bool) -> None:
    assert step.can_copy(step.printed(shown(), {"r1"}, paper, 11.0)) is offered


def test_a_copy_is_asked_for_once() -> None:
    asked = step.copying(step.printed(shown(), {"t1"}, Paper.UNKNOWN, 11.0))
    assert asked.ticket is not None
    assert asked.ticket.paper is Paper.COPYING
    assert step.copying(asked) == asked


def test_papers_of_other_tickets_are_not_shown() -> None:
    assert step.printed(shown(), {"t2", None}, Paper.FAILED, 11.0) == shown()


def test_idle_time_counts_down_and_returns_home() -> None:
    english = step.in_other_language(Session(sight=Sight(large=True), priority=True, touched=100.0))
    assert step.ticked(english, RULES, 144.9).left_s is None
    assert step.ticked(english, RULES, 145.0).left_s == 15
    assert step.ticked(english, RULES, 159.1).left_s == 1
    home = step.ticked(english, RULES, 160.0)
    assert home == Session(page_since=160.0, touched=160.0)
    assert home.at_rest


def test_a_touch_stops_the_countdown() -> None:
    counting = step.ticked(replace(shown(), touched=10.0), RULES, 60.0)
    assert counting.left_s == 10
    assert step.touched(counting, 60.5).left_s is None
    assert step.ticked(step.touched(counting, 60.5), RULES, 61.0).left_s is None


def test_a_home_screen_at_rest_never_counts_down() -> None:
    assert step.ticked(Session(), RULES, 10_000.0) == Session()


def test_waiting_for_the_number_never_counts_down() -> None:
    taking = step.taking(Session(), REQUEST, 0.0)
    assert step.ticked(taking, RULES, 300.0) == taking


def test_a_notice_returns_by_itself_to_the_same_citizen() -> None:
    notice = step.noticed(Session(lang="en", priority=True), PageNotice.FULL, 10.0, "CIVIL")
    assert step.ticked(notice, RULES, 21.9) == notice
    back = step.ticked(notice, RULES, 22.0)
    assert (back.page, back.lang, back.priority, back.notice) == (Page.HOME, "en", True, None)


def test_help_that_no_state_speaks_of_is_shown_for_a_minute_and_outlives_the_citizen() -> None:
    called = step.helped(shown(), Help.CALLED, 20.0)
    home = step.home(called, 30.0)
    assert home.help is Help.CALLED
    assert step.ticked(home, RULES, 79.0).help is Help.CALLED
    assert step.ticked(home, RULES, 80.0).help is Help.NONE


def test_help_is_coming_only_when_a_counter_has_answered() -> None:
    called = step.helped(shown(), Help.CALLED, 20.0)
    assert step.help_heard(called, None, 20.1) == called, "a state from before the call"
    ringing = step.help_heard(called, HelpCall(place="Máy lấy số", since=NOW), 20.2)
    assert (ringing.help, ringing.helper) == (Help.CALLED, None)
    answer = HelpCall(place="Máy lấy số", since=NOW, answered_by=3)
    coming = step.home(step.help_heard(ringing, answer, 50.0), 60.0)
    assert (coming.help, coming.helper) == (Help.COMING, 3)
    assert step.ticked(coming, RULES, 150.0).help is Help.COMING
    assert step.help_heard(coming, None, 170.0).help is Help.NONE
    assert step.ticked(coming, RULES, 400.0).help is Help.NONE, "the service went away"


def printed(session: Session, at: float = 12.0, paper: Paper = Paper.PRINTED) -> Session:
    return step.printed(session, {"t1", "d1"}, paper, at)


def test_a_proven_paper_brings_the_next_citizen_twelve_seconds_later() -> None:
    assert step.ticked(printed(shown()), RULES, 23.9).page is Page.TICKET
    home = step.ticked(printed(shown()), RULES, 24.0)
    assert (home.page, home.ticket) == (Page.HOME, None)
    touched = step.touched(printed(shown()), 20.0)
    assert step.ticked(touched, RULES, 31.9).page is Page.TICKET
    assert step.ticked(touched, RULES, 32.0).page is Page.HOME
    assert step.ticked(printed(shown(), paper=Paper.COPIED), RULES, 24.0).page is Page.HOME


@pytest.mark.parametrize(
    "waits",
    [
        shown(),
        printed(shown(), paper=Paper.FAILED),
        printed(shown(), paper=Paper.UNKNOWN),
        printed(shown(), paper=Paper.UNPROVEN),
        printed(shown(), paper=Paper.COPYING),
        replace(printed(shown()), sight=Sight(large=True)),
        step.voiding(printed(shown()), Voiding.SENT),
        step.voiding(printed(shown()), Voiding.CONFIRMING),
        printed(step.given_offline(step.taking(Session(), REQUEST, 10.0), DELIVERY, 10.0)),
    ],
)
def test_whoever_still_needs_the_page_keeps_it_with_a_countdown(waits: Session) -> None:
    assert step.ticked(waits, RULES, 54.9).page is Page.TICKET
    assert step.ticked(waits, RULES, 54.9).left_s is None
    assert step.ticked(waits, RULES, 55.0).left_s == 15
    assert step.ticked(waits, RULES, 70.0).page is Page.HOME


def test_a_paper_that_comes_during_the_countdown_ends_it() -> None:
    counting = step.ticked(shown(), RULES, 60.0)
    assert counting.left_s == 10
    assert step.ticked(printed(counting, 61.0), RULES, 61.5).left_s is None
    assert step.ticked(printed(counting, 61.0), RULES, 73.0).page is Page.HOME


def test_a_question_ends_when_the_number_can_no_longer_be_given_back() -> None:
    asked = step.voiding(replace(printed(shown()), touched=60.0), Voiding.CONFIRMING)
    assert step.ticked(asked, RULES, 69.9).ticket == asked.ticket
    after = step.ticked(asked, RULES, 70.0).ticket
    assert after is not None
    assert after.voiding is Voiding.NO


def test_pages_of_services_begin_anew_for_the_next() -> None:
    turned = step.turned_to(Session(), 1)
    assert not turned.at_rest
    assert step.home(turned, 1.0).turned == 0
    assert step.with_large_text(turned).turned == 0


def test_the_class_is_kept_for_the_page() -> None:
    priority = msgspec.structs.replace(ISSUED, ticket_class=TicketClass.PRIORITY)
    ticket = step.given(step.taking(Session(), REQUEST, 1.0), priority, 1.0).ticket
    assert ticket is not None
    assert ticket.ticket_class is TicketClass.PRIORITY


def test_the_bar_runs_from_full_to_empty() -> None:
    assert step.idle_fraction(shown(10.0), RULES, 10.0) == 1.0
    assert step.idle_fraction(shown(10.0), RULES, 40.0) == pytest.approx(0.5)
    assert step.idle_fraction(shown(10.0), RULES, 400.0) == 0.0
    assert step.idle_fraction(printed(shown(10.0)), RULES, 18.0) == pytest.approx(0.5)


def test_the_next_citizen_finds_the_screen_as_it_is_usual() -> None:
    usual = step.usual_sight(Rules(large_text=True), SightBox(low_layout=True))
    assert usual == Sight(large=True, low=True)
    session = step.usually(Session(), usual)
    assert session.at_rest
    assert session.sight == usual
    chosen = step.with_contrast(step.with_large_text(session))
    assert not chosen.at_rest
    assert chosen.sight == Sight(contrast=True, low=True)
    assert step.usually(chosen, Sight()).sight == chosen.sight, "a choice stays when rules change"
    assert step.home(chosen, 1.0).sight == usual


def test_a_box_says_otherwise_than_its_centre() -> None:
    rules = Rules(large_text=True, high_contrast=False)
    box = SightBox(large_text=False, high_contrast=True)
    assert step.usual_sight(rules, box) == Sight(contrast=True)


def test_usual_large_text_hurries_nobody_more_than_small() -> None:
    usual = step.usually(printed(shown()), Sight(large=True))
    assert step.ticked(replace(usual, sight=Sight(large=True)), RULES, 25.0).page is Page.HOME
    chosen = replace(printed(shown()), sight=Sight(large=True))
    assert step.ticked(chosen, RULES, 25.0).page is Page.TICKET


def test_pages_of_a_ticket_begin_anew() -> None:
    turned = step.turned_to(shown(), 2)
    assert (turned.leaf, turned.turned) == (2, 0)
    assert step.turned_to(turned, -1).leaf == 0
    assert step.with_low_layout(turned).leaf == 0
    assert step.noticed(turned, PageNotice.FULL, 1.0).leaf == 0
