"""What the home screen offers, from the centre, the states of its services and the time."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bus.states import ServicesState, ServiceState
from config.opening import gives_numbers, issue_spans
from config.settings import Centre, Hours, Service, Window
from hall.citizen.session import PageNotice
from hall.citizen.speech import Spoken, moment, sentences, span
from hall.procedures import NO_DOCUMENT, Document
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
    return windows_words(_next_windows(hours, today), lang)


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


def _next_windows(hours: Hours, today: dt.date) -> tuple[Window, ...]:
    days = (hours.on(today + dt.timedelta(days=ahead)) for ahead in range(_LOOK_AHEAD_DAYS + 1))
    return next((windows for windows in days if windows), ())


def _part_of_day(begin: dt.time, t: Words) -> str:
    if begin < _NOON:
        return t("sáng")
    return t("chiều") if begin < _EVENING else t("tối")


class Standing(StrEnum):
    """How a service stands, as its tile says it."""

    WAITING = "waiting"
    NOBODY = "nobody"
    QUIET = "quiet"
    """Open, but nobody can say how many wait."""
    PAUSED = "paused"
    CLOSED = "closed"
    LAST_TICKET = "last_ticket"
    FULL = "full"
    ROLL = "roll"
    """Its numbers are torn from a printed roll."""


_OPEN = frozenset({Standing.WAITING, Standing.NOBODY, Standing.QUIET})
_OUT_OF_HOURS = frozenset({Standing.CLOSED, Standing.LAST_TICKET})
_NOTICES = {
    Standing.PAUSED: PageNotice.PAUSED,
    Standing.CLOSED: PageNotice.CLOSED,
    Standing.LAST_TICKET: PageNotice.CLOSED,
    Standing.FULL: PageNotice.FULL,
    Standing.ROLL: PageNotice.ROLL,
}


class Reach(StrEnum):
    """Where numbers come from now."""

    SERVICE = "service"
    BOOK = "book"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class HallSnapshot:
    """Everything this kiosk has heard or remembers."""

    centre: Centre | None = None
    services: ServicesState | None = None
    service_up: bool = False
    has_book: bool = False
    procedures: Document = NO_DOCUMENT.document
    """As this kiosk has it, whether it may be shown or not."""

    @property
    def reach(self) -> Reach:
        """Return where a number would come from."""
        if self.centre is None:
            return Reach.NOWHERE
        if self.service_up:
            return Reach.SERVICE
        return Reach.BOOK if self.has_book else Reach.NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One service as the home screen shows it."""

    code: str
    icon: str
    name: str
    detail: str
    standing: Standing = Standing.QUIET
    waiting: int = 0
    wait_min: tuple[int, int] | None = None
    at: str = ""
    """When a closed or paused service goes on, such as 13:30."""
    at_spoken: Spoken = ()

    @property
    def open(self) -> bool:
        """Return whether a touch takes a number."""
        return self.standing in _OPEN

    @property
    def notice(self) -> PageNotice | None:
        """Return what a touch says instead of giving a number."""
        return _NOTICES.get(self.standing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """All tiles, and the one for who does not know which to choose."""

    tiles: tuple[Tile, ...] = ()
    guidance: Tile | None = None
    closed_hours: str = ""
    """The hours of the centre while no service gives numbers; empty otherwise."""
    hours_spoken: Spoken = ()

    def tile(self, code: str) -> Tile | None:
        """Return the tile of a service."""
        tiles = (*self.tiles, self.guidance) if self.guidance else self.tiles
        return next((tile for tile in tiles if tile.code == code), None)


def offer(known: HallSnapshot, now: datetime, lang: str) -> Offer:
    """Return what is offered at `now` in `lang`."""
    centre = known.centre
    if centre is None or known.reach is Reach.NOWHERE:
        return Offer()
    every = list(_tiles(known, centre, now, lang))
    first = next((service.code for service in centre.services if service.guidance), None)
    guidance = next((tile for tile in every if tile.code == first), None)
    tiles = tuple(tile for tile in every if tile is not guidance)
    given_here = [tile for tile in every if tile.standing is not Standing.ROLL]
    closed = bool(given_here) and all(tile.standing in _OUT_OF_HOURS for tile in given_here)
    today = now.astimezone(centre.identity.zone).date()
    windows = _next_windows(centre.hours, today) if closed else ()
    return Offer(
        tiles=tiles,
        guidance=guidance,
        closed_hours=windows_words(windows, lang),
        hours_spoken=sentences(*(span(window.begin, window.end) for window in windows)),
    )


def _tiles(known: HallSnapshot, centre: Centre, now: datetime, lang: str) -> Iterator[Tile]:
    states = {state.service: state for state in known.services.services} if known.services else {}
    for service in centre.services:
        state = states.get(service.code)
        if service.has_roll:
            standing, opens_at = Standing.ROLL, None
        elif known.service_up:
            standing, opens_at = _live(state)
        else:
            standing, opens_at = _remembered(centre, service, state, now)
        tile = _tile(service, standing, state, lang)
        zone = centre.identity.zone
        at = moment_words(opens_at, now, zone, lang) if opens_at else ""
        yield replace(tile, at=at, at_spoken=moment(opens_at, now, zone))


def _tile(service: Service, standing: Standing, state: ServiceState | None, lang: str) -> Tile:
    tile = Tile(
        code=service.code,
        icon=service.icon,
        name=service.name(lang),
        detail=service.detail(lang),
        standing=standing,
    )
    if standing is Standing.WAITING and state:
        return replace(tile, waiting=state.waiting, wait_min=state.wait_min)
    return tile


def _live(state: ServiceState | None) -> tuple[Standing, datetime | None]:
    if state is None:
        return Standing.QUIET, None
    if state.open:
        return (Standing.WAITING if state.waiting else Standing.NOBODY), None
    match state.why:
        case "paused":
            return Standing.PAUSED, state.opens_at
        case "full":
            return Standing.FULL, None
        case "last_ticket":
            return Standing.LAST_TICKET, state.opens_at
    return Standing.CLOSED, state.opens_at


def _remembered(
    centre: Centre, service: Service, state: ServiceState | None, now: datetime
) -> tuple[Standing, datetime | None]:
    """Judge by the configured hours; a pause or a full day holds as the service last said."""
    if not gives_numbers(centre, service, now):
        return Standing.CLOSED, next_opening(centre, service, now)
    standing, opens_at = _live(state)
    if standing is Standing.FULL:
        return standing, None
    if standing is Standing.PAUSED and (opens_at is None or now < opens_at):
        return standing, opens_at
    return Standing.QUIET, None


def offers_appointments(known: HallSnapshot, offer: Offer) -> bool:
    """Return whether who has an appointment can be given a number here now."""
    makes = known.centre is not None and known.centre.makes_appointments
    return makes and known.reach is Reach.SERVICE and not offer.closed_hours
