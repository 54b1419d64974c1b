"""The sheets of a period: those kept, and those that are made now and kept for the next time."""

import weakref
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TypeVar

import msgspec
from sqlalchemy import select

from config import Centre
from wait_log import tables
from wait_log.figure_cache import FigureCache, Gone, Position
from wait_log.figures.day_sheet import sheet_of
from wait_log.figures.digest import Digest, DoubtfulDays, FewCell, digest_of
from wait_log.figures.kept_months import kept_figures, kept_months
from wait_log.figures.layout import Layouts
from wait_log.figures.long_span import Month
from wait_log.figures.sheet import Hall, Sheet, merged
from wait_log.figures.values import Selection
from wait_log.periods import Period
from wait_log.reader import Reader

_Part = TypeVar("_Part")
_AT_HAND = 32
_DAY, _MONTH = timedelta(days=1), timedelta(days=31)


class _Issued(msgspec.Struct, frozen=True):
    business_day: date


class _IssuedFact(msgspec.Struct, frozen=True):
    day: date
    event: _Issued


_issued = msgspec.json.Decoder(_IssuedFact)
_sheet_decoder = msgspec.msgpack.Decoder(Sheet)
_digest_decoder = msgspec.msgpack.Decoder(Digest)
_few_decoder = msgspec.msgpack.Decoder(tuple[FewCell, ...])
_doubtful_decoder = msgspec.msgpack.Decoder(DoubtfulDays)
_encoder = msgspec.msgpack.Encoder()


class Sheets:
    """The sheets of one site as its log stands now; every method raises StoreError."""

    def __init__(
        self, reader: Reader, kept: FigureCache, centre: Centre, now_us: int | None
    ) -> None:
        self._reader = reader
        self._kept = kept
        self._layouts = Layouts(reader, centre)
        self._made: dict[str, Sheet] = {}
        newest = reader.newest()
        self._seq = newest.seq if newest else 0
        self.newest_us = newest.at_us if newest else 0
        self.now_us = max(now_us or 0, self.newest_us)
        gone = partial(_changed, reader, self._seq)
        if newest and not kept.follow(reader.site, newest.seq, newest.hash, gone):
            self._kept = FigureCache()
            weakref.finalize(self, self._kept.close)
        day = tables.day.c
        rows = reader.all(
            select(day.business_day, day.opened_seq)
            .where(day.site == reader.site)
            .order_by(day.business_day)
        )
        self.days = [date.fromisoformat(row.business_day) for row in rows]
        """The business days that opened, oldest first."""
        self._opened = [row.opened_seq for row in rows]
        self._kept_months = kept_months(reader.meta_rows())

    def of(self, period: Period) -> Iterator[Sheet]:
        """Return sheets that hold the days of a period, and perhaps others of the same months."""
        for month in self._months(period):
            if self._is_over(month):
                yield self.month(month)
            else:
                yield from (self.day(day) for day in self._days_of(month) if period.holds(day))

    def month(self, month: date) -> Sheet:
        """Return the sheet of a whole calendar month that is over, by its first day."""
        name = f"{month:%Y-%m} month"
        sheet = self._made.get(name)
        if sheet is None:
            sheet = self._forgotten(month) or self._stored(name, _sheet_decoder)
            if sheet is None:
                sheet = merged([self.day(day) for day in self._days_of(month)])
                self._keep(name, sheet)
            self._remember(name, sheet)
        return sheet

    def day(self, day: date) -> Sheet:
        """Return the sheet of one day."""
        name = f"{day:%Y-%m} day {day:%d}"
        sheet = self._made.get(name)
        if sheet is None:
            over = day < self.days[-1]
            sheet = self._stored(name, _sheet_decoder) if over else None
            if sheet is None:
                sheet = sheet_of(self._reader, day, self._seqs(day), self._layouts, self.now_us)
                if over and not self._is_over(_month(day)):
                    self._keep(name, sheet)
            self._remember(name, sheet)
        return sheet

    def digests(self, selection: Selection) -> list[Month]:
        """Return the digests of a selection's period: of months, their parts, and of today."""
        period, found = selection.period, []
        for month in self._months(period):
            last = min(_month(month + _MONTH) - _DAY, period.last, self.days[-1])
            closed = min(last, self.days[-1] - _DAY)
            first = max(month, period.first)
            if first <= closed:
                found.append(self._digest(Period(first, closed), selection))
            if closed < last:
                today = Period(last, last)
                made = digest_of([self.day(last)], replace(selection, period=today))
                found.append(Month(today, made[0], few=partial(tuple, made[1])))
        return found

    def doubtful(self, part: Period) -> Iterator[DoubtfulDays]:
        """Return the doubtful tickets of some days of a month, and perhaps of others of it."""
        name = f"{part.first:%Y-%m} doubtful"
        if not self._is_over(_month(part.first)):
            yield from map(_doubtful_days, self.of(part))
            return
        found = self._stored(name, _doubtful_decoder)
        if found is None:
            found = _doubtful_days(self.month(_month(part.first)))
            self._keep(name, found)
        yield found

    def hall_before(self, day: date) -> list[Hall]:
        """Return what is known of the hall on the last day that opened before `day`."""
        place = bisect_left(self.days, day)
        if not place:
            return []
        last = self.days[place - 1]
        return [
            hall
            for sheet in self.of(Period(last, last))
            for hall in sheet.halls
            if hall.day == last
        ]

    def halls_after(self, day: date) -> Iterator[Hall]:
        """Return what is known of the hall on the days after one, of about a quarter of a year."""
        after = Period(day + _DAY, day + 3 * _MONTH)
        for sheet in self.of(after):
            yield from (hall for hall in sheet.halls if after.holds(hall.day))

    def _digest(self, part: Period, selection: Selection) -> Month:
        """Return the digest of days of a month that are over."""
        breaks = "with" if selection.lunch else "without"
        which = f"{breaks} breaks {part.first:%d}-{part.last:%d}"
        names = f"{part.first:%Y-%m} digest {which}", f"{part.first:%Y-%m} few {which}"

        def made() -> tuple[Digest, tuple[FewCell, ...]]:
            digest, few = digest_of(self.of(part), replace(selection, period=part))
            self._keep(names[0], digest)
            self._keep(names[1], few)
            return digest, few

        def few() -> tuple[FewCell, ...]:
            return self._stored(names[1], _few_decoder) or made()[1]

        return Month(part, self._stored(names[0], _digest_decoder) or made()[0], few)

    def _months(self, period: Period) -> Iterator[date]:
        """Return the months of a period in which there was anything, by their first days."""
        if not self.days:
            return
        month = _month(max(period.first, self.days[0]))
        while month <= min(period.last, self.days[-1]):
            yield month
            month = _month(month + _MONTH)

    def _days_of(self, month: date) -> list[date]:
        """Return the days of a month that opened, and those of which there are tickets.

        A number that a kiosk gave while the service was away all day is of such a day.
        """
        ticket, last = tables.ticket.c, _month(month + _MONTH) - _DAY
        rows = self._reader.all(
            select(ticket.business_day)
            .where(
                ticket.site == self._reader.site,
                ticket.business_day.between(month.isoformat(), last.isoformat()),
            )
            .distinct()
        )
        given = {date.fromisoformat(row.business_day) for row in rows}
        opened = self.days[bisect_left(self.days, month) : bisect_right(self.days, last)]
        return sorted(given.union(opened))

    def _seqs(self, day: date) -> tuple[int, int] | None:
        """Return a day's first and last event, None when it never opened."""
        place = bisect_left(self.days, day)
        if self.days[place : place + 1] != [day]:
            return None
        following = self._opened[place + 1 : place + 2]
        return self._opened[place], following[0] - 1 if following else self._seq

    def _forgotten(self, month: date) -> Sheet | None:
        """Return what the log keeps of a month whose tickets were forgotten."""
        seq = self._kept_months.get(f"{month:%Y-%m}")
        return None if seq is None else kept_figures(self._reader, seq)

    def _is_over(self, month: date) -> bool:
        return month < _month(self.days[-1])

    def _stored(self, name: str, decoder: msgspec.msgpack.Decoder[_Part]) -> _Part | None:
        body = self._kept.get(self._reader.site, name)
        try:
            return None if body is None else decoder.decode(body)
        except msgspec.DecodeError:
            return None

    def _remember(self, name: str, sheet: Sheet) -> None:
        """Have a sheet at hand until the end of the question, but not those of ten years."""
        if len(self._made) >= _AT_HAND:
            self._made.clear()
        self._made[name] = sheet

    def _keep(self, name: str, part: object) -> None:
        self._kept.put(self._reader.site, self._seq, name, _encoder.encode(part))


def _changed(reader: Reader, seq: int, known: Position) -> Gone:
    """Return which months a number was delivered for since the log was followed to `known`.

    None is every month: what is kept is of another log.
    """
    if known is None or reader.hash_of(known[0]) != known[1]:
        return None
    return {
        f"{day:%Y-%m} "
        for _, _, body in reader.bodies(known[0] + 1, seq, ("ticket_issued",))
        for day in _late_day(body)
    }


def _late_day(body: bytes | None) -> list[date]:
    """Return the day of a number that was delivered on a later one."""
    try:
        fact = _issued.decode(body or b"")
    except msgspec.DecodeError:
        return []
    return [fact.event.business_day] if fact.event.business_day != fact.day else []


def _doubtful_days(sheet: Sheet) -> DoubtfulDays:
    return DoubtfulDays(tuple(sheet.days), sheet.codes, sheet.doubtful)


def _month(day: date) -> date:
    return day.replace(day=1)
