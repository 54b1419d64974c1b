"""The devices of the hall and how they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bus.health import printer_trouble
from bus.states import DeviceStatus
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

_LOUDSPEAKER_TROUBLES = {
    ("sound", "none"): N_("Không nghe được gì, kiểm tra loa và dây"),
    ("sound", "fault"): N_("Lỗi phần mềm khi phát tiếng, xin báo kỹ thuật"),
    ("voice", "none"): N_("Thiếu giọng đọc, cài espeak-ng"),
    ("volume", 0): N_("Âm lượng bằng 0, không đọc lượt gọi nào"),
}


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
    signs = sign_trouble(status.troubled_signs, t)
    heard = _loudspeaker_trouble(status.health, t)
    trouble = heard or status.message or signs or _trouble(status.health, t) or _stranger(status, t)
    if trouble:
        return "warn", trouble
    return "ok", _loudspeaker_words(status.health, t) or _pages(status.health, t) or t("Tốt")


def _loudspeaker_trouble(health: Mapping[str, Any], t: Words) -> str:
    """Return what to do about a loudspeaker; empty when it is heard."""
    return next(
        (t(words) for (key, bad), words in _LOUDSPEAKER_TROUBLES.items() if health.get(key) == bad),
        "",
    )


def _loudspeaker_words(health: Mapping[str, Any], t: Words) -> str:
    """Return how a loudspeaker that is heard does its work; empty for any other device."""
    if health.get("quiet") is True:
        return t("Tốt, đang giờ không đọc")
    if health.get("standby") is True:
        return t("Tốt, dự phòng")
    volume = health.get("volume", 1)
    if isinstance(volume, int | float) and volume < 1:
        return t("Tốt, âm lượng {percent} %", percent=round(100 * volume))
    return ""


def _trouble(health: Mapping[str, Any], t: Words) -> str:
    if health.get("stale") is True:
        return t("Đang hiện số cũ")
    trouble = printer_trouble(health)
    return printer_words(trouble, t) if trouble else ""


def _pages(health: Mapping[str, Any], t: Words) -> str:
    """Return which screens show the board as a page; empty when none does."""
    boards = health.get("boards")
    if not isinstance(boards, list) or not boards:
        return ""
    return t(
        "Tốt, đang hiện bảng trên {screens}", screens=", ".join(dict.fromkeys(map(str, boards)))
    )


def _stranger(status: DeviceStatus, t: Words) -> str:
    if not status.strangers:
        return ""
    return t("Nút vừa bấm chưa thuộc quầy nào: {unit}", unit=status.strangers[-1])


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
