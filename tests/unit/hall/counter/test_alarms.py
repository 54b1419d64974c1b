"""What staff should know or do, and how the devices are."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from datetime import timedelta
from typing import Any

import pytest

from bus.commands import AnswerHelp, CallTicket, ConfirmDay, OpenCounter, Recall, ReprintTicket
from bus.states import Alarm, OfflineRange
from bus.vocabulary import AlarmKind, CounterStatus
from hall.counter.situation import NO_CHOICE, Banner, Choice, Menu, Sheet
from hall.counter.view import present


def test_a_call_nobody_announced_says_so_and_offers_a_recall(scene: Any) -> None:
    alarm = unheard(scene, "1017", "announcer-1")
    state = scene.state(current=scene.current(shown=False, spoken=False), alarms=(alarm,))
    view = present(scene.situation(state))
    assert view.current.mark == "chưa báo được số"
    assert view.alarm.text == "Loa 1 không phản hồi. Xin mời số 1017 bằng lời"
    assert view.alarm.choice.leads == Recall(counter=3, ticket="T1017")
    assert (view.footer.health.text, view.footer.health.good) == ("Loa 1 không phản hồi", False)


def test_devices_stay_named_after_the_number_has_gone(scene: Any) -> None:
    alarm = unheard(scene, "1016", "board-1", "board-2")
    view = present(scene.situation(scene.state(alarms=(alarm,))))
    assert view.alarm.text == (
        "Bảng gọi số 1, Bảng gọi số 2 không phản hồi, xin kiểm tra nguồn và dây"
    )
    assert not view.alarm.choice.enabled
    many = unheard(scene, "1016", "board-1", "board-2", "announcer-1")
    view = present(scene.situation(scene.idle(alarms=(many,))))
    assert view.footer.health.text == "Màn hình/loa không phản hồi"


def unheard(scene: Any, number: str, *devices: str) -> Alarm:
    return Alarm(
        kind=AlarmKind.UNANNOUNCED, at=scene.now, source=number, detail="spoken", devices=devices
    )


def test_the_person_who_needs_help_comes_first(scene: Any) -> None:
    alarms = (
        Alarm(kind=AlarmKind.DEVICE_OFFLINE, at=scene.ago(9), source="board-2"),
        Alarm(kind=AlarmKind.PRINTER, at=scene.ago(8), source="kiosk-1", detail="paper_out"),
        Alarm(kind=AlarmKind.HELP, at=scene.now, source="kiosk-1"),
    )
    banner = present(scene.situation(scene.state(alarms=alarms))).alarm
    assert banner.text == "Có người cần giúp ở máy lấy số"
    assert banner.choice.leads == AnswerHelp(counter=3, place="kiosk-1")
    assert banner.rings
    assert banner.others == Choice("+2 việc", leads=Menu.ALARMS)
    banner = present(scene.situation(scene.state(alarms=alarms[:2]))).alarm
    assert (banner.text, banner.choice.text, banner.rings) == ("Máy lấy số: hết giấy", "", "")
    banner = present(scene.situation(scene.state(alarms=alarms[:1]))).alarm
    assert banner.text == "Bảng gọi số 2 mất kết nối, xin kiểm tra nguồn và dây mạng"
    behind = Alarm(kind=AlarmKind.BOARD_BEHIND, at=scene.now, source="board-2")
    banner = present(scene.situation(scene.state(alarms=(behind, *alarms[:1])))).alarm
    assert banner.text == "Bảng gọi số 2 đang hiện số cũ, xin tắt rồi bật lại"


@pytest.mark.parametrize(
    ("detail", "text"),
    [
        ("cover_open", "Máy lấy số: nắp máy in đang mở"),
        ("offline", "Máy lấy số: không nối được máy in"),
        ("paper_low", "Máy lấy số: sắp hết giấy"),
        ("cutter_error", "Máy lấy số: dao cắt giấy bị kẹt"),
        ("overheated", "Máy lấy số: máy in quá nóng, tự nguội sau ít phút"),
        ("wrong_baud", "Máy lấy số: máy in sai tốc độ cổng, xin báo kỹ thuật"),
        ("error", "Máy lấy số: máy in có sự cố"),
    ],
)
def test_printer_trouble_in_words(scene: Any, detail: str, text: str) -> None:
    alarm = Alarm(kind=AlarmKind.PRINTER, at=scene.now, source="kiosk-1", detail=detail)
    assert present(scene.situation(scene.state(alarms=(alarm,)))).alarm.text == text


def test_a_dead_sign_says_whose_it_is(scene: Any) -> None:
    alarm = Alarm(kind=AlarmKind.SIGN, at=scene.now, source="sign-1", detail="3, 5")
    banner = present(scene.situation(scene.state(alarms=(alarm,)))).alarm
    assert banner.text == "Bảng LED quầy 3, 5 không sáng số, kiểm tra nguồn và dây"


def test_an_alarm_of_a_newer_service_is_not_hidden(scene: Any) -> None:
    alarm = Alarm(kind=AlarmKind.OTHER, at=scene.now, source="roof")
    assert banner_of(scene, alarm).text == "Cần kiểm tra: roof"


def banner_of(scene: Any, *alarms: Alarm, **changes: Any) -> Banner:
    return present(scene.situation(scene.state(alarms=alarms, **changes))).alarm


def test_help_rings_again_until_somebody_goes(scene: Any) -> None:
    alarm = Alarm(kind=AlarmKind.HELP, at=scene.now, source="kiosk-1")
    state = scene.state(alarms=(alarm,))
    rings = [
        present(scene.situation(state, now=scene.now + timedelta(seconds=seconds))).alarm.rings
        for seconds in (0, 29, 30, 59, 60)
    ]
    assert rings[0] == rings[1] != rings[2] == rings[3] != rings[4]


def test_people_wait_where_nobody_serves(scene: Any) -> None:
    alarm = Alarm(kind=AlarmKind.NOBODY_SERVES, at=scene.now, source="service", detail="CIVIL")
    shut = {"current": None, "status": CounterStatus.CLOSED}
    banner = banner_of(scene, alarm, **shut)
    assert banner.text == "Có người chờ, chưa quầy nào mở · Hộ tịch"
    assert banner.choice == Choice("Mở quầy", leads=OpenCounter(counter=3))
    assert banner_of(scene, alarm).choice == NO_CHOICE
    others = Alarm(kind=AlarmKind.NOBODY_SERVES, at=scene.now, source="service", detail="TAX")
    assert banner_of(scene, others, **shut).choice == NO_CHOICE


def test_a_full_disk_is_said(scene: Any) -> None:
    alarm = Alarm(kind=AlarmKind.STORE, at=scene.now, source="service")
    text = "Không ghi được dữ liệu, chưa cấp số và gọi số. Xin báo kỹ thuật"
    assert banner_of(scene, alarm).text == text


def test_a_day_is_confirmed_at_the_window(scene: Any) -> None:
    alarm = Alarm(
        kind=AlarmKind.DAY_TO_CONFIRM, at=scene.now, source="service", detail="2027-02-23"
    )
    banner = banner_of(scene, alarm, legal=("confirm_day",))
    assert banner.text == "Đồng hồ máy chủ nhảy xa: hôm nay có phải 23/02/2027?"
    assert banner.choice.leads == ConfirmDay(business_day="2027-02-23")


def test_a_refused_number_is_called_by_its_paper(scene: Any) -> None:
    alarm = Alarm(kind=AlarmKind.NUMBER_REFUSED, at=scene.now, source="2901", detail="kiosk-1")
    banner = banner_of(scene, alarm)
    assert banner.text == "Số 2901 in lúc mất liên lạc chưa vào hàng chờ: xin hỏi ai có số này"
    sheet = banner.choice.leads
    assert isinstance(sheet, Sheet)
    call = CallTicket(counter=3, current="T1017", number="2901")
    assert sheet.choices == (Choice("Gọi số này", "số 1017 tính là xong", call),)


def test_a_lost_paper_is_printed_again_where_its_person_stands(scene: Any) -> None:
    alarm = Alarm(kind=AlarmKind.PAPER_LOST, at=scene.now, source="2005", detail="kiosk-2")
    banner = banner_of(scene, alarm)
    assert banner.text.startswith("Phiếu của số 2005 chưa in được.")
    assert banner.choice.leads == ReprintTicket(ticket="T2005", print_on="kiosk-2")
    gone = Alarm(kind=AlarmKind.PAPER_LOST, at=scene.now, source="2099", detail="kiosk-2")
    assert banner_of(scene, gone).choice == NO_CHOICE


def test_numbers_that_only_paper_knows_are_asked_for(scene: Any) -> None:
    lost = Alarm(kind=AlarmKind.DEVICE_OFFLINE, at=scene.now, source="kiosk-1")
    numbers = OfflineRange(kiosk="kiosk-1", service="CIVIL", first="2901", last="2949")
    banner = banner_of(scene, lost, offline=(numbers,))
    assert banner.text == "Máy lấy số mất liên lạc: xin hỏi ai có số 2901–2949"
    assert banner.choice.leads is Menu.NUMBER
    assert banner.others == NO_CHOICE


def test_devices_in_one_line(scene: Any) -> None:
    def health(**devices: Any) -> tuple[str, bool]:
        known = {name.replace("_", "-"): status for name, status in devices.items()}
        shown = present(scene.situation(devices=known)).footer.health
        return shown.text, shown.good

    keypad, kiosk = scene.online("keypad"), scene.online("kiosk", printer="ready")
    assert health() == ("Kết nối: tốt", True)
    assert health(kiosk_1=kiosk) == ("Kết nối: tốt", True)
    assert health(keypad_1=keypad, kiosk_1=kiosk) == ("Bàn phím: tốt", True)
    gone = scene.online("keypad", online=False)
    assert health(keypad_1=gone) == ("Bàn phím: mất kết nối", False)
    own, other = {"counter": 3, "state": "silent"}, {"counter": 4, "state": "offline"}
    silent = scene.online("keypad", units={"line-3": own, "line-4": other})
    assert health(keypad_1=silent) == ("Bàn phím: mất kết nối", False)
    others = scene.online("keypad", units={"line-3": {**own, "state": "ready"}, "line-4": other})
    assert health(keypad_1=others) == ("Bàn phím: tốt", True)
    elsewhere = scene.online("keypad", units={"line-4": other})
    assert health(keypad_1=elsewhere) == ("Kết nối: tốt", True)
    empty = scene.online("kiosk", printer="paper_out")
    assert health(keypad_1=keypad, kiosk_1=empty) == ("Máy lấy số: hết giấy", False)
    unplugged = scene.online("kiosk", printer="ready", buttons="offline")
    assert health(kiosk_1=unplugged) == ("Máy lấy số: mất hộp nút lấy số", False)
    plugged_in = scene.online("kiosk", printer="ready", buttons="ready")
    assert health(kiosk_1=plugged_in) == ("Kết nối: tốt", True)
    lost = scene.online("kiosk", online=False)
    assert health(kiosk_1=lost) == ("Máy lấy số: mất kết nối", False)
