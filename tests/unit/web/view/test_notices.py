from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from bus.states import Alarm, BoardState, CounterState, Outage
from bus.vocabulary import AlarmKind, CounterStatus
from hall.model import HallState
from hall.words import Words
from web.view.notices import notices


def _counter(number: int, now: datetime, *alarms: Alarm) -> CounterState:
    return CounterState(
        epoch="E", rev=1, at=now, counter=number, status=CounterStatus.OPEN, alarms=alarms
    )


def _said(hall: HallState, lang: str = "vi") -> list[tuple[str, str]]:
    return [(notice.state, notice.words) for notice in notices(hall, Words(lang))]


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
        ("warn", "Hệ thống bộ, ngành: gián đoạn từ 08:24"),
        ("warn", "VNeID: gián đoạn từ 08:24"),
    ]
    assert _said(hall, "en")[0][1] == "Ministry systems: disrupted since 08:24"
