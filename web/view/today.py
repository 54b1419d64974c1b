"""The page "Hôm nay"."""

from dataclasses import dataclass
from datetime import date, datetime

from bus.states import BoardCounter, CounterState, ServiceState
from bus.vocabulary import CounterStatus, TicketClass, TicketState
from hall.model import HallState
from hall.words import N_, Words
from web.day_log import DayRecord
from web.view.devices import DeviceRow, device_rows
from web.view.names import clock, localised, service_name
from web.view.notices import Strip, notices
from web.view.waits import Figure, TicketRow, WaitRow, figures, ticket_rows, wait_rows

_NO_NUMBERS = N_("Không cấp số")
_WHY_CLOSED = {
    "hours": N_("Ngoài giờ lấy số"),
    "last_ticket": N_("Đã hết giờ lấy số"),
    "full": N_("Đã đủ số hôm nay"),
    "holiday": N_("Ngày nghỉ"),
    "paused": N_("Tạm dừng cấp số"),
}


@dataclass(frozen=True, slots=True)
class LineRow:
    """One service's line."""

    service: str
    count: int
    next: tuple[str, ...]
    wait: str
    open: bool
    words: str


def line_rows(hall: HallState, t: Words) -> list[LineRow]:
    """Return the lines in the order of the services."""
    lines = {line.service: line for line in hall.board.waiting} if hall.board else {}
    offers = {offer.service: offer for offer in hall.services.services} if hall.services else {}
    known = [service.code for service in hall.centre.services] if hall.centre else []
    rows = []
    for code in dict.fromkeys((*known, *offers, *lines)):
        line, offer = lines.get(code), offers.get(code)
        rows.append(
            LineRow(
                service=service_name(hall, code, t),
                count=line.count if line else 0,
                next=line.next if line else (),
                wait=t.minutes_range(offer.wait_min if offer else None),
                open=bool(offer and offer.open),
                words=_offer_words(hall, offer, t),
            )
        )
    return rows


def _offer_words(hall: HallState, offer: ServiceState | None, t: Words) -> str:
    if offer is None:
        return t("Chưa rõ")
    if offer.open:
        return t("Đang cấp số")
    words = t(_WHY_CLOSED.get(offer.why or "", _NO_NUMBERS))
    if offer.opens_at is None:
        return words
    return t("{reason}, tiếp tục từ {until}", reason=words, until=clock(offer.opens_at, hall))


_WORTH_SAYING_S = 60


@dataclass(frozen=True, slots=True)
class CounterCard:
    """One counter."""

    number: int
    state: str
    """`busy`, `free`, `paused` or `closed`."""
    words: str
    ticket: str
    service: str
    priority: bool
    served: str


def counter_cards(hall: HallState, now: datetime, t: Words) -> list[CounterCard]:
    """Return the counters in the order of their numbers."""
    shown = hall.board.counters if hall.board else ()
    return [_card(hall, counter, now, t) for counter in sorted(shown, key=lambda c: c.counter)]


def _card(hall: HallState, counter: BoardCounter, now: datetime, t: Words) -> CounterCard:
    detail = hall.counters.get(counter.counter)
    if counter.number:
        state, words = "busy", _busy_words(counter, detail, now, t)
    else:
        state, words = _idle_words(hall, counter, t)
    return CounterCard(
        number=counter.counter,
        state=state,
        words=words,
        ticket=counter.number or "",
        service=service_name(hall, counter.service, t) if counter.service else "",
        priority=counter.ticket_class is TicketClass.PRIORITY,
        served=t("Đã phục vụ {count} lượt", count=t.count(detail.served_today)) if detail else "",
    )


def _busy_words(counter: BoardCounter, detail: CounterState | None, now: datetime, t: Words) -> str:
    current = detail.current if detail else None
    if current is None or current.number != counter.number:
        return t("Đang gọi hoặc phục vụ")
    serving = current.state is TicketState.SERVING
    words = t("Đang phục vụ") if serving else t("Đang gọi")
    since = (current.started_at if serving else None) or current.called_at
    elapsed_s = (now - since).total_seconds()
    return f"{words} · {t.minutes(elapsed_s)}" if elapsed_s >= _WORTH_SAYING_S else words


def _idle_words(hall: HallState, counter: BoardCounter, t: Words) -> tuple[str, str]:
    if counter.status is CounterStatus.OPEN:
        return "free", t("Sẵn sàng")
    if counter.status is CounterStatus.CLOSED:
        return "closed", t("Đóng")
    reasons = hall.centre.wording.pause_reasons if hall.centre else ()
    reason = localised(counter.reason, reasons, t) if counter.reason else t("Tạm nghỉ")
    if counter.until is None:
        return "paused", reason
    until = clock(counter.until, hall)
    return "paused", t("{reason}, tiếp tục từ {until}", reason=reason, until=until)


@dataclass(frozen=True, slots=True)
class TodayPage:
    """All that the page shows."""

    title: str
    centre: str
    place: str
    day: str
    as_of: str
    day_note: str
    """Why there is no log, or that it is not today's; empty when all is as expected."""
    notices: list[Strip]
    figures: list[Figure]
    counters: list[CounterCard]
    lines: list[LineRow]
    devices: list[DeviceRow]
    waits: list[WaitRow]
    tickets: list[TicketRow]
    ticket_total: int
    clock_suspect: bool


def today_page(hall: HallState, record: DayRecord, now: datetime, t: Words) -> TodayPage:
    """Return the page of what was heard and logged, at `now`."""
    local = now.astimezone(hall.zone)
    identity = hall.centre.identity if hall.centre else None
    lines = line_rows(hall, t)
    waiting = t.count(sum(line.count for line in lines))
    tickets = ticket_rows(hall, record.lines, now, t)
    return TodayPage(
        title=t("{count} đang chờ – Hôm nay", count=waiting),
        centre=identity.name(t.lang) if identity else "",
        place=identity.place(t.lang) if identity else "",
        day=t.date(now, hall.zone),
        as_of=f"{local:%H:%M}",
        day_note=_day_note(record, local.date(), t),
        notices=notices(hall, t),
        figures=figures(record.lines, t),
        counters=counter_cards(hall, now, t),
        lines=lines,
        devices=device_rows(hall, t),
        waits=wait_rows(hall, record.lines, t),
        tickets=tickets,
        ticket_total=len(record.lines),
        clock_suspect=any(row.suspect for row in tickets),
    )


def _day_note(record: DayRecord, today: date, t: Words) -> str:
    if not record.readable:
        return t("Chưa đọc được nhật ký. Tình trạng trong sảnh vẫn được cập nhật.")
    if not record.lines or record.business_day is None:
        return t("Chưa có lượt nào hôm nay")
    day = date.fromisoformat(record.business_day)
    if day == today:
        return ""
    return t("Hôm nay chưa mở ngày mới; số liệu dưới đây là của ngày {day}.", day=f"{day:%d/%m/%Y}")
