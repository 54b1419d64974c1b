"""How a device is and what to do about it, in the words of the page."""

from collections.abc import Iterator
from dataclasses import dataclass

from bus.health import (
    AnnouncerHealth,
    AnyHealth,
    BoardHealth,
    KeypadHealth,
    KioskHealth,
    ServiceHealth,
    SignHealth,
)
from bus.states import DeviceStatus, MachineFacts
from bus.versions import too_old
from bus.vocabulary import CopyState, SoundState, StoreState, UnitState, VoiceState
from config import Role
from hall.model import SERVICE, HallState
from hall.words import N_, Words
from hall.words.remedies import PRINTER
from web.view.names import printer_words, sign_trouble

UNSEEN = frozenset({Role.BUTTONS, Role.WEB_PUBLIC})
"""Accounts that say nothing of themselves."""
_SOUND = {
    SoundState.NONE: (
        N_("Không nghe được gì"),
        N_("kiểm tra nguồn của loa và dây âm thanh; cắm lại rồi bấm Thử"),
    ),
    SoundState.FAULT: (
        N_("Lỗi phần mềm khi phát tiếng"),
        N_("khởi động lại máy có loa; nếu còn lỗi, gửi nhật ký cho kỹ thuật"),
    ),
}
_LOW_MB = 500
_CLOCK_OFF_S = 60
UNITS = {
    UnitState.READY: N_("tốt"),
    UnitState.UNKNOWN: N_("chưa có lần bấm nào"),
    UnitState.SILENT: N_("không trả lời"),
    UnitState.OFFLINE: N_("mất kết nối"),
    UnitState.SHARED: N_("chương trình khác đang dùng"),
    UnitState.FAULT: N_("lỗi phần mềm"),
}
UNITS_LOST = frozenset({UnitState.SILENT, UnitState.OFFLINE, UnitState.SHARED, UnitState.FAULT})


@dataclass(frozen=True, slots=True)
class Condition:
    """How a device is, in a word, with what to do about it."""

    state: str = "ok"
    """`ok`, `warn`, `bad` or `unknown`."""
    words: str = ""
    remedies: tuple[str, ...] = ()


def needing_a_hand(hall: HallState) -> int:
    """Return how many devices somebody should look after."""
    if not hall.linked:
        return 0
    t = Words()
    unseen = {d.id for d in hall.centre.devices if d.role in UNSEEN} if hall.centre else set()
    conditions = (
        condition_of(hall, device, status, t)
        for device, status in hall.devices.items()
        if device not in unseen
    )
    return sum(condition.state in ("warn", "bad") for condition in conditions)


def condition_of(hall: HallState, device: str, status: DeviceStatus | None, t: Words) -> Condition:
    """Return how a device is, the gravest of its troubles first."""
    if not hall.linked:
        return Condition("unknown", t("Chưa rõ"), (t("trang này mất liên lạc với sảnh"),))
    if status is None:
        return Condition("unknown", t("Chưa kết nối"))
    if not status.online or (device == SERVICE and not hall.service_there):
        since = t("Mất kết nối từ {time}", time=t.time(status.at, hall.zone))
        return Condition("bad", since, (t("kiểm tra nguồn và dây mạng của máy này"),))
    if too_old(status.version):
        words = t("Phiên bản {version} quá cũ, chưa tham gia được", version=status.version)
        return Condition("bad", words, (t("nâng cấp máy này rồi khởi động lại"),))
    troubles = [*_troubles(status.health, t), *_machine_troubles(status.machine, t)]
    if not troubles and status.message:
        troubles = [(t("Thiết bị báo: {message}", message=status.message), "")]
    if not troubles:
        return Condition("ok", t("Tốt"))
    return Condition("warn", troubles[0][0], tuple(remedy for _, remedy in troubles if remedy))


def _troubles(health: AnyHealth | None, t: Words) -> Iterator[tuple[str, str]]:
    """Return each trouble with what to do about it."""
    match health:
        case KioskHealth():
            yield from _kiosk_troubles(health, t)
        case AnnouncerHealth():
            yield from _loudspeaker_troubles(health, t)
        case BoardHealth(stale=True) | SignHealth(stale=True):
            yield t("Đang hiện số cũ"), t("kiểm tra dây mạng của máy này rồi tắt bật lại")
        case BoardHealth(exposed=False):
            yield t("Màn hình không hiện"), t("bật TV, chọn đúng cổng vào, kiểm tra dây hình")
        case SignHealth() if health.troubled:
            yield sign_trouble(health.troubled, t), t("kiểm tra nguồn của bảng và hai dây A/B")
        case KeypadHealth():
            yield from _keypad_troubles(health, t)
        case ServiceHealth(copy=CopyState.MISSING):
            yield t("Bản sao của kho dữ liệu không trả lời"), t("bật máy giữ bản sao, xem dây mạng")
        case ServiceHealth(copy=CopyState.WAIVED):
            yield t("Đang chạy không còn bản sao"), t("bật máy giữ bản sao, xem dây mạng")
        case ServiceHealth(store=StoreState.FAILED):
            yield t("Không ghi được dữ liệu"), t("kiểm tra ổ đĩa của máy chủ: đầy hoặc hỏng")
        case _:
            pass


def _machine_troubles(machine: MachineFacts | None, t: Words) -> Iterator[tuple[str, str]]:
    if machine is None:
        return
    if machine.disk_free_mb is not None and machine.disk_free_mb < _LOW_MB:
        yield (
            t("Ổ đĩa của máy {name} sắp đầy", name=machine.name),
            t("dọn bớt tệp trên máy này"),
        )
    if abs(machine.clock_ahead_s) >= _CLOCK_OFF_S:
        yield (
            t("Đồng hồ của máy {name} sai", name=machine.name),
            t("chạy lại denluot install trên máy này để lấy giờ của máy chủ"),
        )


def _kiosk_troubles(health: KioskHealth, t: Words) -> Iterator[tuple[str, str]]:
    if health.buttons_lost:
        yield t("Mất hộp nút lấy số"), t("kiểm tra dây và nguồn của hộp nút")
    if health.trouble:
        remedy = PRINTER.get(health.trouble)
        away = t("kiểm tra nguồn, dây nối của máy in")
        yield printer_words(health.trouble, t), t(remedy) if remedy else away
    for number in health.lost_papers:
        yield (
            t("Phiếu số {number} chưa in được", number=number),
            t("in lại ở quầy hoặc báo số cho người dân"),
        )


def _loudspeaker_troubles(health: AnnouncerHealth, t: Words) -> Iterator[tuple[str, str]]:
    if health.sound in _SOUND:
        words, remedy = _SOUND[health.sound]
        yield t(words), t(remedy)
    elif health.voice is VoiceState.NONE:
        yield t("Thiếu giọng đọc"), t("cài espeak-ng: sudo apt-get install espeak-ng")
    elif not health.volume:
        yield t("Âm lượng bằng 0"), t("không đọc lượt gọi nào; tăng âm lượng rồi bấm Thử")


def _keypad_troubles(health: KeypadHealth, t: Words) -> Iterator[tuple[str, str]]:
    for unit in health.units.values():
        if unit.state in UNITS_LOST:
            yield (
                t("Quầy {counter}: {state}", counter=unit.counter, state=t(UNITS[unit.state])),
                t("kiểm tra dây, nguồn và địa chỉ của bàn phím"),
            )
    if health.pairing:
        yield (
            t("Nút vừa bấm chưa thuộc quầy nào: {unit}", unit=health.pairing[-1].unit),
            t("thêm tên nút vào mục units của device.toml"),
        )
