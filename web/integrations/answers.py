"""What the API answers with: plain records, without a ticket's token and without any account."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bus.states import DeviceStatus
from bus.vocabulary import CounterStatus, TicketClass, TicketState, WhyClosed
from config import Centre
from hall.model import HallState
from wait_log.figures import Figures, Origin
from wait_log.rows import TicketRow
from wait_log.ticket_log import PageKey
from web.export.satisfaction import Satisfaction
from web.integrations.public_events import PublicEvent

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_KEY = 200


@dataclass(frozen=True, slots=True)
class FiguresAnswer:
    """The figures of a period, as the page "Thời gian chờ" shows them; times in seconds."""

    site: str
    figures: Figures
    satisfaction: Satisfaction | None = None
    """What people thought; None where nobody said it, or too few to tell."""


@dataclass(frozen=True, slots=True)
class TicketRecord:
    """One ticket as it stands; instants in UTC."""

    id: str
    business_day: str
    number: str
    service: str
    ticket_class: TicketClass
    lang: str
    origin: Origin
    state: TicketState
    counter: int | None
    issued_at: datetime
    first_called_at: datetime | None
    called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    wait_s: float | None
    """From issue to first call; None before it."""
    service_s: float | None
    calls: int
    clock_suspect: bool
    """A clock was set in between: the times may be wrong."""
    day_closed: bool
    """Nobody ended it: the closing of the day did."""


@dataclass(frozen=True, slots=True)
class TicketPage:
    """Some tickets, the newest first."""

    tickets: list[TicketRecord]
    next: str | None
    """Give it as `after` to go on; None where there is no more."""


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events of the log, in order."""

    events: list[PublicEvent]
    next: int
    """Give it as `after` to go on, now or later: nothing is told twice, nothing is left out."""
    last: int
    """The newest event there is."""


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """One service, and its line."""

    code: str
    name_vi: str
    name_en: str
    open: bool | None
    """Whether numbers are given; None while the service of the queue does not answer."""
    why: WhyClosed | None
    waiting: int | None
    wait_min: tuple[int, int] | None
    """What somebody who comes now would wait, in minutes."""


@dataclass(frozen=True, slots=True)
class CounterRecord:
    """One counter, what it serves, and what it does."""

    counter: int
    serves: dict[str, int]
    """Codes of services; 0 for its own work, minutes later for what it helps out with."""
    status: CounterStatus | None
    until: datetime | None
    number: str | None
    """The ticket that it has."""
    service: str | None


@dataclass(frozen=True, slots=True)
class DeviceRecord:
    """One device, and whether it is there."""

    device: str
    role: str
    online: bool


@dataclass(frozen=True, slots=True)
class OutageRecord:
    """A system that is slow or down."""

    system: str
    since: datetime


@dataclass(frozen=True, slots=True)
class LiveAnswer:
    """The hall as it is now."""

    at: datetime
    connected: bool
    """Whether what follows is of now; else it is what was last heard."""
    business_day: str | None
    issued: int | None
    finished: int | None
    services: list[ServiceRecord]
    counters: list[CounterRecord]
    outages: list[OutageRecord]
    devices: list[DeviceRecord]


def live_answer(hall: HallState, at: datetime) -> LiveAnswer:
    """Return the hall as it is now."""
    board, centre = hall.board, hall.centre
    return LiveAnswer(
        at=at,
        connected=hall.service_there,
        business_day=hall.services.business_day if hall.services else None,
        issued=board.today.issued if board else None,
        finished=board.today.finished if board else None,
        services=service_records(hall),
        counters=counter_records(hall),
        outages=[OutageRecord(o.system, o.since) for o in board.outages] if board else [],
        devices=device_records(centre, hall.devices.items()),
    )


def service_records(hall: HallState) -> list[ServiceRecord]:
    """Return the services of the centre with their lines."""
    if hall.centre is None:
        return []
    states = {state.service: state for state in (hall.services.services if hall.services else ())}
    found = []
    for service in hall.centre.services:
        state = states.get(service.code)
        found.append(
            ServiceRecord(
                code=service.code,
                name_vi=service.name("vi"),
                name_en=service.name("en"),
                open=state.open if state else None,
                why=state.why if state else None,
                waiting=state.waiting if state else None,
                wait_min=state.wait_min if state else None,
            )
        )
    return found


def counter_records(hall: HallState) -> list[CounterRecord]:
    """Return the counters of the centre and what they do."""
    if hall.centre is None:
        return []
    states = {state.counter: state for state in (hall.board.counters if hall.board else ())}
    found = []
    for counter in hall.centre.counters:
        state = states.get(counter.number)
        found.append(
            CounterRecord(
                counter=counter.number,
                serves={code: int(minutes) for code, minutes in counter.serves.items()},
                status=state.status if state else None,
                until=state.until if state else None,
                number=state.number if state else None,
                service=state.service if state else None,
            )
        )
    return found


def device_records(
    centre: Centre | None, heard: Iterable[tuple[str, DeviceStatus]]
) -> list[DeviceRecord]:
    """Return the devices of the centre and whether they are there."""
    statuses = dict(heard)
    return [
        DeviceRecord(known.id, known.role.value, bool(found and found.online))
        for known in (centre.devices if centre else ())
        for found in (statuses.get(known.id),)
    ]


def ticket_record(row: TicketRow) -> TicketRecord:
    """Return what others may know of a ticket."""
    return TicketRecord(
        id=row.id,
        business_day=row.business_day,
        number=row.number,
        service=row.service,
        ticket_class=TicketClass(row.ticket_class),
        lang=row.lang,
        origin=_origin(row),
        state=TicketState(row.state),
        counter=row.counter,
        issued_at=_EPOCH + timedelta(microseconds=row.issued_us),
        first_called_at=_instant(row.first_called_us),
        called_at=_instant(row.called_us),
        started_at=_instant(row.started_us),
        ended_at=_instant(row.ended_us),
        wait_s=row.wait_s,
        service_s=row.served_s,
        calls=row.calls,
        clock_suspect=row.clock_suspect,
        day_closed=row.day_closed,
    )


def key_text(key: PageKey | None) -> str | None:
    """Return a place in the log as it stands in an address."""
    if key is None:
        return None
    text = f"{key.business_day} {key.issued_us} {key.ticket}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def key_of_text(text: str) -> PageKey:
    """Return the place that `key_text` wrote; raises ValueError."""
    if len(text) > _MOST_KEY:
        raise ValueError("too long")
    try:
        padded = text + "=" * (-len(text) % 4)
        day, issued_us, ticket = base64.urlsafe_b64decode(padded).decode().split(" ")
        return PageKey(day, int(issued_us), ticket)
    except (binascii.Error, UnicodeError) as error:
        raise ValueError(str(error)) from error


def _origin(row: TicketRow) -> Origin:
    if row.offline_book:
        return Origin.OFFLINE
    return Origin.KIOSK if row.device.startswith("kiosk") else Origin.COUNTER


def _instant(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else _EPOCH + timedelta(microseconds=microseconds)
