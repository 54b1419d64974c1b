"""When numbers are given, in words: for closed screens and offline days."""

import datetime as dt
from zoneinfo import ZoneInfo

from config.opening import issue_spans
from config.settings import Centre, Hours, Service, Window
from hall.words import Words

_LOOK_AHEAD_DAYS = 14
_NOON = dt.time(12)
_EVENING = dt.time(18)


def time_words(at: dt.time) -> str:
    """Return a time as people write it, such as 7:30."""
    return f"{at.hour}:{at.minute:02d}"


def windows_words(windows: tuple[Window, ...], lang: str) -> str:
    """Return hours such as `Sáng 7:30–11:30, chiều 13:30–17:00`; empty when there are none."""
    t = Words(lang)
    parts = [
        f"{_part_of_day(window.begin, t)} {time_words(window.begin)}–{time_words(window.end)}"
        for window in windows
    ]
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


def hours_words(hours: Hours, today: dt.date, lang: str) -> str:
    """Return the hours of today, or of the next open day when today is closed."""
    for ahead in range(_LOOK_AHEAD_DAYS + 1):
        windows = hours.on(today + dt.timedelta(days=ahead))
        if windows:
            return windows_words(windows, lang)
    return ""


def moment_words(at: dt.datetime, now: dt.datetime, zone: ZoneInfo, lang: str) -> str:
    """Return `13:30` for a time of today, `7:00 Thứ Hai, 30/11/2026` for a later day."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    time = time_words(local.time())
    return time if local.date() == today else f"{time} {Words(lang).date(at, zone)}"


def next_opening(centre: Centre, service: Service, now: dt.datetime) -> dt.datetime | None:
    """Return when `service` next begins to give numbers, None when not within two weeks."""
    local = now.astimezone(centre.identity.zone)
    for ahead in range(_LOOK_AHEAD_DAYS + 1):
        for begin, _ in issue_spans(centre, service, local.date() + dt.timedelta(days=ahead)):
            if begin > local:
                return begin
    return None


def _part_of_day(begin: dt.time, t: Words) -> str:
    if begin < _NOON:
        return t("sáng")
    return t("chiều") if begin < _EVENING else t("tối")
