"""What a kiosk says: phrases by id, texts of the site, numbers and times, one after the other.

A sentence never holds a text that was put together: what it is made of can be recorded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from hall.citizen.phrases import Phrase, phrase_words
from hall.words import Words


@dataclass(frozen=True, slots=True)
class SiteText:
    """A text of the site, such as a service's name; what has no clip is asked of the staff."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """How many, as words."""

    value: int


@dataclass(frozen=True, slots=True)
class Digits:
    """A ticket's number or a code, mark by mark."""

    text: str


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of the day."""

    hour: int
    minute: int


class Rest(StrEnum):
    """A breath between sentences."""

    REST = "rest"


Said = Phrase | SiteText | Number | Digits | Clock | Rest
Spoken = tuple[Said, ...]
REST = Rest.REST

MOST = 99
"""What is more is said as more than this."""
_WEEKDAYS = (
    Phrase.MONDAY, Phrase.TUESDAY, Phrase.WEDNESDAY, Phrase.THURSDAY, Phrase.FRIDAY,
    Phrase.SATURDAY, Phrase.SUNDAY,
)  # fmt: skip
_WEEK_DAYS = 7


def sentences(*parts: Spoken) -> Spoken:
    """Return what is said with a breath between its parts; an empty part is left out."""
    spoken: list[Said] = []
    for part in parts:
        if part and spoken:
            spoken.append(REST)
        spoken += part
    return tuple(spoken)


def number_of(value: int) -> Spoken:
    """Return how many, within what can be said."""
    return (Number(value),) if value <= MOST else (Phrase.MORE_THAN, Number(MOST))


def people_waiting(count: int) -> Spoken:
    """Return how many wait."""
    if count == 0:
        return (Phrase.NOBODY_WAITING,)
    if count == 1:
        return (Phrase.ONE_WAITING,)
    return (Phrase.THERE_ARE, *number_of(count), Phrase.PEOPLE_WAITING)


def people_ahead(count: int) -> Spoken:
    """Return how many stand before somebody."""
    if count == 0:
        return (Phrase.NOBODY_WAITING,)
    if count == 1:
        return (Phrase.ONE_WAITING,)
    return (Phrase.BEFORE_YOU, *number_of(count), Phrase.PEOPLE)


def minutes_range(wait_min: tuple[int, int] | None) -> Spoken:
    """Return how long the wait is expected to be; that the counter is not open without it."""
    if wait_min is None:
        return (Phrase.NOT_OPEN,)
    low, high = wait_min[0], max(wait_min[1], 1)
    if low == 0:
        return (Phrase.LESS_THAN, *_minutes(high))
    if low == high:
        return (Phrase.ABOUT, *_minutes(high))
    return (Phrase.ABOUT, *number_of(low), Phrase.TO, *_minutes(high))


def moment(at: datetime | None, now: datetime, zone: ZoneInfo) -> Spoken:
    """Return a time of today, or a time and its day."""
    if at is None:
        return ()
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    clock: Spoken = (Clock(local.hour, local.minute),)
    return clock if local.date() == today else clock + _day(local.date(), today)


def span(begin: time, end: time) -> Spoken:
    """Return a part of the day with its hours."""
    noon, evening = 12, 18
    part = (
        Phrase.MORNING
        if begin.hour < noon
        else Phrase.AFTERNOON
        if begin.hour < evening
        else Phrase.EVENING
    )
    return (part, Clock(begin.hour, begin.minute), Phrase.TO, Clock(end.hour, end.minute))


def written(spoken: Spoken, t: Words) -> str:
    """Return what is said as a text to read."""
    return " ".join("".join(_pieces(spoken, t)).split())


def _minutes(count: int) -> Spoken:
    return (Phrase.ONE_MINUTE,) if count == 1 else (*number_of(count), Phrase.MINUTES)


def _day(day: date, today: date) -> Spoken:
    later: Spoken = (Phrase.NEXT_WEEK,) if (day - today).days >= _WEEK_DAYS else ()
    return (_WEEKDAYS[day.weekday()], *later)


def _pieces(spoken: Spoken, t: Words) -> Iterator[str]:
    ended = True
    for said in spoken:
        if said is REST:
            yield "" if ended else "."
            continue
        text = _text(said, t)
        ended = text.endswith((".", "?", "…", "!"))
        yield f" {text}"


def _text(said: Said, t: Words) -> str:
    match said:
        case Phrase():
            return phrase_words(said, t)
        case SiteText(text) | Digits(text):
            return text
        case Number(value):
            return str(value)
        case Clock(hour, minute):
            return f"{hour}:{minute:02d}"
    return ""
