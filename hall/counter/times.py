"""Times an officer can choose: the end of a pause, an appointment."""

from datetime import datetime, timedelta

from config.settings import Centre
from hall.counter.words import minutes, translate

_PAUSES_MIN = (15, 30)
_QUARTER = timedelta(minutes=15)
_APPOINTMENTS_EACH_WAY = 4


def pause_ends(centre: Centre, now: datetime) -> tuple[tuple[str, str, datetime | None], ...]:
    """Return the ends of a pause as text, note and instant; the last is not known."""
    minute = now.replace(second=0, microsecond=0)
    zone = centre.identity.zone
    ends: list[tuple[str, str, datetime | None]] = []
    for count in _PAUSES_MIN:
        end = minute + timedelta(minutes=count)
        note = translate("panel", "đến {0:%H:%M}").format(end.astimezone(zone))
        ends.append((minutes(count), note, end))
    opening = _next_opening(centre, now)
    if opening is not None:
        text = translate("panel", "Đến {0:%H:%M}").format(opening.astimezone(zone))
        ends.append((text, translate("panel", "giờ làm việc tiếp theo"), opening))
    ends.append((translate("panel", "Chưa biết"), "", None))
    return tuple(ends)


def appointment_times(now: datetime) -> tuple[datetime, ...]:
    """Return the quarters of an hour around `now`."""
    past = timedelta(minutes=now.minute % 15, seconds=now.second, microseconds=now.microsecond)
    steps = range(-_APPOINTMENTS_EACH_WAY, _APPOINTMENTS_EACH_WAY + 1)
    return tuple(now - past + step * _QUARTER for step in steps)


def _next_opening(centre: Centre, now: datetime) -> datetime | None:
    """Return when the hall opens again today, if it does."""
    local = now.astimezone(centre.identity.zone)
    for window in centre.hours.on(local.date()):
        if window.begin > local.time():
            opening = local.replace(
                hour=window.begin.hour, minute=window.begin.minute, second=0, microsecond=0
            )
            return opening.astimezone(now.tzinfo)
    return None
