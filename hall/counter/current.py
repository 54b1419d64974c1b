"""The upper half of the window: the number at the counter and the buttons of all day."""

from dataclasses import dataclass

from msgspec.structs import replace

from bus.commands import (
    CallNext,
    Finish,
    MarkAbsent,
    OpenCounter,
    Park,
    Recall,
    StartServing,
)
from bus.states import CounterState, CurrentTicket
from bus.vocabulary import AlarmKind, CounterStatus, CurrentTo, TicketState
from hall.counter.situation import NO_CHOICE, Choice, Menu, Situation
from hall.counter.visits import fetch_words
from hall.counter.words import class_name, minutes, minutes_since, note_words, service_name

_MINUTE_S = 60

_SETTLES: dict[CurrentTo, tuple[type[Finish | MarkAbsent | Park], str]] = {
    CurrentTo.FINISH: (Finish, "finish"),
    CurrentTo.ABSENT: (MarkAbsent, "mark_absent"),
    CurrentTo.PARK: (Park, "park"),
}


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
    remark: str = ""
    """What the officer before has left, and where the person goes when it is done here."""
    fetch: str = ""
    """Where the person waits for somebody to come: nobody has to hear or see the call."""


@dataclass(frozen=True, slots=True)
class Buttons:
    """What the buttons say and where they lead; `primary` alone fills the row of two."""

    question: str
    """The line above: what is going on, what is asked, or who would be next."""
    answer: str
    """How long there is for it."""
    left: float
    """The part of the time to choose that is left, 0–1."""
    calling: bool
    beckons: bool
    """The two big buttons draw attention: a key cannot choose between them."""
    primary: Choice
    second: Choice
    recall: Choice
    absent: Choice
    park: Choice
    transfer: Choice
    more: Choice
    ending: str = ""
    """The line above the outcomes; empty where the site has none."""
    outcomes: tuple[Choice, ...] = ()
    """Each ends the service and says how: in the place of `primary`, never asked for."""


def present_current(at: Situation) -> Current:
    """Return the upper part."""
    if at.state is None:
        return Current(headline=at.t("Đang chờ máy chủ…"))
    current = at.state.current
    if current is None:
        headline, detail = _idle(at, at.state)
        return Current(headline=headline, detail=detail)
    marks = _marks(at)
    mark, announced = _mark(at, current, marks)
    return Current(
        number=current.number,
        service=service_name(at, current.service),
        chip=class_name(at, current.ticket_class),
        detail=pause_text(at, at.state),
        facts=_facts(at, current),
        mark=mark,
        longest_mark=max(marks, key=len),
        announced=announced,
        arrived=_arrived(at, current),
        remark=_remark(at, current),
        fetch=fetch_words(at),
    )


def present_buttons(at: Situation) -> Buttons:
    """Return the buttons; those that are not legal now lead nowhere."""
    t = at.t
    question, answer = _question(at)
    primary, second = _big(at)
    return Buttons(
        question=question,
        answer=answer,
        left=_left(at),
        calling=at.calling,
        beckons=at.beckons and at.choice_s is not None,
        primary=primary,
        second=second,
        recall=Choice(t("Gọi lại F8"), leads=recall(at)),
        absent=Choice(t.of("button", "Vắng mặt"), leads=settle(at, CurrentTo.ABSENT)),
        park=Choice(t.of("button", "Chờ ký"), leads=settle(at, CurrentTo.PARK)),
        transfer=Choice(
            t("Chuyển…"),
            leads=Menu.TRANSFER if at.current and at.may("transfer") else None,
        ),
        more=Choice(t("Khác…"), leads=Menu.MORE if at.state and at.live else None),
        ending=t("Xong, ghi kết quả:") if at.centre and at.centre.matters.outcomes else "",
        outcomes=tuple(
            Choice(term.name(at.lang), leads=_ended(at, term.id))
            for term in (at.centre.matters.outcomes if at.centre else ())
        ),
    )


def recall(at: Situation) -> Recall | None:
    """Return the command that calls the current number once more, where it is legal."""
    if at.current is None or not at.may("recall"):
        return None
    return Recall(counter=at.counter, ticket=at.current.ticket)


def pause_text(at: Situation, state: CounterState) -> str:
    """Return why and until when the counter rests; empty while it does not."""
    if state.status is not CounterStatus.PAUSED:
        return ""
    text = _reason(at, state.reason or "")
    if state.until is None:
        return text
    until = at.t("tiếp tục từ {0}", at.clock(state.until))
    return f"{text} · {until}" if text else until


def call_next(at: Situation, to: CurrentTo) -> CallNext | None:
    """Return the command that settles the current ticket as `to` and calls, where it is legal."""
    if not at.may(f"call_next.{to.value}" if at.current else "call_next"):
        return None
    return CallNext(counter=at.counter, current=at.current_id, current_to=to)


def roll_choices(at: Situation) -> list[Choice]:
    """Return the presses that call the next number of a printed roll, whoever else waits."""
    choices, ending = [], CurrentTo.FINISH if at.current else None
    for service in rolls_of(at) if at.may("call_next.roll") else ():
        name = service_name(at, service)
        note = at.t("số {0} tính là xong", at.current.number) if at.current else ""
        leads = CallNext(counter=at.counter, current=at.current_id, current_to=ending, roll=service)
        choices.append(Choice(at.t("Gọi số tiếp của cuộn giấy: {0}", name), note, leads))
    return choices


def rolls_of(at: Situation) -> list[str]:
    """Return the services of this counter whose numbers are torn from a printed roll."""
    rolls = (
        {service.code for service in at.centre.services if service.has_roll} if at.centre else ()
    )
    counters = at.centre.counters if at.centre else ()
    serves = next((one.serves for one in counters if one.number == at.counter), {})
    return [code for code in serves if code in rolls]


def settle(at: Situation, to: CurrentTo) -> Finish | MarkAbsent | Park | None:
    """Return the command that settles the current ticket and calls nobody, where it is legal."""
    kind, legal = _SETTLES[to]
    if at.current is None or not at.may(legal):
        return None
    return kind(counter=at.counter, ticket=at.current.ticket)


def _ended(at: Situation, outcome: str) -> CallNext | Finish | None:
    """Return the command that ends the current ticket with an outcome, and calls if it can."""
    if at.current is None or at.calling:
        return None
    if calls := call_next(at, CurrentTo.FINISH):
        return replace(calls, outcome=outcome)
    if not at.may("finish"):
        return None
    return Finish(counter=at.counter, ticket=at.current.ticket, outcome=outcome)


def _big(at: Situation) -> tuple[Choice, Choice]:
    """Return the big button, and the one beside it or none."""
    t, current = at.t, at.current
    if current is None:
        return _first(at), Choice(t("Chờ ký – gọi tiếp"))
    if at.calling:
        return Choice(t("Đang gọi…"), t("F9 chưa bấm được")), NO_CHOICE
    if at.choice_s is not None:
        gone = t("số {0} giữ đến hết ngày", current.number)
        return (
            _settling(at, CurrentTo.FINISH, t.of("button", "Đã xong"), t("F9 tạm dừng, xin chọn")),
            _settling(at, CurrentTo.ABSENT, t.of("button", "Vắng mặt"), gone),
        )
    back = t("số {0} quay lại sau khi ký", current.number)
    return (
        _settling(at, CurrentTo.FINISH, t.of("button", "Xong"), _done_note(at, current)),
        _settling(at, CurrentTo.PARK, t.of("button", "Chờ ký"), back),
    )


def _done_note(at: Situation, current: CurrentTicket) -> str:
    if current.back_to is not None:
        return at.t("F9 · số {0} về quầy {1}", current.number, current.back_to)
    nobody = at.state is not None and not at.state.waiting_total
    if nobody and rolls_of(at):
        return at.t("F9 · số tiếp của cuộn giấy")
    return at.t("F9 · chưa có người chờ") if nobody else "F9"


def _settling(at: Situation, to: CurrentTo, text: str, note: str) -> Choice:
    """Return the button that settles the current ticket, and calls the next if there is one."""
    leads = call_next(at, to)
    only = None if leads else settle(at, to)
    if only:
        return Choice(text, note, only)
    return Choice(at.t("{0} – gọi tiếp", text), note, leads)


def _first(at: Situation) -> Choice:
    """Return the big button of a counter that serves nobody."""
    leads = call_next(at, CurrentTo.FINISH)
    shut = at.state is not None and at.state.status is not CounterStatus.OPEN
    if leads is None and shut and at.may("open_counter"):
        return Choice(at.t("Mở quầy"), "F9", OpenCounter(counter=at.counter))
    return Choice(at.t("Gọi số tiếp theo"), "F9", leads)


def _question(at: Situation) -> tuple[str, str]:
    t, current = at.t, at.current
    if current and at.calling:
        doing = t("Đang mời số {0} đến quầy {1}", current.number, at.counter)
        return doing, t("bấm được sau khi đọc xong")
    if current and at.choice_s is not None:
        asked = t("Công dân số {0} đã đến quầy chưa?", current.number)
        return asked, t("còn {0} giây", round(at.choice_s + 0.5))
    if current and at.state and at.state.waiting:
        return _next(at, at.state), ""
    return "", ""


def _left(at: Situation) -> float:
    current = at.current
    if at.choice_s is None or not (current and current.announced_at and current.choice_until):
        return 0.0
    whole = (current.choice_until - current.announced_at).total_seconds()
    return at.choice_s / whole if whole > 0 else 0.0


def _idle(at: Situation, state: CounterState) -> tuple[str, str]:
    t = at.t
    if state.status is CounterStatus.PAUSED:
        return t("Đang tạm nghỉ"), pause_text(at, state)
    headline = t("Quầy đang đóng") if state.status is CounterStatus.CLOSED else t("Sẵn sàng")
    if state.arrived is not None:
        headline = t("Có người đến")
    if not state.waiting and rolls_of(at):
        return headline, t("Số tiếp theo lấy ở cuộn giấy")
    return headline, _next(at, state) if state.waiting else t("Chưa có người chờ")


def _next(at: Situation, state: CounterState) -> str:
    first = state.waiting[0]
    return at.t("Tiếp theo {0} · {1}", first.number, service_name(at, first.service))


def _reason(at: Situation, reason: str) -> str:
    for known in at.centre.wording.pause_reasons if at.centre else ():
        if known.vi == reason:
            return known(at.lang)
    return reason


def _facts(at: Situation, current: CurrentTicket) -> tuple[Fact, ...]:
    t = at.t
    waited = minutes_since(current.issued_at, current.called_at)
    facts = [Fact(t("Đã chờ"), t("chưa rõ") if current.from_roll else minutes(waited, t))]
    if not at.calling and at.choice_s is None:
        served = minutes_since(current.started_at or current.called_at, at.now)
        facts.append(Fact(t("Phục vụ"), minutes(served, t)))
    if current.parked_for_s is not None:
        facts[0] = Fact(t("Chờ ký"), minutes(round(current.parked_for_s / _MINUTE_S), t))
    facts.append(Fact(t("Mời"), t("{0} lần", current.calls)))
    return tuple(facts)


def _remark(at: Situation, current: CurrentTicket) -> str:
    t, words = at.t, []
    if current.note and current.note_from is not None:
        words.append(t("Quầy {0} nhắn: {1}", current.note_from, note_words(at, current.note)))
    elif current.note:
        words.append(t("Lời nhắn: {0}", note_words(at, current.note)))
    if current.back_to is not None:
        words.append(t("Xong thì về quầy {0}", current.back_to))
    return " · ".join(words)


def _marks(at: Situation) -> tuple[str, str, str, str]:
    t = at.t
    return t("đang gọi…"), t("đã hiện, đang đọc"), t("đã đọc, chưa hiện"), t("đã hiện, đã đọc")


def _mark(
    at: Situation, current: CurrentTicket, marks: tuple[str, str, str, str]
) -> tuple[str, bool]:
    calling, shown, spoken, announced = marks
    if current.shown and current.spoken:
        return announced, True
    alarms = at.state.alarms if at.state else ()
    if any(alarm.kind is AlarmKind.UNANNOUNCED for alarm in alarms):
        return at.t("chưa báo được số"), False
    if current.shown:
        return shown, False
    if current.spoken:
        return spoken, False
    return "" if current.state is TicketState.SERVING else calling, False


def _arrived(at: Situation, current: CurrentTicket) -> Choice:
    if current.state is not TicketState.CALLED:
        return NO_CHOICE
    start = StartServing(counter=at.counter, ticket=current.ticket)
    return Choice(at.t("Đã đến"), leads=start if at.may("start_serving") else None)
