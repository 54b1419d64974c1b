from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hall.model import HallState
from hall.words import Words
from wait_log.dialects import store_url
from wait_log.reader import open_reader
from web.day_log import DayLog, DayRecord
from web.view.today import today_page

VI = Words("vi")


def test_head_of_the_page(hall_state: HallState, now: datetime) -> None:
    page = today_page(hall_state, DayRecord(), now, VI)
    assert (page.day, page.as_of) == ("Thứ Hai, 23/11/2026", "08:24:00")
    assert page.title == "3 đang chờ – Hôm nay"
    assert [system.words for system in page.systems][:1] == ["Hệ thống bộ, ngành"]
    assert (page.troubled, page.legend[0]) == (0, ("ok", "trong mục tiêu 15 phút"))
    nothing = today_page(HallState(), DayRecord(), now, VI)
    assert (nothing.counters, nothing.lines, nothing.systems) == ([], [], [])


@pytest.mark.parametrize(
    ("record", "note"),
    [
        (DayRecord(), "Chưa có lượt nào hôm nay"),
        (DayRecord("2026-11-23"), "Chưa có lượt nào hôm nay"),
        (
            DayRecord(readable=False),
            "Chưa đọc được nhật ký. Tình trạng trong sảnh vẫn được cập nhật.",
        ),
    ],
)
def test_why_there_is_no_log(
    hall_state: HallState, now: datetime, record: DayRecord, note: str
) -> None:
    page = today_page(hall_state, record, now, VI)
    assert page.day_note == note


def test_the_day_in_the_log_is_named_when_it_is_not_today(
    hall_state: HallState, now: datetime, store_path: Path, add_tickets: Callable[..., None]
) -> None:
    add_tickets({"clock_suspect": True})
    log = DayLog(open_reader(store_url(store_path.parent), "nhi-chieu"))
    page = today_page(hall_state, log.read(), now, VI)
    assert (page.day_note, page.figures[0].value) == ("", "1")
    tuesday = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
    page = today_page(hall_state, log.read(), tuesday, VI)
    assert page.day == "Thứ Ba, 24/11/2026"
    assert page.day_note == ("Hôm nay chưa mở ngày mới; số liệu dưới đây là của ngày 23/11/2026.")
    log.close()
