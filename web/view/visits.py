"""People who are helped, as managers and helpers of the house see it."""

from dataclasses import dataclass
from datetime import datetime

from bus.care import Care
from bus.states import Visit
from hall.counter.visits import care_note, care_words, measure_presses
from hall.model import HallState
from hall.words import Words
from web.view.names import clock, device_name, service_name
from web.view.strips import Strip


@dataclass(frozen=True, slots=True)
class Press:
    """What one press does, and in a few words how."""

    value: str
    words: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One person at a kiosk who needs a hand."""

    kiosk: str
    place: str
    asked: str
    """Since when, and who comes."""
    waits: bool
    """Whether nobody goes yet."""
    care: str
    """What was prepared; empty while nothing is."""
    measures: tuple[Press, ...]
    """Presses for one measure each; the value has all that are done afterwards."""
    once: str
    """The same while nothing has changed, so that what is sent twice is done once."""


@dataclass(frozen=True, slots=True)
class HelpView:
    """Who needs help, and what the house can do about it."""

    visits: tuple[VisitRow, ...]
    scenarios: tuple[Press, ...]
    services: tuple[Press, ...]


def help_view(hall: HallState, t: Words) -> HelpView:
    """Return who is helped or waits for it."""
    visits = hall.services.visits if hall.services else ()
    centre = hall.centre
    return HelpView(
        visits=tuple(_row(visit, hall, t) for visit in visits),
        scenarios=tuple(
            Press(one.id, one.name(t.lang), care_words(one.care, t))
            for one in (centre.assistance.scenarios if centre else ())
        ),
        services=tuple(
            Press(service.code, service_name(hall, service.code, t))
            for service in (centre.services if centre else ())
            if not service.has_roll
        ),
    )


def fetching_strips(hall: HallState, t: Words) -> list[Strip]:
    """Return the called people to whom somebody has to go."""
    return [
        Strip(
            "warn",
            t(
                "Mời tận nơi: số {number} đến quầy {counter}",
                number=one.number,
                counter=one.counter,
            ),
            t("{since} · người này chờ gần {place}", since=clock(one.at, hall), place=place)
            if (place := place_name(hall, one.place, t))
            else clock(one.at, hall),
            "hand-helping",
        )
        for one in (hall.staff.fetching if hall.staff else ())
    ]


def place_name(hall: HallState, kiosk: str, t: Words) -> str:
    """Return what people call the place of a kiosk."""
    known = hall.centre.device(kiosk) if hall.centre else None
    return known.place(t.lang) if known and known.place else device_name(kiosk, t)


def _row(visit: Visit, hall: HallState, t: Words) -> VisitRow:
    since = clock(visit.since, hall)
    if visit.answered_at is None:
        asked = t("{since} · chưa ai nhận", since=since)
    elif visit.counter is None:
        asked = t("{since} · người của trung tâm đang đến", since=since)
    else:
        asked = t("{since} · quầy {counter} đã nhận, đang đến", since=since, counter=visit.counter)
    return VisitRow(
        kiosk=visit.kiosk,
        place=place_name(hall, visit.kiosk, t),
        asked=asked,
        waits=visit.answered_at is None,
        care=care_note(visit, visit.care, t) if visit.care else "",
        measures=tuple(
            Press(" ".join(press.measures), press.words, press.note)
            for press in measure_presses(visit.care or Care(), t)
        ),
        once=f"{visit.kiosk} {visit.id} {_moment(visit)}",
    )


def _moment(visit: Visit) -> str:
    moment: datetime = visit.answered_at or visit.since
    return moment.isoformat()
