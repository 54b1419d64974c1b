"""The lines of people who wait, by service, and whether anybody serves them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bus.states import BoardCounter, ServiceState
from bus.vocabulary import CounterStatus
from hall.model import HallState
from hall.words import N_, Words
from web.view.names import clock, service_name
from web.view.waits import Badge, targets_of, wait_badge

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

    code: str
    service: str
    count: int
    counters: str
    """The open counters that serve it, else those that rest; a dash for none."""
    unserved: bool
    """People wait and no open counter serves them."""
    next: tuple[str, ...]
    oldest: Badge | None
    wait: str
    closed: str
    """Why no numbers are given; empty while they are."""


def line_rows(
    hall: HallState, oldest: Mapping[str, datetime], now: datetime, t: Words
) -> list[LineRow]:
    """Return the lines in the order of the services."""
    lines = {line.service: line for line in hall.board.waiting} if hall.board else {}
    offers = {offer.service: offer for offer in hall.services.services} if hall.services else {}
    known = [service.code for service in hall.centre.services] if hall.centre else []
    rows = []
    for code in dict.fromkeys((*known, *offers, *lines)):
        line, offer = lines.get(code), offers.get(code)
        count = line.count if line else 0
        words, is_served = _counters(serving(hall, code), count, t)
        since = oldest.get(code) if count else None
        waited_s = None if since is None else (now - since).total_seconds()
        rows.append(
            LineRow(
                code=code,
                service=service_name(hall, code, t),
                count=count,
                counters=words,
                unserved=bool(count) and not is_served and hall.board is not None,
                next=line.next if line else (),
                oldest=None if waited_s is None else wait_badge(waited_s, targets_of(hall), t),
                wait=_expected(offer, count, t),
                closed=_closed_words(hall, offer, t),
            )
        )
    return rows


def serving(hall: HallState, code: str) -> list[BoardCounter]:
    """Return the counters that serve a service, whatever they do now."""
    if hall.centre is None or hall.board is None:
        return []
    numbers = {c.number for c in hall.centre.counters if code in c.serves}
    counters = [counter for counter in hall.board.counters if counter.counter in numbers]
    return sorted(counters, key=lambda counter: counter.counter)


def _counters(counters: Sequence[BoardCounter], count: int, t: Words) -> tuple[str, bool]:
    numbers = [str(c.counter) for c in counters if c.status is CounterStatus.OPEN]
    if numbers:
        return ", ".join(numbers), True
    resting = ", ".join(str(c.counter) for c in counters if c.status is CounterStatus.PAUSED)
    if resting:
        return t("{counters} tạm nghỉ", counters=resting), False
    return t("chưa mở") if count else "–", False


def _expected(offer: ServiceState | None, count: int, t: Words) -> str:
    if offer and offer.wait_min is not None:
        return t.minutes_range(offer.wait_min)
    return t("chưa rõ") if count else "–"


def _closed_words(hall: HallState, offer: ServiceState | None, t: Words) -> str:
    if offer is None or offer.open:
        return ""
    words = t(_WHY_CLOSED.get(offer.why or "", _NO_NUMBERS))
    if offer.opens_at is None:
        return words
    return t("{reason}, tiếp tục từ {until}", reason=words, until=clock(offer.opens_at, hall))
