"""Words for people: Vietnamese in the sources, every other language in one gettext catalogue.

A text stands in the source as a literal of a call: `t("Chưa có người chờ")` where `t` is a
`Words`, `N_("…")` in a table that is looked up later, `qsTr("…")` in QML. `python -m
hall.words.update` collects them into `catalogues/`.
"""

import gettext
import os
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

CATALOGUES = Path(__file__).parent / "catalogues"
SOURCE_LANGUAGE = "vi"
SITE_CATALOGUES = "/etc/denluot/catalogues"
"""Where a site lays the compiled catalogue of one more language."""
SITE_VARIABLE = "DENLUOT_CATALOGUES"


def N_(vietnamese: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a text for the catalogue; a `Words` turns it into a language later."""
    return vietnamese


_WEEKDAYS = (
    N_("Thứ Hai"),
    N_("Thứ Ba"),
    N_("Thứ Tư"),
    N_("Thứ Năm"),
    N_("Thứ Sáu"),
    N_("Thứ Bảy"),
    N_("Chủ Nhật"),
)
_SECONDS_PER_MINUTE = 60
_NOTHING = "–"


def catalogue(lang: str) -> gettext.NullTranslations:
    """Return the catalogue of `lang`; Vietnamese, and a language without one, has none.

    A site's own language lies in a folder of the machine, which words are needed too early to be
    handed: the environment names another.
    """
    if not lang.isalpha():
        return gettext.NullTranslations()
    own = _read(CATALOGUES / f"{lang}.mo")
    if isinstance(own, gettext.GNUTranslations):
        return own
    return _read(Path(os.environ.get(SITE_VARIABLE, SITE_CATALOGUES)) / f"{lang}.mo")


@cache
def _read(path: Path) -> gettext.NullTranslations:
    try:
        with path.open("rb") as file:
            return gettext.GNUTranslations(file)
    except (OSError, UnicodeDecodeError):  # there is none, or it is damaged
        return gettext.NullTranslations()


class Words:
    """Texts, numbers and times in one language."""

    def __init__(self, lang: str = SOURCE_LANGUAGE) -> None:
        self._catalogue = catalogue(lang)
        known = isinstance(self._catalogue, gettext.GNUTranslations)
        self.lang = lang if known else SOURCE_LANGUAGE

    def __call__(self, vietnamese: str, *places: object, **values: object) -> str:
        """Return a text in this language, with its `{0}` and `{values}` filled in."""
        text = self._catalogue.gettext(vietnamese)
        return text.format(*places, **values) if places or values else text

    def of(self, context: str, vietnamese: str, *places: object, **values: object) -> str:
        """Return a text that has another meaning elsewhere: `context` says which is meant."""
        text = self._catalogue.pgettext(context, vietnamese)
        return text.format(*places, **values) if places or values else text

    def plural(self, vietnamese: str, count: int, **values: object) -> str:
        """Return a text for `count` things: Vietnamese has one form, others have theirs."""
        text = self._catalogue.ngettext(vietnamese, vietnamese, count)
        return text.format(count=self.count(count), **values)

    def count(self, number: int) -> str:
        """Return a number as people read it: 3.314, in English 3,314."""
        text = f"{number:,}"
        return text.replace(",", ".") if self.lang == SOURCE_LANGUAGE else text

    def decimal(self, number: float, digits: int = 1) -> str:
        """Return a number with decimals as people read it: 3.314,5, in English 3,314.5."""
        text = f"{number:,.{digits}f}"
        swap = str.maketrans(",.", ".,")
        return text.translate(swap) if self.lang == SOURCE_LANGUAGE else text

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
        return tuple(self(day) for day in _WEEKDAYS)

    def time(self, at: datetime, zone: ZoneInfo) -> str:
        """Return the local time of `at`, such as 08:24."""
        return f"{at.astimezone(zone):%H:%M}"

    def date(self, at: datetime, zone: ZoneInfo) -> str:
        """Return the local date of `at`, such as Thứ Hai, 23/11/2026."""
        local = at.astimezone(zone)
        return f"{self.weekdays[local.weekday()]}, {local:%d/%m/%Y}"
