"""The counters of the live hall."""

from dataclasses import dataclass
from datetime import datetime

from bus.states import BoardCounter, CounterState
from bus.vocabulary import CounterStatus, TicketClass, TicketState
from hall.model import HallState
from hall.words import Words
from web.view.names import clock, localised, service_name

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
