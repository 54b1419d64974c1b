from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from bus.commands import IssuedTicket, IssueTicket
from bus.states import ServicesState, ServiceState
from bus.vocabulary import PrinterState, TicketClass
from config import load_centre
from config.settings import Rules
from hall.citizen import session as step
from hall.citizen.offering import HallSnapshot, offer
from hall.citizen.session import Help, Page, PageNotice, Paper, Session, Voiding
from hall.citizen.view import CitizenView, TicketView, citizen_view

CENTRE = load_centre()
NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
REQUEST = IssueTicket(id="r1", ts=NOW, service="CIVIL")


def view(
    session: Session = Session(),  # noqa: B008 - frozen
    *,
    printer: PrinterState = PrinterState.READY,
    up: bool = True,
    states: dict[str, dict[str, Any]] | None = None,
) -> CitizenView:
    services = tuple(
        ServiceState(service=service.code, **(states or {}).get(service.code, {"open": True}))
        for service in CENTRE.services
    )
    state = ServicesState(epoch="E", rev=1, at=NOW, business_day="2026-11-23", services=services)
    known = HallSnapshot(centre=CENTRE, services=state, service_up=up, has_book=True)
    offered = offer(known, NOW, session.lang)
    return citizen_view(session, known, offered, printer=printer, rules=Rules(), now=20.0)


def ticket(session: Session = Session(), **changes: Any) -> Session:  # noqa: ANN401, B008
    issued = IssuedTicket(
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
    issued = msgspec.structs.replace(issued, **changes)
    return step.given(step.taking(session, REQUEST, 10.0), issued, 10.0)


def shown(session: Session) -> TicketView:
    seen = view(session).ticket
    assert seen is not None
    return seen


def status(code: str, **state: Any) -> tuple[str, ...]:  # noqa: ANN401
    home = view(states={code: state}).home
    return next(tile.status for tile in home.tiles if tile.code == code)


def test_the_whole_screen_can_be_drawn_as_json() -> None:
    plain = msgspec.json.decode(msgspec.json.encode(view(ticket())))
    assert plain["page"] == "ticket"
    assert plain["ticket"]["number"] == "2005"
    assert [tile["code"] for tile in plain["home"]["tiles"]][:2] == ["CERT", "CIVIL"]
    assert msgspec.json.decode(msgspec.json.encode(view()), type=CitizenView) == view()


def test_waits_are_ranges_and_unknown_while_no_counter_is_open() -> None:
    waits: dict[str, Any] = {"open": True, "waiting": 9}
    assert status("CERT", **waits, wait_min=(15, 20)) == ("<b>9</b> người chờ", "<b>15–20 phút</b>")
    assert status("CERT", **waits, wait_min=(0, 5)) == ("<b>9</b> người chờ", "<b>dưới 5 phút</b>")
    assert status("CERT", **waits) == ("<b>9</b> người chờ", "Quầy chưa mở")
    assert status("CERT", open=True) == ("Chưa có người chờ",)


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        ((5, 10), ("5–10 phút", "chờ khoảng")),
        ((0, 5), ("dưới 5 phút", "thời gian chờ")),
        (None, ("Quầy chưa mở", "thời gian chờ")),
    ],
)
def test_the_ticket_says_the_wait_as_the_paper_does(
    wait: tuple[int, int] | None, words: tuple[str, str]
) -> None:
    seen = shown(ticket(wait_min=wait))
    assert (seen.wait, seen.wait_label) == words


def test_priority_is_confirmed_as_on_the_paper() -> None:
    assert shown(ticket(ticket_class=TicketClass.PRIORITY)).mark == "ƯU TIÊN"
    english = ticket(Session(lang="en"), ticket_class=TicketClass.PRIORITY)
    assert shown(english).mark == "PRIORITY"
    assert shown(ticket()).mark == ""


def test_a_number_of_the_book_promises_nothing() -> None:
    delivery = IssueTicket(id="d1", ts=NOW, service="CIVIL", number="2901")
    offline = step.given_offline(step.taking(Session(), REQUEST, 10.0), delivery, 10.0)
    seen = shown(offline)
    assert (seen.number, seen.ahead, seen.wait, seen.can_void) == ("2901", "", "", False)


@pytest.mark.parametrize(
    ("paper", "trouble", "says"),
    [
        (Paper.PRINTED, "", ("Mời quý vị nhận phiếu", "", True)),
        (
            Paper.FAILED,
            "paper_out",
            (
                "Xin quý vị ghi nhớ số này",
                "Máy in hết giấy. Xin ghi nhớ số này hoặc báo cán bộ.",
                False,
            ),
        ),
        (
            Paper.UNKNOWN,
            "interrupted",
            (
                "Xin quý vị ghi nhớ số này",
                "Chưa in được phiếu. Xin ghi nhớ số này hoặc báo cán bộ.",
                False,
            ),
        ),
        (
            Paper.UNPROVEN,
            "no_answer",
            (
                "Mời quý vị nhận phiếu",
                "Nếu chưa thấy phiếu, xin ghi nhớ số này hoặc lấy bản in lại.",
                True,
            ),
        ),
    ],
)
def test_the_page_says_what_became_of_the_paper(
    paper: Paper, trouble: str, says: tuple[str, str, bool]
) -> None:
    seen = shown(step.printed(ticket(), {"t1"}, paper, 11.0, trouble))
    assert (seen.title, seen.trouble, seen.paper_comes) == says


def test_giving_back_is_asked_by_number() -> None:
    assert (shown(ticket()).can_void, shown(ticket()).question) == (True, "")
    asked = step.voiding(ticket(), Voiding.CONFIRMING)
    assert shown(asked).question == "Hủy số 2005?"
    assert not shown(step.voiding(ticket(), Voiding.SENT)).can_void


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (Help.NONE, "Gọi người giúp"),
        (Help.CALLING, "Đang gọi cán bộ…"),
        (Help.CALLED, "Đã báo cán bộ, xin chờ"),
    ],
)
def test_nobody_is_said_to_come_before_somebody_answers(state: Help, words: str) -> None:
    assert view(step.helped(Session(), state, 1.0)).home.help_words == words


def test_every_notice_says_what_to_do_in_both_languages() -> None:
    for lang in ("vi", "en"):
        for notice in PageNotice:
            seen = view(step.noticed(Session(lang=lang), notice, 10.0, "CIVIL")).notice
            assert seen is not None
            assert seen.title
            assert seen.advice
            assert "{" not in seen.title + seen.advice


def texts(view: object) -> list[str]:
    """Return every text of a view that is no name or number of the centre."""
    plain = msgspec.json.decode(msgspec.json.encode(view))
    found, waiting = [], [plain]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            names = {"code", "icon", "name", "detail", "place", "number"}
            waiting.extend(inner for key, inner in value.items() if key not in names)
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, str):
            found.append(value)
    return found


def test_whoever_chose_english_reads_no_vietnamese() -> None:
    english = Session(lang="en")
    troubles = ("", "paper_out", "cover_open", "cutter_error", "overheated", "offline")
    shown_ones = [
        view(step.printed(ticket(english), {"t1"}, paper, 11.0, trouble))
        for paper in Paper
        for trouble in troubles
    ]
    shown_ones += [view(step.helped(english, state, 1.0)) for state in Help]
    shown_ones += [
        view(english, printer=printer, up=up) for printer in PrinterState for up in (True, False)
    ]
    for why in ("paused", "full", "hours", "last_ticket"):
        for opens_at in (None, datetime(2026, 11, 23, 6, 30, tzinfo=UTC)):
            state = {"open": False, "why": why, "opens_at": opens_at}
            shown_ones.append(view(english, states={"SI": state}))
    letters = set("ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")
    vietnamese = {text for one in shown_ones for text in texts(one) if letters & set(text.lower())}
    assert vietnamese == {"Tiếng Việt"}  # the other language, by its own name


def test_a_voided_ticket_is_said_without_the_word_for_voting() -> None:
    seen = view(step.noticed(Session(), PageNotice.VOIDED, 10.0, "2005")).notice
    assert seen is not None
    assert seen.title == "Đã hủy số 2005"
    assert seen.advice == "Phiếu cũ không còn giá trị. Mời quý vị chọn lại việc cần làm."


def test_what_does_not_work_is_said_calmly() -> None:
    assert view().home.banner == ""
    assert view(printer=PrinterState.PAPER_OUT).home.banner == (
        "Máy in hết giấy. Quý vị vẫn lấy được số, xin ghi nhớ số trên màn hình."
    )
    assert view(up=False).home.banner == "Hệ thống đang tạm gián đoạn. Quý vị vẫn lấy được số."
    assert view(Session(page=Page.TAKING)).page == "taking"
