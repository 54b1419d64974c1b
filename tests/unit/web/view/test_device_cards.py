"""The page "Thiết bị" in words: each trouble with what to do, and nothing that is not known."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from bus import health
from bus.states import DevicesState, DeviceStatus, MachineFacts, OrderProgress
from bus.vocabulary import (
    OrderOutcome,
    PrinterState,
    SignState,
    SkipReason,
    SoundState,
    StoreState,
    UnitState,
    VoiceState,
)
from config import load_centre
from hall.model import HallState
from hall.words import Words
from web.devices.condition import needing_a_hand
from web.devices.view import DeviceCard, devices_view

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
T = Words("vi")


def state_of(
    device: str,
    state: health.AnyHealth | None = None,
    *,
    online: bool = True,
    version: str = "0.4.0",
    message: str | None = None,
    orders: tuple[OrderProgress, ...] = (),
) -> HallState:
    service = DeviceStatus(online=True, kind="service", version="0.4.0", at=NOW)
    known = DeviceStatus(
        online=online, kind="x", version=version, at=NOW, health=state, message=message
    )
    return HallState(
        linked=True,
        service_there=True,
        centre=load_centre(),
        devices={"service": service, device: known},
        orders=DevicesState(epoch="e", rev=1, at=NOW, orders=orders),
    )


def _unheard(_device: str) -> datetime | None:
    return None


def card(hall: HallState, device: str, t: Words = T, ago_s: float = 0) -> DeviceCard:
    heard = {device: NOW - timedelta(seconds=ago_s)}
    return next(c for c in devices_view(hall, heard.get, NOW, t).cards if c.id == device)


@pytest.mark.parametrize(
    ("device", "state", "says", "remedy"),
    [
        ("kiosk-1", health.KioskHealth(printer=PrinterState.PAPER_OUT), "Hết giấy", "thay cuộn"),
        ("kiosk-1", health.KioskHealth(printer=PrinterState.OFFLINE), "Không nối", "kiểm tra"),
        ("kiosk-1", health.KioskHealth(buttons=UnitState.SHARED), "Mất hộp nút", "nguồn của hộp"),
        ("kiosk-1", health.KioskHealth(lost_papers=("1001",)), "Phiếu số 1001", "in lại"),
        ("announcer-1", health.AnnouncerHealth(sound=SoundState.NONE), "Không nghe", "dây âm"),
        ("announcer-1", health.AnnouncerHealth(voice=VoiceState.NONE), "Thiếu giọng", "espeak-ng"),
        ("announcer-1", health.AnnouncerHealth(volume=0), "Âm lượng bằng 0", "tăng âm lượng"),
        ("board-1", health.BoardHealth(stale=True, exposed=True), "Đang hiện số cũ", "dây mạng"),
        ("board-1", health.BoardHealth(exposed=False), "Màn hình không hiện", "bật TV"),
        ("sign-1", health.SignHealth(signs={3: SignState.DEAD}), "Bảng LED quầy 3", "dây A/B"),
        (
            "keypad-1",
            health.KeypadHealth(units={"a": health.KeypadUnit(counter=4, state=UnitState.SILENT)}),
            "Quầy 4: không trả lời",
            "địa chỉ",
        ),
        ("service", health.ServiceHealth(store=StoreState.FAILED), "Không ghi được", "ổ đĩa"),
    ],
)
def test_a_trouble_says_what_to_do_and_counts_in_the_menu(
    device: str, state: health.AnyHealth, says: str, remedy: str
) -> None:
    hall = state_of(device, state)
    shown = card(hall, device).condition
    assert shown.state == "warn"
    assert says in shown.words
    assert any(remedy in each for each in shown.remedies)
    assert needing_a_hand(hall) == 1
    english = card(hall, device, Words("en")).condition
    assert english.words != shown.words
    assert english.remedies != shown.remedies


def test_a_device_that_is_gone_says_since_when_and_promises_nothing() -> None:
    hall = state_of("announcer-1", health.AnnouncerHealth(), online=False)
    gone = card(hall, "announcer-1")
    assert (gone.condition.state, gone.condition.words) == ("bad", "Mất kết nối từ 08:24")
    assert (gone.can_test, gone.volume, gone.facts) == (False, None, ())
    assert devices_view(hall, _unheard, NOW, T).strips == ("Loa 1: Mất kết nối từ 08:24",)


def test_what_is_not_heard_is_not_known() -> None:
    hall = state_of("kiosk-1", health.KioskHealth())
    never = card(hall, "board-1")
    assert (never.condition.state, never.heard, never.can_test) == ("unknown", "", False)
    assert needing_a_hand(hall) == 0
    cut_off = HallState(centre=load_centre())
    assert {c.condition.state for c in devices_view(cut_off, _unheard, NOW, T).cards} == {"unknown"}
    assert needing_a_hand(cut_off) == 0


@pytest.mark.parametrize(
    ("capability", "says"),
    [("full", "có"), ("basic", "không"), ("none", "không"), ("", "chưa rõ"), ("new", "chưa rõ")],
)
def test_what_a_printer_can_prove_is_said_in_plain_words(capability: str, says: str) -> None:
    printer = health.PrinterHealth(state=PrinterState.READY, capability=capability)
    facts = card(state_of("kiosk-1", health.KioskHealth(printers={"main": printer})), "kiosk-1")
    assert any(f"Chứng minh đã in: {says}" in fact for fact in facts.facts)


@pytest.mark.parametrize(
    ("speech", "says"),
    [(SoundState.OK, "Đọc được"), (SoundState.NONE, "Không đọc màn hình ra loa được")],
)
def test_a_kiosk_says_whether_it_can_be_heard(speech: SoundState, says: str) -> None:
    facts = card(state_of("kiosk-1", health.KioskHealth(speech=speech)), "kiosk-1").facts
    assert facts[0].startswith(says)
    silent = card(state_of("kiosk-1", health.KioskHealth()), "kiosk-1").facts
    assert not any("ra loa" in fact for fact in silent)


def test_another_version_is_said() -> None:
    other = card(state_of("kiosk-1", health.KioskHealth(), version="0.3.0"), "kiosk-1")
    assert other.facts[-1] == ("Phiên bản 0.3.0, khác trung tâm (0.4.0): xin cập nhật máy này.")
    same = card(state_of("kiosk-1", health.KioskHealth()), "kiosk-1")
    assert same.facts[-1] == "Phiên bản 0.4.0."
    ahead = card(state_of("kiosk-1", health.KioskHealth(), version="0.5.0"), "kiosk-1")
    assert ahead.facts[-1].startswith("Phiên bản 0.5.0, mới hơn trung tâm (0.4.0)")


@pytest.mark.parametrize(
    ("machine", "says"),
    [
        (MachineFacts(name="pc-1", disk_free_mb=400), "Ổ đĩa của máy pc-1 sắp đầy"),
        (MachineFacts(name="pc-1", clock_ahead_s=-60), "Đồng hồ của máy pc-1 sai"),
        (MachineFacts(name="pc-1", disk_free_mb=500, clock_ahead_s=55), "Tốt"),
    ],
)
def test_the_machine_of_a_device_may_be_its_trouble(machine: MachineFacts, says: str) -> None:
    hall = state_of("kiosk-1", health.KioskHealth())
    devices = {**hall.devices, "kiosk-1": replace(hall.devices["kiosk-1"], machine=machine)}
    condition = card(dataclasses.replace(hall, devices=devices), "kiosk-1").condition
    assert condition.words == says
    assert bool(condition.remedies) is (says != "Tốt")


def test_a_box_that_must_be_upgraded_first_needs_a_hand() -> None:
    hall = state_of("kiosk-1", health.KioskHealth(), version="0.1.0")
    old = card(hall, "kiosk-1")
    assert old.condition.state == "bad"
    assert old.condition.words == "Phiên bản 0.1.0 quá cũ, chưa tham gia được"
    assert old.condition.remedies
    assert needing_a_hand(hall) == 1


@pytest.mark.parametrize(
    ("ago_s", "says"),
    [
        (-5, "vừa xong"),
        (2, "vừa xong"),
        (3, "3 giây trước"),
        (61, "1 phút trước"),
        (7200, "2 giờ trước"),
    ],
)
def test_how_long_ago_a_device_was_heard(ago_s: float, says: str) -> None:
    assert card(state_of("board-1", health.BoardHealth()), "board-1", ago_s=ago_s).heard == says


@pytest.mark.parametrize("does", ["print_test", "speak", "blink", "set_volume", "new_kind"])
@pytest.mark.parametrize("outcome", [None, *OrderOutcome])
@pytest.mark.parametrize("reason", ["", SkipReason.TOO_OLD, "3, 5", "<b>"])
def test_every_end_of_an_order_has_its_sentence(
    does: str, outcome: OrderOutcome | None, reason: str
) -> None:
    order = OrderProgress(
        order="e-1", device="kiosk-1", does=does, at=NOW, outcome=outcome, reason=reason
    )
    hall = state_of("kiosk-1", health.KioskHealth(), orders=(order,))
    for lang in ("vi", "en"):
        shown = card(hall, "kiosk-1", Words(lang)).outcome
        assert shown is not None
        assert shown.words
        assert "<" not in shown.words
        assert (shown.state == "bad") == (outcome in ("failed", "unanswered"))
