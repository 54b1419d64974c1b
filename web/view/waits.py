"""The waits of today: how they stand against the targets and the day before, the oldest of now."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bus.vocabulary import TicketState
from config.settings import Targets
from hall.model import HallState
from hall.words import N_, Words
from wait_log.statistics import TicketLine
from web.day_log import DayRecord

_STATES = {
    TicketState.WAITING: N_("Đang chờ"),
    TicketState.CALLED: N_("Đang gọi"),
    TicketState.SERVING: N_("Đang phục vụ"),
    TicketState.PARKED: N_("Chờ ký"),
    TicketState.ABSENT: N_("Vắng mặt"),
    TicketState.FINISHED: N_("Đã xong"),
    TicketState.VOID: N_("Đã hủy"),
}
_P90 = 0.9
_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class Badge:
    """A wait against the targets: never by colour alone."""

    mark: str
    """`ok`, `warn` or `bad`."""
    words: str
    verdict: str
    """How it stands against the targets, in words."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the day."""

    label: str
    value: str
    mark: str = ""
    """`ok`, `warn` or `bad` against its target; empty without one."""
    note: str = ""
    before: str = ""
    """The same at this time of the day before; empty where that is not known."""


def targets_of(hall: HallState) -> Targets:
    """Return the targets of the centre."""
    return hall.centre.targets if hall.centre else Targets()


def state_name(state: str, t: Words) -> str:
    """Return what a ticket's state is called."""
    return t(_STATES[TicketState(state)])


def wait_badge(waited_s: float, targets: Targets, t: Words) -> Badge:
    """Return how a wait of somebody who waits stands against the targets."""
    mark = _mark(waited_s, targets.target_min, targets.warn_min)
    return Badge(mark, t.minutes(waited_s), dict(legend(targets, t))[mark])


def legend(targets: Targets, t: Words) -> list[tuple[str, str]]:
    """Return what the marks mean."""
    target, warn = targets.target_min, targets.warn_min
    return [
        ("ok", t("trong mục tiêu {0} phút", target)),
        ("warn", t("{0}–{1} phút", target, warn)),
        ("bad", t("quá {0} phút", warn)),
    ]


def oldest_waits(hall: HallState, lines: Sequence[TicketLine]) -> dict[str, datetime]:
    """Return since when the first of each line has waited.

    Those who were never called wait since their issue, as the log says, which is never behind the
    states. Who is back in line waits since then: the counters' states say it of the first 50.
    """
    since: dict[str, datetime] = {}
    never_called = set()
    for line in lines:
        if line.state == TicketState.WAITING and line.first_called_at is None:
            never_called.add(line.number)
            since[line.service] = min(line.issued_at, since.get(line.service, line.issued_at))
    for counter in hall.counters.values():
        for ticket in counter.waiting:
            if ticket.number not in never_called:
                since[ticket.service] = min(ticket.since, since.get(ticket.service, ticket.since))
    return since


@dataclass(frozen=True, slots=True)
class InLine:
    """Those who wait now, over all lines."""

    count: int
    since: datetime | None
    """Since when the first of them waits; None when that is not known."""


def figures(
    hall: HallState, record: DayRecord, in_line: InLine, now: datetime, t: Words
) -> list[Figure]:
    """Return the day of the whole hall."""
    today, targets = _Day(record.lines), targets_of(hall)
    before = _Day(_until_now(record, now)) if record.day_before else None
    return [
        _issued(today, before, record, t),
        _waiting(in_line, targets, now, t),
        *_waits(today, before, targets, t),
        _absent(today, t),
    ]


class _Day:
    """The figures of some tickets."""

    def __init__(self, lines: Sequence[TicketLine]) -> None:
        self.waits = sorted(
            line.wait_s for line in lines if line.wait_s is not None and not line.clock_suspect
        )
        self.issued = len(lines)
        self.called = sum(line.first_called_at is not None for line in lines)
        self.absent = sum(line.state == TicketState.ABSENT for line in lines)
        self.mean_s = statistics.fmean(self.waits) if self.waits else None
        self.p90_s = self.waits[math.ceil(_P90 * len(self.waits)) - 1] if self.waits else None

    def within(self, minutes: int) -> int:
        return sum(wait <= minutes * _MINUTE_S for wait in self.waits)

    def share_within(self, minutes: int) -> float | None:
        return self.within(minutes) / len(self.waits) if self.waits else None


def _until_now(record: DayRecord, now: datetime) -> list[TicketLine]:
    """Return the day before as it stood at this time of day."""
    if record.business_day is None or record.day_before is None:
        return []
    apart = date.fromisoformat(record.business_day) - date.fromisoformat(record.day_before)
    then = now - timedelta(days=apart.days)
    return [
        line
        if line.first_called_at and line.first_called_at <= then
        else replace(line, wait_s=None, first_called_at=None)
        for line in record.before
        if line.issued_at <= then
    ]


def _issued(today: _Day, before: _Day | None, record: DayRecord, t: Words) -> Figure:
    note = ""
    if before is not None and record.day_before is not None:
        more = today.issued - before.issued
        sign = "+" if more > 0 else "−" if more < 0 else "±"
        day = date.fromisoformat(record.day_before)
        count = f"{sign}{t.count(abs(more))}"
        note = t("so với cùng giờ ngày {day}: {count}", day=f"{day:%d/%m}", count=count)
    return Figure(t("Lượt giao dịch"), t.count(today.issued), note=note)


def _waiting(in_line: InLine, targets: Targets, now: datetime, t: Words) -> Figure:
    label, value = t("Đang chờ"), t.count(in_line.count)
    if in_line.since is None or not in_line.count:
        return Figure(label, value)
    badge = wait_badge((now - in_line.since).total_seconds(), targets, t)
    return Figure(label, value, badge.mark, t("lâu nhất {wait}", wait=badge.words))


def _waits(today: _Day, before: _Day | None, targets: Targets, t: Words) -> list[Figure]:
    target, warn = targets.target_min, targets.warn_min
    share = today.share_within(target)
    share_before = before.share_within(target) if before else None
    counted = t(
        "{some} trên {all} lượt đã gọi",
        some=t.count(today.within(target)),
        all=t.count(len(today.waits)),
    )
    return [
        _against(t("Chờ bình quân"), today.mean_s, before.mean_s if before else None, target, t),
        _against(
            t("90 % số lượt chờ không quá"), today.p90_s, before.p90_s if before else None, warn, t
        ),
        Figure(
            t("Trong {0} phút", target),
            _percent(share, t),
            note="" if share is None else counted,
            before="" if share_before is None else _before(_percent(share_before, t), t),
        ),
    ]


def _against(
    label: str, value_s: float | None, before_s: float | None, target: int, t: Words
) -> Figure:
    if value_s is None:
        return Figure(label, t.minutes(None))
    met = value_s <= target * _MINUTE_S
    words = N_("mục tiêu {0} phút: đạt") if met else N_("mục tiêu {0} phút: vượt")
    before = "" if before_s is None else _before(t.minutes(before_s), t)
    return Figure(label, t.minutes(value_s), "ok" if met else "bad", t(words, target), before)


def _absent(today: _Day, t: Words) -> Figure:
    share = today.absent / today.called if today.called else None
    note = t.plural("{count} lượt", today.absent) if today.called else ""
    return Figure(t("Vắng mặt"), _percent(share, t, decimals=1), note=note)


def _before(value: str, t: Words) -> str:
    return t("hôm trước: {value}", value=value)


def _percent(share: float | None, t: Words, decimals: int = 0) -> str:
    if share is None:
        return "–"
    text = f"{100 * share:.{decimals}f} %"
    return text.replace(".", ",") if t.lang == "vi" else text


def _mark(waited_s: float, target_min: int, warn_min: int) -> str:
    if waited_s <= target_min * _MINUTE_S:
        return "ok"
    return "warn" if waited_s <= warn_min * _MINUTE_S else "bad"
