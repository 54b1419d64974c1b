"""How a loudspeaker is, in words."""

from collections.abc import Mapping
from typing import Any

from hall.words import N_, Words

_TROUBLES = {
    ("sound", "none"): N_("Không nghe được gì, kiểm tra loa và dây"),
    ("sound", "fault"): N_("Lỗi phần mềm khi phát tiếng, xin báo kỹ thuật"),
    ("voice", "none"): N_("Thiếu giọng đọc, cài espeak-ng"),
    ("volume", 0): N_("Âm lượng bằng 0, không đọc lượt gọi nào"),
}


def loudspeaker_trouble(health: Mapping[str, Any], t: Words) -> str:
    """Return what to do about a loudspeaker; empty when it is heard."""
    return next((t(words) for (key, bad), words in _TROUBLES.items() if health.get(key) == bad), "")


def loudspeaker_words(health: Mapping[str, Any], t: Words) -> str:
    """Return how a loudspeaker that is heard does its work; empty for any other device."""
    if health.get("quiet") is True:
        return t("Tốt, đang giờ không đọc")
    if health.get("standby") is True:
        return t("Tốt, dự phòng")
    volume = health.get("volume", 1)
    if isinstance(volume, int | float) and volume < 1:
        return t("Tốt, âm lượng {percent} %", percent=round(100 * volume))
    return ""
