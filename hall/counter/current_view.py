"""The upper part of the window: the number being served, or why there is none."""

from dataclasses import dataclass
from datetime import timedelta

from bus.states import CounterState, CurrentTicket
from bus.vocabulary import CounterStatus, TicketState
from hall.counter import intents
from hall.counter.actions import Action
from hall.counter.choices import NO_CHOICE, Choice
from hall.counter.situation import Situation
from hall.counter.words import (
    class_name,
    minutes,
    minutes_since,
    service_name,
    translate,
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with its word, such as "Đã chờ" 11 phút."""

    text: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Current:
    """A number with what is known of it; without a number, headline and detail."""

    number: str = ""
    service: str = ""
    chip: str = ""
    headline: str = ""
    detail: str = ""
    facts: tuple[Fact, ...] = ()
    mark: str = ""
    longest_mark: str = ""
    """Room is kept for it: nothing moves under the finger while a call is shown and spoken."""
    announced: bool = False
    arrived: Choice = NO_CHOICE


def present_current(at: Situation) -> Current:
    """Return the upper part."""
    if at.state is None:
        return Current(headline=translate("panel", "Đang chờ máy chủ…"))
    current = at.state.current
    if current is None:
        headline, detail = _idle(at, at.state)
        return Current(headline=headline, detail=detail)
    mark, announced = _mark(at.state, current)
    return Current(
        number=current.number,
        service=service_name(at.centre, current.service, at.lang),
        chip=class_name(at.centre, current.ticket_class, at.lang),
        detail=pause_text(at, at.state),
        facts=_facts(at, current),
        mark=mark,
        longest_mark=max(_marks(), key=len),
        announced=announced,
        arrived=_arrived(at, current),
    )


def pause_text(at: Situation, state: CounterState) -> str:
    """Return why and until when the counter rests; empty while it does not."""
    if state.status is not CounterStatus.PAUSED:
        return ""
    text = _reason(at, state.reason or "")
    if state.until is None:
        return text
    until = translate("panel", "tiếp tục từ {0:%H:%M}").format(state.until.astimezone(at.zone))
    return f"{text} · {until}" if text else until


def may_count_as_absent(at: Situation, current: CurrentTicket) -> bool:
    """Return whether a next call now would take the called person for absent."""
    within = at.centre.rules.absent_within_s if at.centre else 0
    fresh = at.now - current.called_at < timedelta(seconds=within)
    return current.state is TicketState.CALLED and fresh


def _idle(at: Situation, state: CounterState) -> tuple[str, str]:
    if state.status is CounterStatus.PAUSED:
        return translate("panel", "Đang tạm nghỉ"), pause_text(at, state)
    headline = translate("panel", "Sẵn sàng")
    if state.status is CounterStatus.CLOSED:
        headline = translate("panel", "Quầy đang đóng")
    if not state.waiting:
        return headline, translate("panel", "Chưa có người chờ")
    first = state.waiting[0]
    name = service_name(at.centre, first.service, at.lang)
    return headline, translate("panel", "Tiếp theo {0} · {1}").format(first.number, name)


def _reason(at: Situation, reason: str) -> str:
    for known in at.centre.wording.pause_reasons if at.centre else ():
        if known.vi == reason:
            return known(at.lang)
    return reason


def _facts(at: Situation, current: CurrentTicket) -> tuple[Fact, ...]:
    waited = minutes_since(current.issued_at, current.called_at)
    served = minutes_since(current.started_at or current.called_at, at.now)
    return (
        Fact(translate("panel", "Đã chờ"), minutes(waited)),
        Fact(translate("panel", "Phục vụ"), minutes(served)),
        Fact(translate("panel", "Gọi"), translate("panel", "{0} lần").format(current.calls)),
    )


def _marks() -> tuple[str, str, str, str]:
    return (
        translate("panel", "đang gọi…"),
        translate("panel", "đã hiện, chưa đọc"),
        translate("panel", "đã đọc, chưa hiện"),
        translate("panel", "đã hiện, đã đọc"),
    )


def _mark(state: CounterState, current: CurrentTicket) -> tuple[str, bool]:
    calling, shown, spoken, announced = _marks()
    if current.shown and current.spoken:
        return announced, True
    if any(alarm.kind == "unannounced" for alarm in state.alarms):
        return translate("panel", "màn hình/loa không phản hồi"), False
    if current.shown:
        return shown, False
    if current.spoken:
        return spoken, False
    return "" if current.state is TicketState.SERVING else calling, False


def _arrived(at: Situation, current: CurrentTicket) -> Choice:
    if current.state is not TicketState.CALLED:
        return NO_CHOICE
    free = Action.START in at.free()
    leads = intents.start_serving(at.counter, current.ticket) if free else None
    return Choice(translate("panel", "Đã đến"), leads=leads)
