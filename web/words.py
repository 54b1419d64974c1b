"""What the page says: Vietnamese in the templates, English beside them."""

from datetime import datetime
from functools import cache
from pathlib import Path

import msgspec

_ENGLISH = Path(__file__).parent / "i18n" / "en.toml"
_SECONDS_PER_MINUTE = 60
_NOTHING = "–"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


@cache
def english() -> dict[str, str]:
    """Return the English of every Vietnamese text of the page."""
    return msgspec.toml.decode(_ENGLISH.read_bytes(), type=dict[str, str])


class Words:
    """Texts, times and numbers in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = "en" if lang == "en" else "vi"

    def __call__(self, vietnamese: str, **values: object) -> str:
        """Return a text of the page in this language, with its `{values}` filled in."""
        text = english().get(vietnamese, vietnamese) if self.lang == "en" else vietnamese
        return text.format(**values) if values else text

    def count(self, number: int) -> str:
        """Return a number as people read it: 3.314, in English 3,314."""
        text = f"{number:,}"
        return text if self.lang == "en" else text.replace(",", ".")

    def duration(self, seconds: float | None) -> str:
        """Return minutes and seconds, such as 9:41; a dash for None."""
        if seconds is None:
            return _NOTHING
        minutes, rest = divmod(round(seconds), _SECONDS_PER_MINUTE)
        return f"{minutes}:{rest:02d}"

    def minutes(self, seconds: float | None) -> str:
        """Return whole minutes in words; a dash for None."""
        if seconds is None:
            return _NOTHING
        whole = int(seconds / _SECONDS_PER_MINUTE + 0.5)
        return self("{count} phút", count=self.count(whole)) if whole else self("dưới 1 phút")

    def minutes_range(self, wait_min: tuple[int, int] | None) -> str:
        """Return an expected wait, such as 5–10 phút; a dash when nobody can say."""
        if wait_min is None:
            return _NOTHING
        low, high = wait_min
        if low == 0 < high:
            return self("dưới {count} phút", count=high)
        return self("{count} phút", count=str(high) if low == high else f"{low}–{high}")

    @property
    def weekdays(self) -> tuple[str, ...]:
        """Return the days of the week, Monday first."""
        return _DAYS if self.lang == "en" else _WEEKDAYS

    def weekday(self, day: datetime) -> str:
        """Return a date with its weekday."""
        if self.lang == "en":
            return f"{day:%A}, {day.day} {day:%B %Y}"
        return f"{_WEEKDAYS[day.weekday()]}, {day:%d/%m/%Y}"
