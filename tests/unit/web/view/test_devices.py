from dataclasses import replace
from datetime import datetime

import pytest
from msgspec import convert

from bus.health import AnyHealth
from bus.states import DeviceStatus
from hall.model import HallState
from hall.words import Words
from web.view.devices import DeviceRow, device_rows


def _hall(hall: HallState, now: datetime, **devices: tuple[bool, str | None]) -> HallState:
    heard = {
        name.replace("_", "-"): DeviceStatus(online=online, kind="x", at=now, message=message)
        for name, (online, message) in devices.items()
    }
    return replace(hall, devices={**hall.devices, **heard})


def test_alike_devices_stand_together(hall_state: HallState, now: datetime) -> None:
    counters = {f"counter_{n}": (n != 6, None) for n in range(1, 9)}
    hall = _hall(hall_state, now, kiosk_1=(True, "Sắp hết giấy"), web=(True, None), **counters)
    rows = [(row.name, row.state, row.words) for row in device_rows(hall, Words("vi"))]
    assert rows == [
        ("Dịch vụ gọi số", "ok", "Tốt"),
        ("Máy lấy số 1", "warn", "Sắp hết giấy"),
        ("Bảng gọi số 1–2", "unknown", "Chưa kết nối"),
        ("Loa 1", "unknown", "Chưa kết nối"),
        ("Máy quầy 1–5, 7–8", "ok", "Tốt"),
        ("Máy quầy 6", "bad", "Mất kết nối"),
        ("Máy quầy 9", "unknown", "Chưa kết nối"),
        ("Bàn phím gọi 1", "unknown", "Chưa kết nối"),
        ("Bảng LED 1", "unknown", "Chưa kết nối"),
        ("Trang quản lý", "ok", "Tốt"),
    ]


def test_a_device_of_another_kind_keeps_its_name(now: datetime) -> None:
    hall = _hall(HallState(linked=True), now, led_sign_3=(True, None), gate=(True, None))
    assert [row.name for row in device_rows(hall, Words("vi"))] == ["gate", "led-sign 3"]


def press(unit: str) -> dict[str, str]:
    return {"unit": unit, "gesture": "single", "at": "2026-11-23T01:24:05Z"}


@pytest.mark.parametrize(
    ("health", "state", "words"),
    [
        ({"boards": ["tv-1", "tv-1", "tv-3"]}, "ok", "Tốt, đang hiện bảng trên tv-1, tv-3"),
        ({"boards": []}, "ok", "Tốt"),
        ({"printer": "ready"}, "ok", "Tốt"),
        ({"printer": "unknown"}, "ok", "Tốt"),
        ({"printer": "paper_low"}, "warn", "Sắp hết giấy"),
        ({"printer": "cover_open"}, "warn", "Nắp máy in đang mở"),
        ({"printer": "fault"}, "warn", "Máy in có sự cố"),
        ({"printer": "wrong_baud"}, "warn", "Máy in sai tốc độ cổng"),
        ({"printer": "ticket_present"}, "ok", "Tốt"),
        ({"printer": "ready", "printers": {"b": {"state": "paper_out"}}}, "warn", "Hết giấy"),
        ({"printer": "ready", "buttons": "offline"}, "warn", "Mất hộp nút lấy số"),
        ({"printer": "ready", "buttons": "ready"}, "ok", "Tốt"),
        ({"signs": {3: "dead"}}, "warn", "Bảng LED quầy 3 không sáng số, kiểm tra nguồn và dây"),
        ({"signs": {3: "ok"}}, "ok", "Tốt"),
        (
            {"pairing": [press("tasmota:a:1"), press("tasmota:b:1")]},
            "warn",
            "Nút vừa bấm chưa thuộc quầy nào: tasmota:b:1",
        ),
        ({"stale": True}, "warn", "Đang hiện số cũ"),
        ({"sound": "none"}, "warn", "Không nghe được gì, kiểm tra loa và dây"),
        ({"sound": "ok", "voice": "none"}, "warn", "Thiếu giọng đọc, cài espeak-ng"),
        ({"volume": 0.0}, "warn", "Âm lượng bằng 0, không đọc lượt gọi nào"),
        ({"volume": 0.6, "quiet": True}, "ok", "Tốt, đang giờ không đọc"),
        ({"volume": 1.0, "quiet": False, "standby": True}, "ok", "Tốt, dự phòng"),
        ({"volume": 0.6, "standby": False}, "ok", "Tốt, âm lượng 60 %"),
        ({"volume": 1.0, "sound": "ok", "voice": "espeak"}, "ok", "Tốt"),
        ({"stale": False, "screen": "HDMI-1"}, "ok", "Tốt"),
    ],
)
def test_health_in_words(now: datetime, health: dict[str, object], state: str, words: str) -> None:
    kinds = {"boards": "web", "printer": "kiosk", "signs": "sign", "pairing": "keypad"}
    kinds |= {"stale": "board", "sound": "announcer", "volume": "announcer"}
    told = convert({"kind": kinds[next(iter(health))], **health}, AnyHealth)
    status = DeviceStatus(online=True, kind="kiosk", at=now, health=told)
    hall = HallState(linked=True, devices={"kiosk-1": status})
    assert device_rows(hall, Words("vi")) == [DeviceRow("Máy lấy số 1", state, words)]


def test_without_a_link_nothing_is_known(hall_state: HallState) -> None:
    rows = device_rows(replace(hall_state, linked=False), Words("vi"))
    assert {row.state for row in rows} == {"unknown"}
    assert rows[0].words == "Chưa rõ"
