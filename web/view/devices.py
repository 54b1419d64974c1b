"""The devices of the hall and how they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bus.health import (
    AnnouncerHealth,
    AnyHealth,
    BoardHealth,
    KeypadHealth,
    KioskHealth,
    SignHealth,
    WebHealth,
)
from bus.states import DeviceStatus
from bus.vocabulary import SoundState, VoiceState
from config import Role
from hall.model import HallState
from hall.words import N_, Words
from web.view.names import (
    device_kinds,
    devices_name,
    printer_words,
    sign_trouble,
    split_device,
)

_UNSEEN = frozenset({Role.BUTTONS, Role.WEB_PUBLIC})
"""Accounts that say nothing of themselves."""

_SOUND = {
    SoundState.NONE: N_("Không nghe được gì, kiểm tra loa và dây"),
    SoundState.FAULT: N_("Lỗi phần mềm khi phát tiếng, xin báo kỹ thuật"),
}
_NO_VOICE = N_("Thiếu giọng đọc, cài espeak-ng")
_SILENT = N_("Âm lượng bằng 0, không đọc lượt gọi nào")


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """Devices of one kind that are alike."""

    name: str
    state: str
    """`ok`, `warn`, `bad` or `unknown`."""
    words: str


def device_rows(hall: HallState, t: Words) -> list[DeviceRow]:
    """Return the devices the centre knows and those that were heard, alike ones together."""
    devices_known = hall.centre.devices if hall.centre else ()
    known = [device.id for device in devices_known if device.role not in _UNSEEN]
    devices = sorted({*known, *hall.devices}, key=_order)
    alike: dict[tuple[str, str, str], list[int]] = {}
    for device in devices:
        kind, number = split_device(device)
        state, words = _condition(hall.devices.get(device), t, linked=hall.linked)
        alike.setdefault((kind, state, words), []).append(number)
    return [
        DeviceRow(devices_name(kind, _ranges(numbers), t), state, words)
        for (kind, state, words), numbers in alike.items()
    ]


def _condition(status: DeviceStatus | None, t: Words, *, linked: bool) -> tuple[str, str]:
    if not linked:
        return "unknown", t("Chưa rõ")
    if status is None:
        return "unknown", t("Chưa kết nối")
    if not status.online:
        return "bad", t("Mất kết nối")
    words = _trouble(status.health, t)
    if isinstance(status.health, AnnouncerHealth) and words:
        return "warn", words  # its message is for the log
    if status.message or words:
        return "warn", status.message or words
    return "ok", _well(status.health, t) or t("Tốt")


def _trouble(health: AnyHealth | None, t: Words) -> str:
    match health:
        case AnnouncerHealth():
            return _loudspeaker_trouble(health, t)
        case SignHealth():
            return sign_trouble(health.troubled, t) or (
                t("Đang hiện số cũ") if health.stale else ""
            )
        case BoardHealth(stale=True):
            return t("Đang hiện số cũ")
        case KioskHealth():
            return _kiosk_trouble(health, t)
        case KeypadHealth() if health.pairing:
            unit = health.pairing[-1].unit
            return t("Nút vừa bấm chưa thuộc quầy nào: {unit}", unit=unit)
        case _:
            return ""


def _kiosk_trouble(health: KioskHealth, t: Words) -> str:
    if health.buttons_lost:
        return t("Mất hộp nút lấy số")
    return printer_words(health.trouble, t) if health.trouble else ""


def _well(health: AnyHealth | None, t: Words) -> str:
    match health:
        case AnnouncerHealth():
            return _loudspeaker_words(health, t)
        case WebHealth() if health.boards:
            screens = ", ".join(dict.fromkeys(health.boards))
            return t("Tốt, đang hiện bảng trên {screens}", screens=screens)
        case _:
            return ""


def _loudspeaker_trouble(health: AnnouncerHealth, t: Words) -> str:
    """Return what to do about a loudspeaker; empty when it is heard."""
    if health.sound in _SOUND:
        return t(_SOUND[health.sound])
    if health.voice is VoiceState.NONE:
        return t(_NO_VOICE)
    return "" if health.volume else t(_SILENT)


def _loudspeaker_words(health: AnnouncerHealth, t: Words) -> str:
    """Return how a loudspeaker that is heard does its work; empty where nothing is unusual."""
    if health.quiet:
        return t("Tốt, đang giờ không đọc")
    if health.standby:
        return t("Tốt, dự phòng")
    if health.volume < 1:
        return t("Tốt, âm lượng {percent} %", percent=round(100 * health.volume))
    return ""


def _order(name: str) -> tuple[int, str, int]:
    kind, number = split_device(name)
    kinds = device_kinds()
    return kinds.index(kind) if kind in kinds else len(kinds), kind, number


def _ranges(numbers: Sequence[int]) -> str:
    """Return ascending numbers as people write them: 1–5, 7; empty for a device without one."""
    starts = [b for a, b in pairwise([-1, *numbers]) if b != a + 1 or a == -1]
    ends = [a for a, b in pairwise([*numbers, numbers[-1] + 2]) if b != a + 1]
    spans = [str(a) if a == b else f"{a}–{b}" for a, b in zip(starts, ends, strict=True)]
    return ", ".join(spans) if numbers != [0] else ""
