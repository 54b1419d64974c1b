# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from datetime import datetime
from typing import Any

import pytest

from bus.commands import (
    CallTicket,
    EndOutage,
    Finish,
    IssuedTicket,
    IssueTicket,
    PauseCounter,
    ReportOutage,
    ReprintTicket,
)
from bus.states import Alarm, BoardCounter, BoardState, OfflineRange, Outage
from bus.vocabulary import AlarmKind, CounterStatus, ReturnTo, TicketClass, TicketState
from hall.counter.moves import draft_sheet
from hall.counter.sheets import appointment_times, issued_sheet, menu_sheet, pause_ends
from hall.counter.situation import Choice, Draft, Menu, Sheet, Situation
from hall.counter.ticket_sheets import find_subject, row_sheet
from hall.model import HallState
from hall.words import Words


def open_menu(menu: Menu, situation: Any) -> Sheet:
    sheet = menu_sheet(menu, situation)
    assert sheet is not None
    return sheet


def choice(sheet: Sheet, text: str) -> Choice:
    return next(each for each in sheet.choices if each.text == text)


def follow(sheet: Sheet, *texts: str) -> Any:
    """Return where pressing these lines one after the other leads."""
    return followed(None, sheet, *texts)


def followed(situation: Any, sheet: Sheet, *texts: str) -> Any:
    """Return the same where a move is put together on the way."""
    leads: Any = sheet
    for text in texts:
        if isinstance(leads, Draft):
            leads = draft_sheet(leads, situation)
        assert isinstance(leads, Sheet)
        leads = choice(leads, text).leads
    return leads


def texts(sheet: Sheet) -> list[str]:
    return [each.text for each in sheet.choices if not each.heading]


def row(scene: Any, number: str, situation: Any = None) -> Sheet:
    situation = situation or scene.situation()
    subject = find_subject(situation, f"T{number}")
    assert subject is not None
    return row_sheet(situation, subject)


def test_pause_has_the_centres_reasons_and_ends(scene: Any) -> None:
    sheet = open_menu(Menu.PAUSE, scene.situation())
    assert sheet.title == "Lý do tạm nghỉ"
    assert texts(sheet) == [
        "Nghỉ giải lao",
        "Trình ký",
        "Họp",
        "Hệ thống mất kết nối",
        "Hỗ trợ quầy khác",
    ]
    ends = follow(sheet, "Trình ký")
    assert texts(ends) == ["15 phút", "30 phút", "Đến 13:30", "Chưa biết"]
    command = follow(sheet, "Trình ký", "15 phút")
    assert isinstance(command, PauseCounter)
    assert (command.reason, command.until) == ("Trình ký", scene.ago(-15))
    assert follow(sheet, "Họp", "Chưa biết").until is None
    assert follow(sheet, "Họp", "Đến 13:30").until == datetime.fromisoformat("2026-11-23T06:30Z")


def test_in_the_afternoon_there_is_no_opening_to_come(scene: Any) -> None:
    afternoon = datetime.fromisoformat("2026-11-23T08:00:30Z")
    ends = pause_ends(scene.centre, afternoon, Words())
    assert [text for text, _, _ in ends] == ["15 phút", "30 phút", "Chưa biết"]
    assert ends[0][1] == "đến 15:15"


def test_appointments_are_quarters_around_now(scene: Any) -> None:
    times = appointment_times(scene.now)
    assert [f"{time:%H:%M}" for time in times] == [
        "00:15", "00:30", "00:45", "01:00", "01:15", "01:30", "01:45", "02:00", "02:15",
    ]  # fmt: skip


def test_a_transfer_goes_to_services_or_open_counters(scene: Any) -> None:
    shut = BoardCounter(counter=5, status=CounterStatus.CLOSED)
    paused = BoardCounter(counter=6, status=CounterStatus.PAUSED)
    board = BoardState(epoch="E", rev=1, at=scene.now, counters=(shut, paused))
    sheet = open_menu(Menu.TRANSFER, scene.situation(board=board))
    assert "Chứng thực" not in texts(sheet)
    assert "Quầy 3" not in texts(sheet)
    assert texts(sheet)[:2] == ["Xong thì về lại quầy này", "Kèm lời nhắn…"]
    assert len(texts(sheet)) == 2 + 8 + 8
    assert follow(sheet, "Hộ tịch").to_service == "CIVIL"
    assert follow(sheet, "Quầy 6").to_counter == 6
    assert choice(sheet, "Quầy 5").note == "đang đóng"
    assert not choice(sheet, "Quầy 5").enabled
    assert menu_sheet(Menu.TRANSFER, scene.situation(scene.idle())) is None


def test_more_offers_what_has_no_button(scene: Any) -> None:
    sheet = open_menu(Menu.MORE, scene.situation())
    assert texts(sheet) == [
        "Vắng mặt – gọi tiếp",
        "Xong, chưa gọi tiếp",
        "Còn việc ở lĩnh vực khác…",
        "Chờ, quay lại sau…",
        "Trả về hàng chờ, kèm lời nhắn…",
        "Trả về chỗ cũ trong hàng chờ",
        "Còn hồ sơ – xếp cuối hàng",
        "Đổi diện ưu tiên…",
        "In lại phiếu",
        "Hủy số này…",
        "Tiếp nhận hồ sơ",
        "Trả kết quả",
        "Hướng dẫn",
        "Thiếu giấy tờ",
        "Không thuộc thẩm quyền",
        "Gọi một số…",
        "Lấy số cho người dân…",
    ]
    assert follow(sheet, "Còn hồ sơ – xếp cuối hàng").to is ReturnTo.END
    assert follow(sheet, "Xong, chưa gọi tiếp") == Finish(counter=3, ticket="T1017")
    assert follow(sheet, "Đổi diện ưu tiên…", "Thường").ticket_class is TicketClass.NORMAL
    assert texts(follow(sheet, "Đổi diện ưu tiên…")) == ["Thường", "Có hẹn"]
    assert follow(sheet, "Hủy số này…", "Lấy hai số").reason == "Lấy hai số"
    assert follow(sheet, "Gọi một số…") is Menu.NUMBER
    reprint = follow(sheet, "In lại phiếu")
    assert isinstance(reprint, ReprintTicket)
    assert reprint.print_on == "kiosk-1"


def test_more_when_idle_is_about_the_counter(scene: Any) -> None:
    sheet = open_menu(Menu.MORE, scene.situation(scene.idle()))
    assert texts(sheet) == ["Gọi một số…", "Lấy số cho người dân…", "Đóng quầy"]
    paused = scene.idle(status=CounterStatus.PAUSED)
    sheet = open_menu(Menu.MORE, scene.situation(paused))
    assert follow(sheet, "Đổi giờ quay lại…") is Menu.PAUSE


def test_a_number_for_a_person_without_one(scene: Any) -> None:
    assert follow(open_menu(Menu.MORE, scene.situation()), "Lấy số cho người dân…") is Menu.ISSUE
    issue = open_menu(Menu.ISSUE, scene.situation())
    assert len(texts(issue)) == 9
    command = follow(issue, "Đất đai", "Ưu tiên", "In phiếu ở máy lấy số")
    assert isinstance(command, IssueTicket)
    assert (command.service, command.ticket_class, command.print_on) == (
        "LAND",
        TicketClass.PRIORITY,
        "kiosk-1",
    )
    spoken = follow(issue, "Đất đai", "Thường", "Không in, đọc số cho người dân")
    assert spoken.print_on is None
    came = follow(issue, "Đất đai", "Có hẹn", "08:30", "In phiếu ở máy lấy số")
    assert came.appointment_at == datetime.fromisoformat("2026-11-23T01:30Z")


def test_the_new_number_is_shown_large(scene: Any) -> None:
    issued = IssuedTicket(
        ticket="T", number="5003", service="LAND", ticket_class=TicketClass.NORMAL,
        business_day="2026-11-23", ahead=2, wait_min=None, token="t", issued_at=scene.now,
    )  # fmt: skip
    sheet = issued_sheet(scene.situation(), issued)
    assert (sheet.figure, sheet.note) == ("5003", "Đất đai · 2 người phía trước")


def test_outages_begin_and_end(scene: Any) -> None:
    outage = Outage(system="Đường truyền Internet", since=scene.ago(12))
    sheet = open_menu(Menu.OUTAGE, scene.situation(scene.state(outages=(outage,))))
    ends = choice(sheet, "Đường truyền Internet")
    assert ends.note == "đã tốt lại · chậm 12 phút"
    assert ends.leads == EndOutage(system="Đường truyền Internet")
    begins = choice(sheet, "Hệ thống bộ, ngành")
    assert begins.leads == ReportOutage(system="Hệ thống bộ, ngành")


def test_a_waiting_row(scene: Any) -> None:
    sheet = row(scene, "1018")
    assert sheet.title == "Số 1018 · Chứng thực"
    assert texts(sheet) == [
        "Gọi số này",
        "Chuyển…",
        "Đổi diện ưu tiên…",
        "In lại phiếu",
        "Hủy số này…",
    ]
    assert choice(sheet, "Gọi số này").note == "số 1017 tính là xong"
    assert follow(sheet, "Gọi số này") == CallTicket(counter=3, current="T1017", ticket="T1018")
    assert followed(scene.situation(), sheet, "Chuyển…", "Quầy 2").ticket == "T1018"
    assert "Xong thì về lại quầy này" not in texts(
        draft_sheet(follow(sheet, "Chuyển…"), scene.situation()) or Sheet("")
    )


def test_a_parked_row(scene: Any) -> None:
    sheet = row(scene, "2001", scene.situation(scene.idle()))
    assert texts(sheet)[:3] == [
        "Gọi số này",
        "Trả về chỗ cũ trong hàng chờ",
        "Còn hồ sơ – xếp cuối hàng",
    ]
    assert choice(sheet, "Gọi số này").note == ""


def test_an_absent_row(scene: Any) -> None:
    sheet = row(scene, "1011")
    assert choice(sheet, "Đã quay lại").note == "được gọi kế tiếp"
    assert follow(sheet, "Đã quay lại").to is ReturnTo.PLACE
    assert "Chuyển…" not in texts(sheet)


@pytest.mark.parametrize("menu", [Menu.PAUSE, Menu.OUTAGE, Menu.TRANSFER])
def test_menus_need_what_they_are_about(menu: Menu) -> None:
    empty = Situation(counter=3, hall=HallState(linked=True))
    assert menu_sheet(menu, empty) is None


def test_a_number_that_only_paper_knows_can_be_called(scene: Any) -> None:
    numbers = OfflineRange(kiosk="kiosk-1", service="CIVIL", first="2901", last="2949")
    cut_off = scene.idle(waiting=(), waiting_total=0, legal=("call_ticket",), offline=(numbers,))
    sheet = open_menu(Menu.MORE, scene.situation(cut_off))
    assert follow(sheet, "Gọi một số…") is Menu.NUMBER
    entry = open_menu(Menu.NUMBER, scene.situation(cut_off))
    assert entry.asks_number
    assert entry.note == "Cả số in lúc mất liên lạc: 2901–2949"


def test_a_lost_paper_is_taken_in_only_after_a_restore(scene: Any) -> None:
    usual = open_menu(Menu.MORE, scene.situation(scene.idle(legal=("call_ticket",))))
    assert "Nhận lại số trên phiếu…" not in texts(usual)
    restored = scene.situation(scene.idle(legal=("call_ticket", "adopt_ticket")))
    assert follow(open_menu(Menu.MORE, restored), "Nhận lại số trên phiếu…") is Menu.PAPER
    entry = open_menu(Menu.PAPER, restored)
    assert (entry.asks_number, entry.asks_time) == (True, True)
    assert "Lấy số lúc" in entry.note


def test_all_that_needs_attention_is_in_one_sheet(scene: Any) -> None:
    alarms = (
        Alarm(kind=AlarmKind.PRINTER, at=scene.now, source="kiosk-1", detail="paper_out"),
        Alarm(kind=AlarmKind.HELP, at=scene.now, source="kiosk-1"),
    )
    sheet = open_menu(Menu.ALARMS, scene.situation(scene.state(alarms=alarms)))
    assert [(each.text, each.heading) for each in sheet.choices] == [
        ("Có người cần giúp ở máy lấy số", True),
        ("Tôi đến giúp", False),
        ("Máy lấy số: hết giấy", True),
    ]


def test_subjects_know_their_list(scene: Any) -> None:
    states = {
        number: found.state
        for number in ("1017", "1018", "2001", "1011")
        if (found := find_subject(scene.situation(), f"T{number}"))
    }
    assert states == {
        "1017": TicketState.CALLED,
        "1018": TicketState.WAITING,
        "2001": TicketState.PARKED,
        "1011": TicketState.ABSENT,
    }
