"""Times and dates in words."""

from datetime import datetime
from zoneinfo import ZoneInfo

_DAYS = {
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def time_text(at: datetime, zone: ZoneInfo) -> str:
    """Return the local time of `at`, such as 08:24."""
    return f"{at.astimezone(zone):%H:%M}"


def date_text(at: datetime, zone: ZoneInfo, lang: str = "vi") -> str:
    """Return the local date of `at`, such as Thứ Hai, 23/11/2026."""
    local = at.astimezone(zone)
    return f"{_DAYS[lang][local.weekday()]}, {local:%d/%m/%Y}"
