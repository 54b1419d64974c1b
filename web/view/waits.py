"""Today's waits: figures of the hall, a row per service, and the newest tickets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bus.vocabulary import TicketClass, TicketState
from hall.model import HallState
from hall.words import N_, Words
from wait_log.statistics import ServiceWaits, TicketLine, summarise
from web.view.names import class_name, clock, service_name

NEWEST = 60
"""How many tickets the page lists; the CSV has all."""

_STATES = {
    TicketState.WAITING: N_("Đang chờ"),
    TicketState.CALLED: N_("Đang gọi"),
    TicketState.SERVING: N_("Đang phục vụ"),
    TicketState.PARKED: N_("Chờ ký"),
    TicketState.ABSENT: N_("Vắng mặt"),
    TicketState.FINISHED: N_("Đã xong"),
    TicketState.VOID: N_("Đã hủy"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the day."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class WaitRow:
    """The waits of one service, or of the whole hall."""

    service: str
    issued: str
    waiting: str
    called: str
    served: str
    absent: str
    mean: str
    median: str
    p90: str


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One ticket."""

    number: str
    service: str
    ticket_class: str
    priority: bool
    issued: str
    called: str
    wait: str
    suspect: bool
    counter: str
    state: str
    words: str


def figures(lines: Sequence[TicketLine], t: Words) -> list[Figure]:
    """Return the day of the whole hall."""
    hall = summarise("", lines)
    return [
        Figure(t("Lượt giao dịch"), t.count(hall.issued)),
        Figure(t("Đang chờ"), t.count(hall.waiting)),
        Figure(t("Đã phục vụ"), t.count(hall.served)),
        Figure(t("Chờ bình quân"), t.minutes(hall.mean_s)),
        Figure(t("Một nửa số lượt chờ không quá"), t.minutes(hall.median_s)),
        Figure(t("90 % số lượt chờ không quá"), t.minutes(hall.p90_s)),
    ]


def wait_rows(hall: HallState, lines: Sequence[TicketLine], t: Words) -> list[WaitRow]:
    """Return a row per service with tickets, in the order of the services, and the total last."""
    codes = {line.service for line in lines}
    known = [service.code for service in hall.centre.services] if hall.centre else []
    order = [code for code in known if code in codes] + sorted(codes.difference(known))
    rows = [
        _wait_row(
            service_name(hall, code, t), summarise(code, [x for x in lines if x.service == code]), t
        )
        for code in order
    ]
    return [*rows, _wait_row(t("Toàn sảnh"), summarise("", lines), t)] if rows else []


def ticket_rows(
    hall: HallState, lines: Sequence[TicketLine], now: datetime, t: Words
) -> list[TicketRow]:
    """Return the newest tickets, newest first."""
    return [_ticket_row(hall, line, now, t) for line in reversed(lines[-NEWEST:])]


def state_name(state: str, t: Words) -> str:
    """Return what a ticket's state is called."""
    return t(_STATES[TicketState(state)])


def _wait_row(service: str, waits: ServiceWaits, t: Words) -> WaitRow:
    return WaitRow(
        service=service,
        issued=t.count(waits.issued),
        waiting=t.count(waits.waiting),
        called=t.count(waits.called),
        served=t.count(waits.served),
        absent=t.count(waits.absent),
        mean=t.duration(waits.mean_s),
        median=t.duration(waits.median_s),
        p90=t.duration(waits.p90_s),
    )


def _ticket_row(hall: HallState, line: TicketLine, now: datetime, t: Words) -> TicketRow:
    waiting = line.state == TicketState.WAITING and line.first_called_at is None
    so_far = max(0.0, (now - line.issued_at).total_seconds())
    return TicketRow(
        number=line.number,
        service=service_name(hall, line.service, t),
        ticket_class=class_name(hall, line.ticket_class, t),
        priority=line.ticket_class == TicketClass.PRIORITY,
        issued=clock(line.issued_at, hall),
        called=clock(line.first_called_at, hall) if line.first_called_at else "",
        wait=t.duration(so_far if waiting else line.wait_s),
        suspect=line.clock_suspect,
        counter="" if line.counter is None else str(line.counter),
        state=line.state,
        words=state_name(line.state, t),
    )
