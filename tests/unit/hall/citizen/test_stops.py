"""Every page as a line of stops: what is said, in which order, and what can be done."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from bus.codes import CODE_LETTERS
from bus.commands import AppointmentRefusal
from bus.states import ServicesState, ServiceState
from bus.vocabulary import PrinterState, TicketClass, WhyNoAppointment
from config import load_centre
from config.settings import Rules
from hall.citizen.browsing import of_field, with_chosen
from hall.citizen.offering import HallSnapshot, Offer, offer
from hall.citizen.session import Help, Page, PageNotice, Paper, Session, ShownTicket, Voiding
from hall.citizen.speech import written
from hall.citizen.stops import Circumstances, Reading, reading_of
from hall.procedures.example import example_for
from hall.words import Words

CENTRE = load_centre()
NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
EVENING = NOW.replace(hour=14)
HOME = Session(keys=True)
TICKET = ShownTicket(
    request="r", ticket="t", number="2005", service="CIVIL", ahead=2, wait_min=(5, 10), since=10.0,
    paper=Paper.PRINTED,
)  # fmt: skip
SPEECH = ["repeat", "pause", "curtain", "speech"]
BAR = ["language", "large", "contrast", "low", "help"]


def around(
    lang: str = "vi",
    *,
    printer: PrinterState = PrinterState.READY,
    up: bool = True,
    book: bool = True,
    at: datetime = NOW,
    states: dict[str, dict[str, Any]] | None = None,
) -> Circumstances:
    hours = replace_hours(always_open=True)
    shops = (msgspec.structs.replace(CENTRE.services[0], appointment_hours=("08:00-11:00",)),)
    centre = msgspec.structs.replace(CENTRE, services=(*shops, *CENTRE.services[1:]))
    services = tuple(
        ServiceState(service=service.code, **(states or {}).get(service.code, {"open": True}))
        for service in centre.services
    )
    known = HallSnapshot(
        centre=centre,
        services=ServicesState(
            epoch="E", rev=1, at=NOW, business_day="2026-11-23", services=services
        ),
        service_up=up,
        has_book=book,
        procedures=msgspec.structs.replace(
            example_for(msgspec.structs.replace(CENTRE, hours=hours)).document, example=False
        ),
    )
    found = offer(known, at, lang) if up or book else Offer()
    return Circumstances(known=known, offer=found, printer=printer, rules=Rules(), now=20.0)


def replace_hours(**changes: Any) -> Any:  # noqa: ANN401
    return msgspec.structs.replace(CENTRE.hours, **changes)


def ids(reading: Reading) -> list[str]:
    return [stop.id for stop in reading.stops]


def says(reading: Reading, stop_id: str, lang: str = "vi") -> str:
    stop = reading.stop(stop_id)
    assert stop, ids(reading)
    return written(stop.says, Words(lang))


def intro(reading: Reading, lang: str = "vi") -> str:
    return written(reading.intro, Words(lang))


def news(reading: Reading) -> str:
    return written(reading.news, Words("vi"))


def on_ticket(**changes: Any) -> Session:  # noqa: ANN401
    return replace(HOME, page=Page.TICKET, ticket=replace(TICKET, **changes))


def pages() -> Iterator[tuple[str, Session]]:
    yield "home", HOME
    yield "ask", replace(HOME, asking="CIVIL", ahead=31)
    yield "countdown", replace(HOME, left_s=14)
    yield "taking", replace(HOME, page=Page.TAKING)
    for paper in Paper:
        yield f"ticket {paper}", on_ticket(paper=paper, trouble="paper_out")
    yield "void", on_ticket(voiding=Voiding.CONFIRMING)
    for notice in PageNotice:
        yield notice, replace(HOME, page=Page.NOTICE, notice=notice, about="CIVIL")
    yield "appointment", replace(HOME, page=Page.APPOINTMENT, code="7K3M9Q")
    for why in WhyNoAppointment:
        refused = AppointmentRefusal(why=why, at=NOW)
        yield why, replace(HOME, page=Page.APPOINTMENT, code="7K3M9Q", no_code=refused)
    yield "procedures", replace(HOME, page=Page.PROCEDURES)
    yield "names", replace(HOME, page=Page.PROCEDURES, browsing=of_field("CIVIL"))
    one = with_chosen(of_field("CIVIL"), around().known.procedures.procedures[0].key)
    yield "one", replace(HOME, page=Page.PROCEDURES, browsing=one)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_page_says_something_and_no_two_stops_are_one(lang: str) -> None:
    seen = set()
    for name, session in pages():
        reading = reading_of(replace(session, lang=lang, spoken=True), around(lang))
        seen.add(session.page)
        assert reading.page, name
        assert intro(reading, lang), name
        assert len(set(ids(reading))) == len(reading.stops), name
        assert all(says(reading, stop.id, lang) for stop in reading.stops), name
        controls = {stop.control for stop in reading.stops}
        assert name == "taking" or controls - {""}, "there is always a way on"
        alone = name in ("countdown", "taking")
        assert alone or ids(reading)[-4:] == SPEECH, name
    assert seen == set(Page)


def test_home_goes_from_the_switch_over_the_services_to_the_bar() -> None:
    reading = reading_of(HOME, around())
    tiles = [f"service-{one.code}" for one in CENTRE.services if not one.guidance]
    assert ids(reading) == ["priority", *tiles, "guidance", "appointments", "procedures", *BAR]
    assert intro(reading).startswith("Xin chào quý vị. Đây là máy lấy số của")
    assert says(reading, "guidance").startswith("Tôi chưa biết chọn ô nào. Lấy số đến bàn")


def test_a_tile_says_how_it_stands() -> None:
    at = NOW.replace(hour=6, minute=30)
    states: dict[str, dict[str, Any]] = {
        "CERT": {"open": True, "waiting": 1, "wait_min": (0, 5)},
        "CIVIL": {"open": True, "waiting": 120, "wait_min": (65, 130)},
        "SOC": {"open": False, "why": "paused", "opens_at": at},
        "ECON": {"open": False, "why": "full"},
        "LAND": {"open": True, "waiting": 3},
    }
    reading = reading_of(HOME, around(states=states))

    def standing(code: str) -> str:
        return says(reading, f"service-{code}").split(". ", 1)[1]

    assert standing("CERT").startswith("một người chờ. chờ dưới 5 phút")
    assert standing("CIVIL").startswith("còn hơn 99 người chờ. chờ khoảng 65 đến hơn 99 phút")
    assert standing("SOC") == "Tạm nghỉ, tiếp tục từ 13:30"
    assert standing("ECON") == "Hết số hôm nay"
    assert standing("LAND").startswith("còn 3 người chờ. Quầy chưa mở")


def test_out_of_hours_the_hours_come_first_and_no_switch_is_offered() -> None:
    shut = {code: {"open": False, "why": "hours"} for code in (s.code for s in CENTRE.services)}
    reading = reading_of(HOME, around(at=EVENING, states=shut))
    assert ids(reading)[0] == "hours"
    assert "priority" not in ids(reading)
    assert "Ngoài giờ lấy số. sáng 7:30 đến 11:30. chiều 13:30 đến 17:00" in intro(reading)


def test_what_does_not_work_is_news_and_a_stop() -> None:
    out = reading_of(HOME, around(printer=PrinterState.PAPER_OUT))
    assert news(out).startswith("Máy in hết giấy. Quý vị vẫn lấy được số")
    assert (ids(out)[0], says(out, "banner")) == ("banner", news(out))
    assert news(reading_of(HOME, around(up=False))).startswith("Hệ thống đang tạm gián đoạn")
    left = reading_of(HOME, around(printer=PrinterState.TICKET_PRESENT))
    assert news(left).startswith("Còn phiếu ở khe in")
    nowhere = reading_of(HOME, around(up=False, book=False))
    assert ids(nowhere) == ["banner", "procedures", *BAR]
    assert "Máy lấy số đang kết nối" in intro(nowhere)


@pytest.mark.parametrize(
    ("state", "helper", "said"),
    [
        (Help.CALLING, None, "Đang gọi cán bộ"),
        (Help.CALLED, None, "Đã báo cán bộ, xin chờ"),
        (Help.COMING, 3, "Cán bộ quầy 3 đang đến"),
        (Help.COMING, None, "Cán bộ đang đến"),
    ],
)
def test_who_comes_to_help_is_told(state: Help, helper: int | None, said: str) -> None:
    reading = reading_of(replace(HOME, help=state, helper=helper), around())
    assert (news(reading), says(reading, "help")) == (said, said)


def test_a_ticket_is_its_number_twice_and_then_all_of_its_paper() -> None:
    reading = reading_of(on_ticket(ticket_class=TicketClass.PRIORITY), around())
    assert ids(reading) == ["number", "ticketCard", "askVoid", "finish"]
    assert says(reading, "number") == "Số thứ tự của quý vị 2005. Xin nhắc lại. 2005"
    card = says(reading, "ticketCard")
    assert card.startswith("Số ưu tiên. Hộ tịch. Trước quý vị có 2 người. chờ khoảng 5 đến 10 phút")
    assert card.endswith("Số chỉ có giá trị trong ngày.")
    assert intro(reading) == f"{says(reading, 'number')}. {card}"


def test_a_ticket_whose_people_nobody_knows_says_nothing_of_them() -> None:
    unknown = says(reading_of(on_ticket(ahead=None, wait_min=None), around()), "ticketCard")
    assert unknown.startswith("Hộ tịch. Khi đến lượt, loa và màn hình sẽ mời")
    first = says(reading_of(on_ticket(ahead=0), around()), "ticketCard")
    assert first.startswith("Hộ tịch. Chưa có người chờ. chờ khoảng")
    fetched = says(reading_of(on_ticket(fetch=True), around()), "ticketCard")
    assert "Cán bộ sẽ đến mời quý vị tại chỗ." in fetched


@pytest.mark.parametrize(
    ("paper", "trouble", "said"),
    [
        (Paper.PRINTING, "", "Mời quý vị nhận phiếu"),
        (Paper.FAILED, "cover_open", "Xin quý vị ghi nhớ số này. Nắp máy in đang mở. Xin ghi nhớ"),
        (Paper.FAILED, "", "Xin quý vị ghi nhớ số này. Chưa in được phiếu. Xin ghi nhớ số này"),
        (Paper.UNPROVEN, "", "Mời quý vị nhận phiếu. Nếu chưa thấy phiếu, xin ghi nhớ số này"),
        (Paper.COPYING, "", "Đang in lại phiếu…"),
        (Paper.COPIED, "", "Mời quý vị nhận bản in lại"),
    ],
)
def test_what_became_of_the_paper_is_news(paper: Paper, trouble: str, said: str) -> None:
    reading = reading_of(on_ticket(paper=paper, trouble=trouble), around())
    assert news(reading).startswith(said)
    assert ("copy" in ids(reading)) == (paper is Paper.UNPROVEN)


def test_what_cannot_be_undone_is_asked_with_the_safe_answer_first() -> None:
    void = reading_of(on_ticket(voiding=Voiding.CONFIRMING), around())
    assert (ids(void), intro(void)[:11]) == (["keepNumber", "void"], "Hủy số 2005")
    asked = reading_of(replace(HOME, asking="CIVIL", ahead=31), around())
    assert ids(asked) == ["takeAsked", "leaveAsked"]
    assert intro(asked).startswith("Hộ tịch. Trước quý vị có 31 người.")


def test_a_code_is_entered_letter_by_letter() -> None:
    page = replace(HOME, page=Page.APPOINTMENT)
    empty = reading_of(page, around())
    keys = ["key-erase", *(f"key-{letter}" for letter in CODE_LETTERS)]
    assert ids(empty) == [*keys, "leaveCode"]
    some = reading_of(replace(page, code="7K"), around())
    assert (news(some), ids(some)[0]) == ("Đã nhập 7 chữ ca", "code")
    whole = reading_of(replace(page, code="7K3M9Q"), around())
    assert (ids(whole)[0], says(whole, "checkIn")) == ("checkIn", "Lấy số có hẹn")
    refused = AppointmentRefusal(why=WhyNoAppointment.LATE, at=NOW)
    late = reading_of(replace(page, code="7K3M9Q", no_code=refused), around())
    assert (ids(late)[0], says(late, "takeLate")) == ("takeLate", "Lấy số thường")
    assert news(late) == "Đã quá giờ hẹn. Mời quý vị lấy số thường."


def test_the_stops_of_who_listens_are_no_others() -> None:
    assert set(SPEECH).isdisjoint(ids(reading_of(HOME, around())))
    aloud = reading_of(replace(HOME, spoken=True, curtain=True), around())
    assert ids(aloud)[-4:] == SPEECH
    assert says(aloud, "curtain") == "Che màn hình đang bật"
