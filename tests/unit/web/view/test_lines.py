from dataclasses import replace
from datetime import UTC, datetime

import msgspec

from bus.states import BoardState, ServicesState, ServiceState
from bus.vocabulary import WhyClosed
from hall.model import HallState
from hall.words import Words
from web.view.today import line_rows


def test_lines_in_the_order_of_the_services(hall_state: HallState) -> None:
    rows = line_rows(hall_state, Words("vi"))
    assert [row.service for row in rows][:2] == ["Chứng thực", "Hộ tịch"]
    assert len(rows) == 9
    cert, land = rows[0], rows[4]
    assert (cert.count, cert.next, cert.wait) == (3, ("1011", "1012", "1013"), "5–10 phút")
    assert (cert.open, cert.words) == (True, "Đang cấp số")
    assert (land.open, land.words, land.wait, land.count) == (False, "Đã đủ số hôm nay", "–", 0)
    assert rows[1].words == "Chưa rõ"


def test_closed_services_say_when_they_open(hall_state: HallState, services: ServicesState) -> None:
    opens = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    offers = (
        ServiceState(service="CERT", open=False, why=WhyClosed.HOURS, opens_at=opens),
        ServiceState(service="TAX", open=False, why=WhyClosed("a reason of tomorrow's version")),
    )
    heard = msgspec.structs.replace(services, services=offers)
    rows = {row.service: row for row in line_rows(replace(hall_state, services=heard), Words("vi"))}
    assert rows["Chứng thực"].words == "Ngoài giờ lấy số, tiếp tục từ 13:00"
    assert rows["Thuế"].words == "Không cấp số"


def test_without_configuration_codes_are_shown(board: BoardState, services: ServicesState) -> None:
    rows = line_rows(HallState(board=board, services=services), Words("vi"))
    assert [(row.service, row.count) for row in rows] == [("CERT", 3), ("LAND", 0)]


def test_nothing_heard_yet() -> None:
    assert line_rows(HallState(), Words("vi")) == []
