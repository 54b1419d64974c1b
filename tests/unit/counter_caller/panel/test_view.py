# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from datetime import timedelta
from typing import Any

import pytest

from bus.states import Alarm, Outage, Undoable
from bus.vocabulary import AlarmKind, CounterStatus, TicketClass, TicketState
from hall.counter.choices import Menu
from hall.counter.intents import Intent, answer_help, call_next, open_counter, recall
from hall.counter.view import present


def test_the_picture(scene: Any) -> None:
    view = present(scene.situation())
    assert view.header.counter == "Quầy 3"
    assert view.header.services == "Hộ tịch · Chứng thực"
    assert (view.current.number, view.current.service, view.current.chip) == (
        "1017",
        "Chứng thực",
        "Ưu tiên",
    )
    assert [(fact.text, fact.value) for fact in view.current.facts] == [
        ("Đã chờ", "11 phút"),
        ("Phục vụ", "3 phút"),
        ("Gọi", "1 lần"),
    ]
    assert (view.current.mark, view.current.announced) == ("đã hiện, đã đọc", True)
    assert [tab.text for tab in view.tabs] == ["Đang chờ 11", "Chờ ký 3", "Vắng 1"]
    assert [(row.number, row.waited, row.late) for row in view.rows[:2]] == [
        ("1018", "16 phút", True),
        ("2005", "9 phút", False),
    ]
    assert view.footer.figures == "14 lượt · bình quân 7 phút"
    assert view.footer.undo.text == "Hoàn tác gọi tiếp"
    assert view.buttons.second.note == "số 1017 quay lại sau khi ký"


def test_only_longer_than_the_target_is_late(scene: Any) -> None:
    state = scene.state(waiting=(scene.listed("1018", "CERT", 15.9),))
    assert not present(scene.situation(state)).rows[0].late
    state = scene.state(waiting=(scene.listed("1018", "CERT", 16),))
    assert present(scene.situation(state)).rows[0].late


def test_minutes_grow_with_the_clock(scene: Any) -> None:
    later = scene.now + timedelta(minutes=2)
    view = present(scene.situation(now=later))
    assert view.current.facts[0].value == "11 phút"
    assert view.current.facts[1].value == "5 phút"
    assert view.rows[0].waited == "18 phút"


def test_a_clock_that_is_behind_shows_no_negative_minutes(scene: Any) -> None:
    view = present(scene.situation(now=scene.ago(60)))
    assert view.current.facts[1].value == "0 phút"
    assert view.rows[0].waited == "0 phút"


def test_hours_are_written_as_hours(scene: Any) -> None:
    state = scene.state(waiting=(scene.listed("1018", "CERT", 125),))
    assert present(scene.situation(state)).rows[0].waited == "2 giờ 5 phút"


@pytest.mark.parametrize(
    ("shown", "spoken", "mark"),
    [
        (False, False, "đang gọi…"),
        (True, False, "đã hiện, chưa đọc"),
        (False, True, "đã đọc, chưa hiện"),
    ],
)
def test_the_mark_tells_how_far_the_call_got(
    scene: Any, shown: bool, spoken: bool, mark: str
) -> None:
    state = scene.state(current=scene.current(shown=shown, spoken=spoken))
    current = present(scene.situation(state)).current
    assert (current.mark, current.announced) == (mark, False)


def test_a_call_nobody_announced_says_so_and_offers_a_recall(scene: Any) -> None:
    alarm = unheard(scene, "1017", "announcer-1")
    state = scene.state(current=scene.current(shown=False, spoken=False), alarms=(alarm,))
    view = present(scene.situation(state))
    assert view.current.mark == "màn hình/loa không phản hồi"
    assert view.alarm.text == "Loa 1 không phản hồi. Xin mời số 1017 bằng lời"
    assert view.alarm.choice.leads == recall(3, "T1017")
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
    assert banner.text == "Có người cần giúp ở Máy lấy số"
    assert banner.choice.leads == answer_help(3)
    assert banner.rings
    banner = present(scene.situation(scene.state(alarms=alarms[:2]))).alarm
    assert (banner.text, banner.choice.text, banner.rings) == ("Máy lấy số: hết giấy", "", False)
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


def test_alarms_of_a_newer_service_are_left_out(scene: Any) -> None:
    alarm = Alarm(kind=AlarmKind.OTHER, at=scene.now, source="roof")
    assert present(scene.situation(scene.state(alarms=(alarm,)))).alarm.text == ""


def test_soon_after_a_call_next_means_absent_and_says_so(scene: Any) -> None:
    fresh = scene.current(called_at=scene.ago(0.3))
    view = present(scene.situation(scene.state(current=fresh)))
    assert view.buttons.primary.note == "F9 · chưa đến thì tính vắng"
    assert view.current.arrived.enabled
    came = scene.current(called_at=scene.ago(0.3), state=TicketState.SERVING)
    view = present(scene.situation(scene.state(current=came)))
    assert view.buttons.primary.note == "F9"
    assert view.current.arrived.text == ""


def test_idle_offers_the_next_number(scene: Any) -> None:
    view = present(scene.situation(scene.idle()))
    assert (view.current.headline, view.current.detail) == (
        "Sẵn sàng",
        "Tiếp theo 1018 · Chứng thực",
    )
    assert view.buttons.primary.text == "Gọi số tiếp theo"
    assert view.buttons.primary.leads == call_next(3, None)
    assert not view.buttons.second.enabled


def test_idle_with_nobody_waiting(scene: Any) -> None:
    view = present(scene.situation(scene.idle(waiting=(), waiting_total=0)))
    assert view.current.detail == "Chưa có người chờ"
    assert not view.buttons.primary.enabled
    assert view.below == "Chưa có người chờ"


def test_a_last_person_can_still_be_finished(scene: Any) -> None:
    view = present(scene.situation(scene.state(waiting=(), waiting_total=0)))
    assert view.buttons.primary.note == "F9 · chưa có người chờ"
    assert view.buttons.primary.leads == call_next(3, "T1017")


def test_closed_with_nobody_waiting_can_be_opened(scene: Any) -> None:
    state = scene.idle(status=CounterStatus.CLOSED, waiting=(), waiting_total=0)
    view = present(scene.situation(state))
    assert view.current.headline == "Quầy đang đóng"
    assert view.buttons.primary.leads == open_counter(3)
    assert view.header.presence.leads == open_counter(3)


def test_paused_says_why_and_until_when(scene: Any) -> None:
    state = scene.state(status=CounterStatus.PAUSED, reason="Họp", until=scene.ago(-30))
    view = present(scene.situation(state))
    assert view.current.detail == "Họp · tiếp tục từ 08:54"
    assert view.header.presence.text == "Mở quầy"
    state = scene.idle(status=CounterStatus.PAUSED, reason="Họp")
    assert present(scene.situation(state, lang="en")).current.detail == "In a meeting"


def test_long_lists_say_how_many_more(scene: Any) -> None:
    assert present(scene.situation(scene.state(waiting_total=61))).below == "và 50 người nữa"


@pytest.mark.parametrize(
    ("tab", "text"),
    [(TicketState.PARKED, "Không có số nào chờ ký"), (TicketState.ABSENT, "Không có số nào vắng")],
)
def test_empty_lists_say_so(scene: Any, tab: TicketState, text: str) -> None:
    state = scene.state(parked=(), absent=())
    assert present(scene.situation(state, tab=tab)).below == text


def test_rows_say_class_and_counter(scene: Any) -> None:
    row = scene.listed("1030", "CERT", 1, ticket_class=TicketClass.APPOINTMENT, to_counter=3)
    shown = present(scene.situation(scene.state(waiting=(row,)))).rows[0]
    assert (shown.service, shown.chip) == ("Chứng thực · đến quầy 3", "Có hẹn")


def test_outages_count_their_minutes(scene: Any) -> None:
    view = present(scene.situation())
    assert (view.outage.choice.text, view.outage.on) == ("Hệ thống bộ, ngành đang chậm", False)
    assert view.outage.choice.leads is Menu.OUTAGE
    internet = Outage(system="Đường truyền Internet", since=scene.ago(12))
    view = present(scene.situation(scene.state(outages=(internet,))))
    assert (view.outage.choice.text, view.outage.choice.note, view.outage.on) == (
        "Đường truyền Internet đang chậm",
        "đã 12 phút",
        True,
    )
    two = (internet, Outage(system="Hệ thống bộ, ngành", since=scene.ago(3)))
    view = present(scene.situation(scene.state(outages=two)))
    assert view.outage.choice.text == "2 hệ thống đang chậm"


def test_without_a_link_nothing_can_be_pressed(scene: Any) -> None:
    for gone in ({"linked": False}, {"service_gone": True}):
        view = present(scene.situation(**gone))
        assert view.header.lost in ("Mất kết nối", "Máy chủ chưa trả lời")
        buttons = view.buttons
        choices = (
            buttons.primary,
            buttons.second,
            buttons.recall,
            buttons.absent,
            buttons.transfer,
            buttons.more,
            view.header.presence,
            view.outage.choice,
            view.footer.undo,
            view.current.arrived,
        )
        assert not any(choice.enabled for choice in choices)
        assert (view.footer.health.text, view.footer.health.good) == ("Kết nối: mất", False)


def test_before_any_state_there_is_a_quiet_window(scene: Any) -> None:
    view = present(scene.situation(linked=False, centre=None, state=None))
    assert view.header.counter == "Quầy 3"
    view = present(type(scene.situation())(counter=4, linked=True))
    assert view.current.headline == "Đang chờ máy chủ…"
    assert view.rows == ()


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
    assert health(keypad_1=scene.online("keypad", units="?")) == ("Bàn phím: tốt", True)
    empty = scene.online("kiosk", printer="paper_out")
    assert health(keypad_1=keypad, kiosk_1=empty) == ("Máy lấy số: hết giấy", False)
    lost = scene.online("kiosk", online=False)
    assert health(kiosk_1=lost) == ("Máy lấy số: mất kết nối", False)


def test_the_way_back_is_named(scene: Any) -> None:
    texts = {
        kind: present(
            scene.situation(scene.state(undoable=Undoable(event="41", takes_back=kind)))
        ).footer.undo.text
        for kind in ("park", "transfer", "something_new")
    }
    assert texts == {
        "park": "Hoàn tác “Chờ ký”",
        "transfer": "Hoàn tác chuyển",
        "something_new": "Hoàn tác",
    }
    assert not present(scene.situation(scene.state(undoable=None))).footer.undo.enabled


def test_intents_are_stamped_when_sent(scene: Any) -> None:
    intent = present(scene.situation()).buttons.primary.leads
    assert isinstance(intent, Intent)
    command = intent.stamped("01X", scene.now)
    assert (command.id, command.ts) == ("01X", scene.now)
