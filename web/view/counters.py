"""The counters of the hall: who is served there, and where somebody is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bus.states import BoardCounter, CounterState
from bus.vocabulary import CounterStatus, TicketClass, TicketState
from hall.model import HallState
from hall.words import Words
from web.view.lines import LineRow
from web.view.names import clock, localised, service_name

_WORTH_SAYING_S = 60


@dataclass(frozen=True, slots=True)
class CounterCard:
    """One counter."""

    number: int
    state: str
    """`busy`, `priority`, `free`, `paused`, `closed`, or `missed`: closed while people wait."""
    words: str
    ticket: str
    service: str
    served: str


def counter_cards(
    hall: HallState, lines: Sequence[LineRow], now: datetime, t: Words
) -> list[CounterCard]:
    """Return the counters in the order of their numbers."""
    shown = hall.board.counters if hall.board else ()
    unserved = {line.code: line.count for line in lines if line.unserved}
    return [
        _card(hall, counter, unserved, now, t) for counter in sorted(shown, key=lambda c: c.counter)
    ]


def counter_summary(cards: Sequence[CounterCard], t: Words) -> tuple[str, ...]:
    """Return how many counters are staffed, and what they do."""
    if not cards:
        return ()
    count = {state: sum(card.state == state for card in cards) for state in _ALL}
    away = count["closed"] + count["missed"]
    busy = count["busy"] + count["priority"]
    staffed, total = t.count(len(cards) - away), t.count(len(cards))
    return (
        t("{staffed} trên {total} quầy có cán bộ", staffed=staffed, total=total),
        t("{busy} đang phục vụ · {free} sẵn sàng", busy=busy, free=count["free"]),
        t("{paused} tạm nghỉ · {away} chưa mở", paused=count["paused"], away=away),
    )


_ALL = ("busy", "priority", "free", "paused", "closed", "missed")


def _card(
    hall: HallState,
    counter: BoardCounter,
    unserved: Mapping[str, int],
    now: datetime,
    t: Words,
) -> CounterCard:
    detail = hall.counters.get(counter.counter)
    own = _own_services(hall, counter.counter)
    if counter.number:
        state, words = _busy(counter, detail, now, t)
    else:
        people = sum(unserved.get(code, 0) for code in own)
        state, words = _idle(hall, counter, people, t)
    services = [counter.service] if counter.service and counter.number else own
    return CounterCard(
        number=counter.counter,
        state=state,
        words=words,
        ticket=counter.number or "",
        service=", ".join(service_name(hall, code, t) for code in services),
        served=t("Đã phục vụ {count} lượt", count=t.count(detail.served_today)) if detail else "",
    )


def _own_services(hall: HallState, number: int) -> list[str]:
    """Return what a counter is there for; to help out elsewhere is not its own work."""
    for counter in hall.centre.counters if hall.centre else ():
        if counter.number == number:
            return [code for code, penalty in counter.serves.items() if penalty == 0]
    return []


def _busy(
    counter: BoardCounter, detail: CounterState | None, now: datetime, t: Words
) -> tuple[str, str]:
    priority = counter.ticket_class is TicketClass.PRIORITY
    state = "priority" if priority else "busy"
    current = detail.current if detail else None
    if current is None or current.number != counter.number:
        words = t("Đang gọi hoặc phục vụ")
        return state, t("Ưu tiên · {words}", words=words) if priority else words
    serving = current.state is TicketState.SERVING
    words = t("Đang phục vụ") if serving else t("Đang gọi")
    if priority:
        words = t("Ưu tiên") if serving else t("Ưu tiên · {words}", words=words)
    since = (current.started_at if serving else None) or current.called_at
    elapsed_s = (now - since).total_seconds()
    return state, f"{words} · {t.minutes(elapsed_s)}" if elapsed_s >= _WORTH_SAYING_S else words


def _idle(hall: HallState, counter: BoardCounter, people: int, t: Words) -> tuple[str, str]:
    if counter.status is CounterStatus.OPEN:
        return "free", t("Sẵn sàng")
    if counter.status is CounterStatus.CLOSED:
        if people:
            return "missed", t("Chưa mở · {count} người chờ", count=t.count(people))
        return "closed", t("Chưa mở")
    reasons = hall.centre.wording.pause_reasons if hall.centre else ()
    reason = localised(counter.reason, reasons, t) if counter.reason else t("Tạm nghỉ")
    if counter.until is None:
        return "paused", reason
    until = clock(counter.until, hall)
    return "paused", t("{reason}, tiếp tục từ {until}", reason=reason, until=until)
