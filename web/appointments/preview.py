"""What would become of another system's list: each line checked before anything is booked."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bus.codes import reference_digest
from bus.commands import MOST_APPOINTMENTS, DaySlots
from bus.vocabulary import AppointmentState
from config import Centre
from hall.words import N_
from wait_log.rows import AppointmentRow
from web.appointments.table import Line, Said

_MICROSECONDS = 1_000_000
_MOST_TIMES_TOLD = 12
AskSlots = Callable[[str, date], Awaitable[DaySlots]]
"""Asks the service for the slots of a service's day."""


class Outcome(StrEnum):
    """What became of a line, or will."""

    READY = "ready"
    BOOKED = "booked"
    KNOWN = "known"
    """Booked by an earlier list: never twice, but its code is told."""
    WRONG = "wrong"
    UNSURE = "unsure"
    """The service was asked and did not answer."""


@dataclass(slots=True)
class Entry:
    """One line and what becomes of it."""

    line: Line
    outcome: Outcome
    said: Said | None = None
    code: str = ""


async def checked(
    lines: Iterable[Line],
    rows: Sequence[AppointmentRow],
    centre: Centre,
    now: datetime,
    ask: AskSlots,
) -> list[Entry]:
    """Return every line with what would become of it.

    `rows` are the appointments of today and of all days to come.
    """
    check = _Check(rows, centre, now)
    return [await check.entry(line, ask) for line in lines]


class _Check:
    def __init__(self, rows: Sequence[AppointmentRow], centre: Centre, now: datetime) -> None:
        self._known: dict[str, AppointmentRow] = {}
        for row in sorted(rows, key=lambda row: row.state != AppointmentState.CANCELLED):
            if row.reference:
                self._known[row.reference] = row  # one that stands, before one that was cancelled
        self._left = MOST_APPOINTMENTS - sum(r.state == AppointmentState.BOOKED for r in rows)
        self._services = {service.code: service for service in centre.services}
        self._zone, self._now = centre.identity.zone, now
        self._slots: dict[tuple[str, date], Mapping[datetime, tuple[int, int]]] = {}
        self._wanted: Counter[tuple[str, datetime]] = Counter()

    async def entry(self, line: Line, ask: AskSlots) -> Entry:
        """Return what would become of a line, the lines before it booked."""
        if line.wrong or line.at is None:
            return Entry(line, Outcome.WRONG, line.wrong)
        if known := self._known.get(reference_digest(line.reference)):
            return self._again(line, line.at, known)
        said = self._wrong_day(line, line.at)
        said = said or await self._wrong_slot(line, line.at, ask)
        if said is None and self._left <= 0:
            said = Said(N_("Đã có quá nhiều lịch hẹn, chưa đặt thêm được."))
        if said:
            return Entry(line, Outcome.WRONG, said)
        self._left -= 1
        self._wanted[line.service, line.at] += 1
        return Entry(line, Outcome.READY)

    def _again(self, line: Line, at: datetime, known: AppointmentRow) -> Entry:
        if known.state == AppointmentState.CANCELLED:
            message = N_("Đã hủy ở đây nên không đặt lại. Nếu cần, mời đặt bằng tay ở Lịch hẹn.")
            return Entry(line, Outcome.WRONG, Said(message))
        booked = datetime.fromtimestamp(known.at_us / _MICROSECONDS, self._zone)
        if (known.service, booked) == (line.service, at):
            return Entry(line, Outcome.KNOWN)
        return Entry(line, Outcome.KNOWN, known_elsewhere(booked))

    def _wrong_day(self, line: Line, at: datetime) -> Said | None:
        service = self._services[line.service]
        today = self._now.astimezone(self._zone).date()
        last = today + timedelta(days=service.appointment_days_ahead)
        if not service.makes_appointments:
            return Said(
                N_("Lĩnh vực {name} chưa nhận hẹn giờ. Mời đặt giờ hẹn ở Cấu hình, thẻ Lĩnh vực."),
                {"name": line.texts[0]},
            )
        if at <= self._now:
            return Said(N_("Giờ này đã qua. Mời sửa giờ hoặc bỏ dòng."))
        if at.date() > last:
            return Said(
                N_("Xa quá: lĩnh vực này nhận hẹn đến {day}. Mời nhập dòng này từ {from_day}."),
                {
                    "day": f"{last:%d/%m/%Y}",
                    "from_day": f"{at.date() - (last - today):%d/%m/%Y}",
                },
            )
        return None

    async def _wrong_slot(self, line: Line, at: datetime, ask: AskSlots) -> Said | None:
        key = line.service, at.date()
        if key not in self._slots:
            day = await ask(*key)
            self._slots[key] = {
                slot.at.astimezone(self._zone): (slot.free, slot.seats) for slot in day.slots
            }
        slots = self._slots[key]
        if not slots:
            return Said(
                N_("Ngày {day} không có khung giờ hẹn nào. Mời chọn ngày khác."),
                {"day": f"{at:%d/%m/%Y}"},
            )
        left = {time: free - self._wanted[line.service, time] for time, (free, _) in slots.items()}
        if at not in slots:
            return Said(
                N_("Không có khung giờ {time}. Ngày ấy có: {times}."),
                {"time": f"{at:%H:%M}", "times": _times(list(slots))},
            )
        if left[at] <= 0:
            others = [time for time in slots if left[time] > 0]
            others.sort(key=lambda time: abs(time - at))
            if not others:
                return Said(N_("Khung giờ này và cả ngày đã hết chỗ. Mời chọn ngày khác."))
            return Said(
                N_("Khung giờ này hết chỗ (có {seats}). Gần nhất còn chỗ: {times}."),
                {"seats": slots[at][1], "times": _times(others[:3])},
            )
        return None


def known_elsewhere(at: datetime) -> Said:
    """Return what is said of a line that another time has here."""
    message = N_("Đang hẹn lúc {time}, khác với tệp. Muốn đổi, mời đổi giờ ở Lịch hẹn.")
    return Said(message, {"time": f"{at:%H:%M, %d/%m/%Y}"})


def _times(times: Sequence[datetime]) -> str:
    told = ", ".join(f"{time:%H:%M}" for time in sorted(times)[:_MOST_TIMES_TOLD])
    return f"{told}…" if len(times) > _MOST_TIMES_TOLD else told
