"""The page "Hôm nay"."""

from dataclasses import dataclass
from datetime import date, datetime

from hall.model import HallState
from hall.words import Words
from web.day_log import DayRecord
from web.view.counters import CounterCard, counter_cards, counter_summary
from web.view.devices import DeviceRow, device_rows
from web.view.lines import LineRow, line_rows
from web.view.names import localised
from web.view.notices import notices
from web.view.staff import StaffView, staff_view
from web.view.strips import Strip
from web.view.visits import HelpView, help_view
from web.view.waits import Figure, InLine, figures, legend, oldest_waits, targets_of

_IN_ORDER = frozenset({"ok", "unknown"})


@dataclass(frozen=True, slots=True)
class System:
    """A system whose outage can be recorded."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class TodayPage:
    """All that the page shows."""

    title: str
    day: str
    as_of: str
    day_note: str
    """Why there are no figures, or that they are not today's; empty when all is as expected."""
    notices: list[Strip]
    figures: list[Figure]
    legend: list[tuple[str, str]]
    counters: list[CounterCard]
    summary: tuple[str, ...]
    lines: list[LineRow]
    devices: list[DeviceRow]
    troubled: int
    """Devices, alike ones as one, that need a hand."""
    systems: list[System]
    """Those that work, as far as is known."""
    staff: StaffView
    help: HelpView


def today_page(hall: HallState, record: DayRecord, now: datetime, t: Words) -> TodayPage:
    """Return the page of what was heard and logged, at `now`."""
    local = now.astimezone(hall.zone)
    oldest = oldest_waits(hall, record.lines)
    lines = line_rows(hall, oldest, now, t)
    waiting = sum(line.count for line in lines)
    since = min((oldest[line.code] for line in lines if line.oldest), default=None)
    counters = counter_cards(hall, lines, now, t)
    devices = device_rows(hall, t)
    return TodayPage(
        title=t("{count} đang chờ – Hôm nay", count=t.count(waiting)),
        day=t.date(now, hall.zone),
        as_of=f"{local:%H:%M:%S}",
        day_note=_day_note(record, local.date(), t),
        notices=notices(hall, lines, oldest, now, t),
        figures=figures(hall, record, InLine(waiting, since), now, t),
        legend=legend(targets_of(hall), t),
        counters=counters,
        summary=counter_summary(counters, t),
        lines=lines,
        devices=devices,
        troubled=sum(device.state not in _IN_ORDER for device in devices),
        systems=_systems(hall, t),
        staff=staff_view(hall, now, t),
        help=help_view(hall, t),
    )


def _systems(hall: HallState, t: Words) -> list[System]:
    down = {outage.system for outage in hall.board.outages} if hall.board else set()
    systems = hall.centre.wording.systems if hall.centre else ()
    return [
        System(system.vi, localised(system.vi, systems, t))
        for system in systems
        if system.vi not in down
    ]


def _day_note(record: DayRecord, today: date, t: Words) -> str:
    if not record.readable:
        return t("Chưa đọc được nhật ký. Tình trạng trong sảnh vẫn được cập nhật.")
    if not record.lines or record.business_day is None:
        return t("Chưa có lượt nào hôm nay")
    day = date.fromisoformat(record.business_day)
    if day == today:
        return ""
    return t("Hôm nay chưa mở ngày mới; số liệu dưới đây là của ngày {day}.", day=f"{day:%d/%m/%Y}")
