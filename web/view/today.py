"""The page "Hôm nay"."""

from dataclasses import dataclass
from datetime import date, datetime

from hall.model import HallState
from hall.words import Words
from web.day_log import DayRecord
from web.view.counters import CounterCard, counter_cards
from web.view.devices import DeviceRow, device_rows
from web.view.lines import LineRow, line_rows
from web.view.notices import Notice, notices
from web.view.waits import Figure, TicketRow, WaitRow, figures, ticket_rows, wait_rows


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
    notices: list[Notice]
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
