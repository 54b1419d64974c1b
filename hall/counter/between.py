"""Between people of the house: who calls, what managers say, and how to answer."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bus.commands import AnswerColleague, CallColleague, ReadMessage, TellManagers
from bus.states import Alarm, DeskMessage, StaffCall
from bus.vocabulary import Colleague
from hall.counter.situation import Banner, Choice, Menu, Sheet, Situation
from hall.words import N_, Words

RING_AGAIN = timedelta(seconds=30)
_SHOWN = 6
_WANTED: Mapping[str, str] = {
    Colleague.COLLEAGUE: N_("Quầy {0} cần đồng nghiệp đến giúp"),
    Colleague.GUARD: N_("Quầy {0} cần bảo vệ"),
    Colleague.SUPERVISOR: N_("Quầy {0} cần lãnh đạo"),
}
_CALLED: Mapping[str, str] = {
    Colleague.COLLEAGUE: N_("Đã gọi đồng nghiệp, chưa ai nhận"),
    Colleague.GUARD: N_("Đã gọi bảo vệ, chưa ai nhận"),
    Colleague.SUPERVISOR: N_("Đã gọi lãnh đạo, chưa ai nhận"),
}
_WHOM = {
    Colleague.COLLEAGUE: N_("Đồng nghiệp"),
    Colleague.GUARD: N_("Bảo vệ"),
    Colleague.SUPERVISOR: N_("Lãnh đạo"),
}
_ANSWERS = (
    N_("Vâng, đã rõ."),
    N_("Xin chờ ít phút."),
    N_("Quầy đang đông người."),
    N_("Xin cử thêm người."),
)


def times_rung(since: datetime, now: datetime) -> int:
    """Return how often a sound was made again for what nobody has answered yet."""
    return max(0, (now - since) // RING_AGAIN)


def calling_banner(at: Situation, alarm: Alarm) -> Banner:
    """Return that another counter wants somebody."""
    t = at.t
    wanted = _WANTED.get(alarm.detail or "", N_("Quầy {0} cần người đến"))
    leads = None
    if at.may("answer_colleague") and alarm.source.isdecimal():
        leads = AnswerColleague(calling=int(alarm.source), counter=at.counter)
    return Banner(
        t(wanted, alarm.source),
        Choice(t("Tôi đến giúp"), leads=leads),
        rings=f"{alarm.source} {alarm.at.isoformat()} {times_rung(alarm.at, at.now)}",
    )


def own_call_banner(at: Situation, call: StaffCall) -> Banner:
    """Return how this counter's own call stands; nothing of it makes a sound here."""
    t = at.t
    if call.answered_at is None:
        back = AnswerColleague(calling=at.counter, counter=at.counter)
        leads = back if at.may("answer_colleague") else None
        called = _CALLED.get(call.whom, N_("Đã gọi người đến, chưa ai nhận"))
        return Banner(t(called), Choice(t("Thôi, không cần nữa"), leads=leads))
    if call.answered_by is None:
        return Banner(t("Lãnh đạo đang đến"))
    return Banner(t("Quầy {0} đang đến giúp", call.answered_by))


def message_banner(at: Situation, message: DeskMessage) -> Banner:
    """Return what managers say, until somebody here has read it."""
    t = at.t
    leads = None
    if at.may("read_message"):
        leads = ReadMessage(counter=at.counter, message=message.id)
    return Banner(t("Quản lý nhắn: {0}", message.text), Choice(t("Đã đọc"), leads=leads))


def unread(at: Situation) -> list[DeskMessage]:
    """Return what managers have said and nobody here has read."""
    messages = at.state.messages if at.state else ()
    return [m for m in messages if m.counter is None and at.counter not in m.read_by]


def between_choices(at: Situation) -> list[Choice]:
    """Return the ways to somebody of the house."""
    t, choices = at.t, []
    if any(at.may(f"call_colleague.{whom}") for whom in Colleague):
        choices.append(Choice(t("Gọi người đến quầy…"), leads=Menu.COLLEAGUE))
    if at.state and (at.may("tell_managers") or at.state.messages):
        choices.append(Choice(t("Tin nhắn với quản lý…"), leads=Menu.MESSAGES))
    return choices


def colleague_sheet(at: Situation) -> Sheet:
    """Return whom this counter can call."""
    t = at.t
    choices = tuple(
        Choice(
            t(_WHOM[whom]),
            leads=CallColleague(counter=at.counter, whom=whom)
            if at.may(f"call_colleague.{whom}")
            else None,
        )
        for whom in Colleague
    )
    note = t("Gọi lặng lẽ: không đọc loa, không hiện trên bảng. Các quầy và quản lý thấy ngay.")
    return Sheet(t("Gọi người đến quầy {0}", at.counter), choices, note=note)


def messages_sheet(at: Situation) -> Sheet:
    """Return the last messages, with answers that need no typing."""
    t, choices = at.t, []
    messages = at.state.messages if at.state else ()
    new = {message.id for message in unread(at)}
    for message in messages[-_SHOWN:]:
        choices.append(Choice(_line(at, message), heading=True))
        if message.id in new and at.may("read_message"):
            read = ReadMessage(counter=at.counter, message=message.id)
            choices.append(Choice(t("Đã đọc"), leads=read))
    if at.may("tell_managers"):
        choices.append(Choice(t("Trả lời nhanh"), heading=True))
        choices += [Choice(t(text), leads=told(at, t(text))) for text in _ANSWERS]
    note = t("Chỉ về công việc: xin không ghi tên, số giấy tờ của người dân.")
    title = t("Tin nhắn với quản lý")
    return Sheet(title, tuple(choices), note=note, asks_text=at.may("tell_managers"), columns=2)


def told(at: Situation, text: str) -> TellManagers:
    """Return what tells managers `text`, as an answer to what they said last."""
    messages = at.state.messages if at.state else ()
    asked = [message.id for message in messages if message.counter is None]
    return TellManagers(counter=at.counter, text=text, answers=asked[-1] if asked else None)


def last_sound(at: Situation) -> datetime | None:
    """Return when there was last something to make a sound for."""
    if at.state is None:
        return None
    sounds = [message.at for message in unread(at)]
    if at.state.arrived is not None:
        sounds.append(at.state.arrived)
    return max(sounds, default=None)


def _line(at: Situation, message: DeskMessage) -> str:
    who = at.t("Quản lý") if message.counter is None else at.t("Quầy {0}", message.counter)
    return f"{at.clock(message.at)} · {who}: {message.text}"


def late_refusal(numbers: int, t: Words) -> str:
    """Return why somebody who comes back late is not called."""
    return t("Đã qua hơn {0} số nên chưa gọi lại được. Xin xếp số này cuối hàng.", numbers)
