from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec

from bus.states import (
    Alarm,
    BoardCounter,
    BoardState,
    CounterState,
    HelpCall,
    Outage,
    ServicesState,
    Waiting,
)
from bus.vocabulary import AlarmKind, CounterStatus
from hall.model import HallState
from hall.words import Words
from web.view.lines import line_rows
from web.view.notices import notices
from web.view.strips import Strip

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)


def _counter(number: int, now: datetime, *alarms: Alarm) -> CounterState:
    return CounterState(
        epoch="E", rev=1, at=now, counter=number, status=CounterStatus.OPEN, alarms=alarms
    )


def _strips(hall: HallState, lang: str = "vi") -> list[Strip]:
    words, oldest = Words(lang), {"TAX": NOW - timedelta(minutes=22)}
    return notices(hall, line_rows(hall, oldest, NOW, words), oldest, NOW, words)


def _said(hall: HallState, lang: str = "vi") -> list[tuple[str, str]]:
    return [
        (strip.state, " · ".join(part for part in (strip.words, strip.detail) if part))
        for strip in _strips(hall, lang)
    ]


def test_all_is_well(hall_state: HallState) -> None:
    assert _said(hall_state) == []


def test_lost_link_and_stopped_service(hall_state: HallState) -> None:
    assert _said(replace(hall_state, linked=False))[0][1].startswith("Mất liên lạc với sảnh.")
    stopped = _said(replace(hall_state, service_there=False))
    assert stopped[0][1].startswith("Dịch vụ gọi số không hoạt động.")


def test_alarms_of_all_counters_once_and_oldest_first(hall_state: HallState, now: datetime) -> None:
    help_wanted = Alarm(kind=AlarmKind.HELP, at=now, source="kiosk-1")
    silent = Alarm(
        kind=AlarmKind.UNANNOUNCED,
        at=now - timedelta(minutes=2),
        source="2005",
        detail="shown, spoken",
    )
    paper = Alarm(
        kind=AlarmKind.PRINTER, at=now - timedelta(minutes=1), source="kiosk-1", detail="paper_out"
    )
    gone = Alarm(kind=AlarmKind.DEVICE_OFFLINE, at=now + timedelta(minutes=1), source="board-2")
    behind = Alarm(kind=AlarmKind.BOARD_BEHIND, at=now + timedelta(minutes=1), source="board-1")
    dark = Alarm(kind=AlarmKind.SIGN, at=now + timedelta(minutes=1), source="sign-1", detail="3, 5")
    new = Alarm(kind=AlarmKind.OTHER, at=now + timedelta(minutes=2), source="roof")
    counters = {
        3: _counter(3, now, help_wanted, silent, paper),
        4: _counter(4, now, help_wanted, gone, behind, dark, new),
    }
    assert _said(replace(hall_state, counters=counters)) == [
        ("bad", "Số 2005 chưa báo được trên bảng, loa · 08:22"),
        ("bad", "Máy lấy số: Hết giấy · 08:23"),
        ("bad", "Có người cần giúp: Máy lấy số · 08:24"),
        ("bad", "Mất kết nối: Bảng gọi số 2 · 08:25"),
        ("bad", "Đang hiện số cũ: Bảng gọi số 1 · 08:25"),
        ("bad", "Bảng LED quầy 3, 5 không sáng số, kiểm tra nguồn và dây · 08:25"),
        ("bad", "Cần kiểm tra: roof · 08:26"),
    ]


def test_what_stops_the_hall_is_told_in_words(hall_state: HallState, now: datetime) -> None:
    told = {
        (AlarmKind.STORE, "service", None): "Không ghi được dữ liệu",
        (AlarmKind.DAY_TO_CONFIRM, "service", "2027-02-12"): "hôm nay có phải 12/02/2027?",
        (AlarmKind.NOBODY_SERVES, "service", "CERT"): "chưa quầy nào mở: Chứng thực",
        (AlarmKind.NOBODY_SERVES, "service", "CIVIL"): "chưa quầy nào mở: Hộ tịch",
        (AlarmKind.NUMBER_REFUSED, "2901", None): "Số 2901 in lúc mất liên lạc",
        (AlarmKind.PAPER_LOST, "1001", "kiosk-1"): "Phiếu của số 1001 chưa in được",
    }
    alarms = [Alarm(kind=kind, at=now, source=s, detail=detail) for kind, s, detail in told]
    hall = replace(hall_state, counters={3: _counter(3, now, *alarms)})
    assert all(
        words in said for (_, said), words in zip(_said(hall), told.values(), strict=True)
    ), _said(hall)


def test_outages(hall_state: HallState, board: BoardState, now: datetime) -> None:
    outages = (Outage(system="Hệ thống bộ, ngành", since=now), Outage(system="VNeID", since=now))
    hall = replace(hall_state, board=msgspec.structs.replace(board, outages=outages))
    assert _said(hall) == [
        ("warn", "Hệ thống bộ, ngành: gián đoạn từ 08:24 · dưới 1 phút"),
        ("warn", "VNeID: gián đoạn từ 08:24 · dưới 1 phút"),
    ]
    assert _said(hall, "en")[0][1].startswith("Ministry systems: disrupted since 08:24")
    action = _strips(hall)[0].action
    assert action is not None
    assert (action.address, action.value) == ("/today/end-outage", "Hệ thống bộ, ngành")
    more = msgspec.structs.replace(hall.board, outages_total=4)  # type: ignore[type-var]
    assert _said(replace(hall, board=more))[-1] == ("warn", "Còn 2 hệ thống khác gián đoạn")


def test_people_whom_nobody_serves(hall_state: HallState, board: BoardState, now: datetime) -> None:
    rests = BoardCounter(counter=8, status=CounterStatus.PAUSED)
    shut = BoardCounter(counter=7, status=CounterStatus.CLOSED)
    waiting = (Waiting(service="TAX", count=4), Waiting(service="SI", count=1))
    heard = msgspec.structs.replace(board, waiting=waiting, counters=(rests, shut))
    alarm = Alarm(kind=AlarmKind.NOBODY_SERVES, at=now, source="service", detail="TAX")
    hall = replace(hall_state, board=heard, counters={3: _counter(3, now, alarm)})
    assert _said(hall) == [
        (
            "bad",
            "Có người chờ, chưa quầy nào mở: Thuế · 4 người, lâu nhất 22 phút · quầy 7 chưa mở",
        ),
        ("bad", "Có người chờ, chưa quầy nào mở: Bảo hiểm xã hội · 1 người · quầy 8 tạm nghỉ"),
    ]


def test_help_calls_stand_with_who_is_coming(
    hall_state: HallState, services: ServicesState, now: datetime
) -> None:
    calls = (HelpCall(place="kiosk-1", since=now), HelpCall(place="door", since=now, answered_by=9))
    heard = msgspec.structs.replace(services, help=calls, help_total=3)
    alarm = Alarm(kind=AlarmKind.HELP, at=now, source="kiosk-1")
    hall = replace(hall_state, services=heard, counters={3: _counter(3, now, alarm)})
    assert _said(hall) == [
        ("bad", "Có người cần giúp: Máy lấy số · 08:24 · chưa ai nhận"),
        ("warn", "Có người cần giúp: door · 08:24 · quầy 9 đã nhận, đang đến"),
        ("bad", "Còn 1 nơi khác đang cần giúp"),
    ]


def test_a_day_that_waits_can_be_confirmed(
    hall_state: HallState, services: ServicesState, now: datetime
) -> None:
    heard = msgspec.structs.replace(services, day_to_confirm="2027-02-12")
    alarm = Alarm(kind=AlarmKind.DAY_TO_CONFIRM, at=now, source="service", detail="2027-02-12")
    hall = replace(hall_state, services=heard, counters={3: _counter(3, now, alarm)})
    (strip,) = _strips(hall)
    assert strip.words == "Đồng hồ máy chủ nhảy xa: hôm nay có phải 12/02/2027?"
    assert strip.action is not None
    assert (strip.action.address, strip.action.value) == ("/today/confirm-day", "2027-02-12")
