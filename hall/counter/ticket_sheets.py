"""The sheets about one ticket: call it, send it on, correct it, take it out."""

from collections.abc import Iterator
from dataclasses import dataclass

from bus.vocabulary import CounterStatus, CurrentTo, ReturnTo, TicketClass, TicketState
from config.settings import Role
from hall.counter import intents
from hall.counter.actions import Action, legal_for
from hall.counter.choices import Choice, Sheet
from hall.counter.situation import Situation
from hall.counter.words import service_name, translate


@dataclass(frozen=True, slots=True)
class Subject:
    """A ticket that this counter can do something with."""

    ticket: str
    number: str
    service: str
    ticket_class: TicketClass
    state: TicketState


def find_subject(at: Situation, ticket: str) -> Subject | None:
    """Return the counter's current ticket, or one of its lists, by id."""
    return next((found for found in _subjects(at) if found.ticket == ticket), None)


def row_sheet(at: Situation, subject: Subject) -> Sheet:
    """Return what can be done with a ticket of a list."""
    allowed = legal_for(subject.state, at.live)
    choices = []
    if Action.CALL in allowed:
        choices.append(_call(at, subject))
    choices += return_choices(at, subject)
    if Action.TRANSFER in allowed:
        sheet = transfer_sheet(at, subject)
        choices.append(Choice(translate("panel", "Chuyển…"), leads=sheet))
    choices += correcting_choices(at, subject)
    return Sheet(_title(at, subject), tuple(choices), about=subject.ticket)


def settling_choices(at: Situation, subject: Subject) -> list[Choice]:
    """Return the rarer ways to end the current ticket."""
    allowed = legal_for(subject.state, at.live)
    number, ticket = at.counter, subject.ticket
    choices = []
    if Action.NEXT_ABSENT in allowed:
        leads = intents.call_next(number, ticket, CurrentTo.ABSENT)
        choices.append(Choice(translate("panel", "Vắng mặt – gọi tiếp"), leads=leads))
    if Action.FINISH in allowed:
        leads = intents.finish(number, ticket)
        choices.append(Choice(translate("panel", "Xong, chưa gọi tiếp"), leads=leads))
    if Action.PARK in allowed:
        leads = intents.park(number, ticket)
        choices.append(Choice(translate("panel", "Chờ ký, chưa gọi tiếp"), leads=leads))
    return choices


def return_choices(at: Situation, subject: Subject) -> list[Choice]:
    """Return the ways back into line."""
    if Action.RETURN not in legal_for(subject.state, at.live):
        return []
    place = intents.return_to_queue(subject.ticket, ReturnTo.PLACE)
    if subject.state is TicketState.ABSENT:
        text = translate("panel", "Đã quay lại")
        first = Choice(text, translate("panel", "được gọi kế tiếp"), place)
    else:
        first = Choice(translate("panel", "Về lại chỗ cũ trong hàng"), leads=place)
    end = intents.return_to_queue(subject.ticket, ReturnTo.END)
    return [first, Choice(translate("panel", "Còn hồ sơ – xếp cuối hàng"), leads=end)]


def correcting_choices(at: Situation, subject: Subject) -> list[Choice]:
    """Return what corrects a ticket: its class, its paper, its being there at all."""
    allowed = legal_for(subject.state, at.live)
    choices = []
    if Action.SET_CLASS in allowed and at.centre:
        choices.append(Choice(translate("panel", "Đổi diện…"), leads=class_sheet(at, subject)))
    if Action.REPRINT in allowed:
        choices += _reprint(at, subject)
    if Action.VOID in allowed:
        choices.append(Choice(translate("panel", "Hủy số này…"), leads=void_sheet(subject)))
    return choices


def transfer_sheet(at: Situation, subject: Subject) -> Sheet:
    """Return where a ticket can be sent: another service, or another open counter."""
    choices = [Choice(translate("panel", "Sang việc khác"), heading=True)]
    for service in at.centre.services if at.centre else ():
        if service.code != subject.service:
            leads = intents.transfer(at.counter, subject.ticket, to_service=service.code)
            choices.append(Choice(service.name(at.lang), leads=leads))
    choices.append(Choice(translate("panel", "Đến quầy khác"), heading=True))
    choices += _counters(at, subject)
    title = translate("panel", "Chuyển số {0}").format(subject.number)
    note = translate("panel", "Giữ nguyên số và chỗ trong hàng")
    return Sheet(title, tuple(choices), note=note, about=subject.ticket, columns=2)


def class_sheet(at: Situation, subject: Subject) -> Sheet:
    """Return the classes a ticket can have instead of its own."""
    choices = []
    for other in TicketClass:
        if at.centre and other is not subject.ticket_class:
            name = at.centre.classes[other.value].name(at.lang)
            choices.append(Choice(name, leads=intents.set_class(subject.ticket, other)))
    title = translate("panel", "Đổi diện của số {0}").format(subject.number)
    return Sheet(title, tuple(choices), about=subject.ticket)


def void_sheet(subject: Subject) -> Sheet:
    """Return the reasons for which a number is taken out."""
    reasons = (
        translate("panel", "Lấy nhầm số"),
        translate("panel", "Lấy hai số"),
        translate("panel", "Người dân đã về"),
        translate("panel", "Lý do khác"),
    )
    choices = [Choice(text, leads=intents.void_ticket(subject.ticket, text)) for text in reasons]
    title = translate("panel", "Hủy số {0}").format(subject.number)
    note = translate("panel", "Số này sẽ không được gọi nữa. Chọn lý do:")
    return Sheet(title, tuple(choices), note=note, about=subject.ticket)


def printers(at: Situation) -> list[tuple[str, str]]:
    """Return the kiosks that can print, as device and place."""
    known = at.centre.devices if at.centre else ()
    return [
        (device.id, device.place(at.lang) if device.place else device.id)
        for device in known
        if device.role is Role.KIOSK
    ]


def _subjects(at: Situation) -> Iterator[Subject]:
    if at.state is None:
        return
    current = at.state.current
    if current:
        yield Subject(
            current.ticket, current.number, current.service, current.ticket_class, current.state
        )
    lists = (
        (TicketState.WAITING, at.state.waiting),
        (TicketState.PARKED, at.state.parked),
        (TicketState.ABSENT, at.state.absent),
    )
    for state, listed in lists:
        for row in listed:
            yield Subject(row.ticket, row.number, row.service, row.ticket_class, state)


def _title(at: Situation, subject: Subject) -> str:
    name = service_name(at.centre, subject.service, at.lang)
    return translate("panel", "Số {0} · {1}").format(subject.number, name)


def _call(at: Situation, subject: Subject) -> Choice:
    note = ""
    if at.current:
        note = translate("panel", "số {0} tính là xong").format(at.current.number)
    leads = intents.call_ticket(at.counter, at.current_id, ticket=subject.ticket)
    return Choice(translate("panel", "Gọi số này"), note, leads)


def _reprint(at: Situation, subject: Subject) -> list[Choice]:
    return [
        Choice(
            translate("panel", "In lại phiếu"),
            translate("panel", "bản in lại ở {0}").format(place),
            intents.reprint_ticket(subject.ticket, device),
        )
        for device, place in printers(at)
    ]


def _counters(at: Situation, subject: Subject) -> list[Choice]:
    shut = {
        counter.counter
        for counter in (at.board.counters if at.board else ())
        if counter.status is CounterStatus.CLOSED
    }
    choices = []
    for counter in at.centre.counters if at.centre else ():
        number = counter.number
        text = translate("panel", "Quầy {0}").format(number)
        if number == at.counter:
            continue
        if number in shut:
            choices.append(Choice(text, translate("panel", "đang đóng")))
            continue
        names = [service_name(at.centre, code, at.lang) for code in counter.serves]
        leads = intents.transfer(at.counter, subject.ticket, to_counter=number)
        choices.append(Choice(text, " · ".join(names), leads))
    return choices
