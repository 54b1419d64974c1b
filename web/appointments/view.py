"""What the page of appointments shows: a day of one service, its slots and who is expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bus.codes import code_in_groups
from bus.commands import AppointmentResult, DaySlots
from bus.vocabulary import AppointmentState
from config import Centre
from config.settings import Service
from hall.words import N_, Words
from wait_log.rows import AppointmentRow

_MICROSECONDS = 1_000_000
_STATES = {
    AppointmentState.BOOKED.value: N_("Đã đặt"),
    AppointmentState.CAME.value: N_("Đã đến"),
    AppointmentState.MISSED.value: N_("Không đến"),
    AppointmentState.CANCELLED.value: N_("Đã hủy"),
}


@dataclass(frozen=True, slots=True)
class SlotView:
    """One slot: when, and how many seats are free."""

    at: str
    """As a command says it."""
    time: str
    seats: str
    free: bool


@dataclass(frozen=True, slots=True)
class EntryView:
    """One appointment of the day; its code is nowhere but with its person."""

    id: str
    time: str
    state: str
    open: bool


@dataclass(frozen=True, slots=True)
class CodeCard:
    """An appointment with its code, to be read out or printed."""

    id: str
    code: str
    service: str
    time: str
    state: str
    open: bool
    fresh: bool
    """Whether it was made just now."""


@dataclass(frozen=True, slots=True)
class DayView:
    """The page."""

    services: tuple[tuple[str, str], ...]
    service: str
    day: str
    day_words: str
    before: str
    after: str
    slots: tuple[SlotView, ...]
    entries: tuple[EntryView, ...]
    reachable: bool
    """Whether the service has answered."""


def appointed_services(centre: Centre) -> list[Service]:
    """Return the services that appoint people."""
    return [service for service in centre.services if service.makes_appointments]


def day_view(
    centre: Centre,
    service: Service,
    day: date,
    *,
    slots: DaySlots | None,
    rows: Sequence[AppointmentRow],
    t: Words,
) -> DayView:
    """Return what the page shows of a day."""
    zone = centre.identity.zone
    one_day = timedelta(days=1)
    return DayView(
        services=tuple((one.code, one.name(t.lang)) for one in appointed_services(centre)),
        service=service.code,
        day=day.isoformat(),
        day_words=f"{day:%d/%m/%Y}",
        before=(day - one_day).isoformat(),
        after=(day + one_day).isoformat(),
        slots=tuple(
            SlotView(
                at=slot.at.isoformat(),
                time=f"{slot.at.astimezone(zone):%H:%M}",
                seats=t("còn {free}/{seats} chỗ", free=slot.free, seats=slot.seats),
                free=slot.free > 0,
            )
            for slot in (slots.slots if slots else ())
        ),
        entries=tuple(
            EntryView(
                id=row.id,
                time=f"{datetime.fromtimestamp(row.at_us / _MICROSECONDS, zone):%H:%M}",
                state=_state(row.state, t, late=row.late),
                open=row.state == AppointmentState.BOOKED.value,
            )
            for row in rows
            if row.service == service.code
        ),
        reachable=slots is not None,
    )


def code_card(centre: Centre, found: AppointmentResult, t: Words, *, fresh: bool) -> CodeCard:
    """Return an appointment to be read out."""
    names = {service.code: service.name(t.lang) for service in centre.services}
    return CodeCard(
        id=found.appointment,
        code=code_in_groups(found.code.upper()),
        service=names.get(found.service, found.service),
        time=f"{found.at.astimezone(centre.identity.zone):%H:%M, %d/%m/%Y}",
        state=_state(found.state.value, t, late=False),
        open=found.state is AppointmentState.BOOKED,
        fresh=fresh,
    )


def _state(state: str, t: Words, *, late: bool) -> str:
    return t("Đến muộn") if late else t(_STATES.get(state, state))
