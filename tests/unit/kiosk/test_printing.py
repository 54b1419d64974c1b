from datetime import UTC, datetime

import msgspec

from bus.commands import IssuedTicket, IssueTicket
from bus.paper_code import code_of
from bus.vocabulary import Language, TicketClass
from config import load_centre
from kiosk.printing import offline_paper, paper
from paper import ticket_for_test

CENTRE = load_centre()
NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
ISSUED = IssuedTicket(
    ticket="t1",
    number="2005",
    service="CIVIL",
    ticket_class=TicketClass.PRIORITY,
    business_day="2026-11-23",
    ahead=2,
    wait_min=(5, 10),
    token="7KQ2",
    issued_at=NOW,
    lang=Language.ENGLISH,
)


def test_a_paper_speaks_the_language_of_its_ticket() -> None:
    sheet = paper(CENTRE, ISSUED)
    assert (sheet.service, sheet.place) == ("Civil status", "Nhị Chiểu Ward")
    assert sheet.footer == tuple(line.en for line in CENTRE.wording.ticket_footer)
    assert (sheet.ahead, sheet.wait_min, sheet.offline, sheet.copy) == (2, (5, 10), False, False)
    assert sheet.issued_at.isoformat() == "2026-11-23T08:24:00+07:00"


def test_a_code_is_printed_only_where_phones_can_reach_it() -> None:
    assert paper(CENTRE, ISSUED).qr is None
    url = "https://so.example.vn/"
    unconfirmed = msgspec.structs.replace(
        CENTRE.identity, public_url=url, reached_url="http://a.vn"
    )
    centre = msgspec.structs.replace(CENTRE, identity=unconfirmed)
    assert (paper(centre, ISSUED).qr, paper(centre, ISSUED).code) == (None, "")
    identity = msgspec.structs.replace(unconfirmed, reached_url=url)
    centre = msgspec.structs.replace(CENTRE, identity=identity)
    assert paper(centre, ISSUED).qr == "https://so.example.vn/t/7KQ2"
    assert paper(centre, ISSUED).code == code_of("7KQ2")
    offline = IssueTicket(id="d", ts=NOW, service="CIVIL", number="2901", issued_at=NOW)
    assert offline_paper(centre, offline).qr is None


def test_an_offline_paper_promises_nothing_about_the_wait() -> None:
    offline = IssueTicket(
        id="d", ts=NOW, service="CIVIL", number="2901", issued_at=NOW, business_day="2026-11-23"
    )
    sheet = offline_paper(CENTRE, offline)
    assert (sheet.number, sheet.ahead, sheet.wait_min, sheet.offline) == ("2901", None, None, True)


def test_a_test_page_says_what_it_is_and_is_nobodys_number() -> None:
    page = ticket_for_test(CENTRE, NOW)
    assert (page.number, page.service, page.business_day) == ("0000", "PHIẾU IN THỬ", "2026-11-23")
    assert (page.ahead, page.wait_min, page.papers, page.qr) == (None, None, (), None)
    assert page.footer[:2] == (
        "Phiếu in thử, không phải số thứ tự.",
        "Test page, not a queue number.",
    )


def test_a_service_that_is_gone_keeps_its_code() -> None:
    gone = msgspec.structs.replace(ISSUED, service="OLD")
    assert paper(CENTRE, gone, copy=True).service == "OLD"


def test_a_paper_lists_what_to_have_ready_and_keeps_the_size_of_type() -> None:
    sheet = paper(CENTRE, ISSUED, large=True)
    assert sheet.papers == tuple(text.en for text in CENTRE.service("CIVIL").papers)
    offline = IssueTicket(id="d", ts=NOW, service="CIVIL", number="2901", issued_at=NOW)
    assert sheet.large
    assert offline_paper(CENTRE, offline, large=True).large
    assert not paper(CENTRE, ISSUED).large
