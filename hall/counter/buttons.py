"""The six buttons an officer uses all day."""

from dataclasses import dataclass

from bus.states import CurrentTicket
from bus.vocabulary import CounterStatus, CurrentTo
from hall.counter import intents
from hall.counter.actions import Action
from hall.counter.choices import Choice, Menu
from hall.counter.current_view import may_count_as_absent
from hall.counter.situation import Situation
from hall.counter.words import translate


@dataclass(frozen=True, slots=True)
class Buttons:
    """What the buttons say and where they lead."""

    primary: Choice
    second: Choice
    recall: Choice
    absent: Choice
    transfer: Choice
    more: Choice


def present_buttons(at: Situation) -> Buttons:
    """Return the buttons; those that are not legal now lead nowhere."""
    free, current = at.free(), at.current_id or ""
    recall = intents.recall(at.counter, current) if Action.RECALL in free else None
    absent = intents.mark_absent(at.counter, current) if Action.ABSENT in free else None
    return Buttons(
        primary=_primary(at),
        second=_second(at),
        recall=Choice(translate("panel", "Gọi lại F8"), leads=recall),
        absent=Choice(translate("panel", "Vắng mặt"), leads=absent),
        transfer=Choice(
            translate("panel", "Chuyển…"),
            leads=Menu.TRANSFER if Action.TRANSFER in free else None,
        ),
        more=Choice(translate("panel", "Khác…"), leads=Menu.MORE if free else None),
    )


def _primary(at: Situation) -> Choice:
    free = at.free()
    leads = intents.call_next(at.counter, at.current_id) if Action.NEXT in free else None
    if at.current:
        return Choice(translate("panel", "Xong – gọi tiếp"), _primary_note(at, at.current), leads)
    shut = at.state is not None and at.state.status is not CounterStatus.OPEN
    if leads is None and shut and Action.OPEN in free:
        return Choice(translate("panel", "Mở quầy"), "F9", intents.open_counter(at.counter))
    return Choice(translate("panel", "Gọi số tiếp theo"), "F9", leads)


def _primary_note(at: Situation, current: CurrentTicket) -> str:
    if may_count_as_absent(at, current):
        return translate("panel", "F9 · chưa đến thì tính vắng")
    if at.state and not at.state.waiting_total:
        return translate("panel", "F9 · chưa có người chờ")
    return "F9"


def _second(at: Situation) -> Choice:
    text = translate("panel", "Chờ ký – gọi tiếp")
    if at.current is None:
        return Choice(text)
    note = translate("panel", "số {0} quay lại sau khi ký").format(at.current.number)
    if Action.NEXT_PARK not in at.free():
        return Choice(text, note)
    leads = intents.call_next(at.counter, at.current.ticket, CurrentTo.PARK)
    return Choice(text, note, leads)
