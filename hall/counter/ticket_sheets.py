"""The sheets about one ticket: call it, send it on, correct it, take it out."""

from collections.abc import Iterator
from dataclasses import dataclass

from bus.commands import (
    CallTicket,
    ReprintTicket,
    ReturnToQueue,
    SetClass,
    VoidTicket,
)
from bus.states import ListedTicket
from bus.vocabulary import CurrentTo, ReturnTo, TicketClass, TicketState
from hall.counter.alarms import printers
from hall.counter.current import call_next, settle
from hall.counter.situation import Choice, Draft, Move, Sheet, Situation
from hall.counter.words import note_words, park_reason, service_name, within

_CORRECTING = frozenset({"set_class", "reprint_ticket", "void_ticket"})
_OFFERED = {
    TicketState.WAITING: _CORRECTING | {"call_ticket", "transfer"},
    TicketState.CALLED: _CORRECTING | {"transfer", "return_to_queue"},
    TicketState.SERVING: _CORRECTING - {"void_ticket"} | {"transfer", "return_to_queue"},
    TicketState.PARKED: _CORRECTING | {"call_ticket", "transfer", "return_to_queue"},
    TicketState.ABSENT: _CORRECTING | {"call_ticket", "return_to_queue"},
}
"""What a sheet has for the tickets of a list; whether it can be pressed, the service says."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A ticket that this counter can do something with."""

    ticket: str
    number: str
    service: str
    ticket_class: TicketClass
    state: TicketState
    late: bool = False
    """Absent for too many numbers: it may only go to the end of its line."""


def find_subject(at: Situation, ticket: str) -> Subject | None:
    """Return the counter's current ticket, or one of its lists, by id."""
    return next((found for found in _subjects(at) if found.ticket == ticket), None)


def row_sheet(at: Situation, subject: Subject) -> Sheet:
    """Return what can be done with a ticket of a list."""
    choices = []
    if is_offered(at, subject, "call_ticket"):
        choices.append(call_choice(at, subject))
    choices += return_choices(at, subject)
    if is_offered(at, subject, "transfer"):
        choices.append(Choice(at.t("Chuyển…"), leads=Draft(Move.TRANSFER, subject.ticket)))
    choices += correcting_choices(at, subject)
    title = at.t("Số {0} · {1}", subject.number, service_name(at, subject.service))
    return Sheet(title, tuple(choices), note=_known(at, subject), about=subject.ticket)


def listed_words(at: Situation, listed: ListedTicket) -> str:
    """Return where a ticket of a list is to go, or why it waits."""
    t, words = at.t, [service_name(at, listed.service)]
    if listed.to_counter is not None:
        words.append(t("đến quầy {0}", listed.to_counter))
    if listed.back_to is not None:
        words.append(t("xong về quầy {0}", listed.back_to))
    if listed.reason:
        words.append(park_reason(at, listed.reason))
    if listed.fetch:
        words.append(t("mời tận nơi"))
    return " · ".join(words)


def late_choice(at: Situation, listed: ListedTicket) -> Choice:
    """Return the one press that calls a person who comes late.

    While somebody is at the counter the late person is called next: nobody's turn is ended by it.
    """
    t, ticket = at.t, listed.ticket
    if listed.late:
        end = ReturnToQueue(ticket=ticket, to=ReturnTo.END)
        return Choice(t("Xếp cuối hàng"), leads=end if at.may("return_to_queue.end") else None)
    if at.current is None:
        call = CallTicket(counter=at.counter, current=None, ticket=ticket)
        return Choice(t("Gọi lại"), leads=call if at.may("call_ticket") else None)
    back = ReturnToQueue(ticket=ticket, to=ReturnTo.PLACE)
    return Choice(t("Gọi kế tiếp"), leads=back if at.may("return_to_queue.place") else None)


def settling_choices(at: Situation) -> list[Choice]:
    """Return the rarer ways to end the current ticket."""
    t = at.t
    choices = []
    absent = call_next(at, CurrentTo.ABSENT)
    if absent and at.choice_s is None:
        choices.append(Choice(t("Vắng mặt – gọi tiếp"), leads=absent))
    done = settle(at, CurrentTo.FINISH)
    if done:
        choices.append(Choice(t("Xong, chưa gọi tiếp"), leads=done))
    return choices


def return_choices(at: Situation, subject: Subject) -> list[Choice]:
    """Return the ways back into line."""
    t = at.t
    choices = []
    if is_offered(at, subject, "return_to_queue.place"):
        place = ReturnToQueue(ticket=subject.ticket, to=ReturnTo.PLACE)
        if subject.state is TicketState.ABSENT:
            choices.append(Choice(t("Đã quay lại"), t("được gọi kế tiếp"), place))
        else:
            choices.append(Choice(t("Trả về chỗ cũ trong hàng chờ"), leads=place))
    if is_offered(at, subject, "return_to_queue.end"):
        end = ReturnToQueue(ticket=subject.ticket, to=ReturnTo.END)
        choices.append(Choice(t("Còn hồ sơ – xếp cuối hàng"), leads=end))
    return choices


def correcting_choices(at: Situation, subject: Subject) -> list[Choice]:
    """Return what corrects a ticket: its class, its paper, its being there at all."""
    t = at.t
    choices = []
    if at.centre and is_offered(at, subject, "set_class"):
        choices.append(Choice(t("Đổi diện ưu tiên…"), leads=_class_sheet(at, subject)))
    if is_offered(at, subject, "reprint_ticket"):
        choices += [
            Choice(
                t("In lại phiếu"),
                t("bản in lại ở {0}", within(place)),
                ReprintTicket(ticket=subject.ticket, print_on=device),
            )
            for device, place in printers(at)
        ]
    if is_offered(at, subject, "void_ticket"):
        choices.append(Choice(t("Hủy số này…"), leads=_void_sheet(at, subject)))
    return choices


def is_offered(at: Situation, subject: Subject, legal: str) -> bool:
    """Return whether something is legal now, and for a ticket that stands as this one does."""
    kind = legal.partition(".")[0]
    if subject.late and legal in ("call_ticket", "return_to_queue.place"):
        return False
    return kind in _OFFERED.get(subject.state, frozenset()) and at.may(legal)


def _class_sheet(at: Situation, subject: Subject) -> Sheet:
    """Return the classes a ticket can have instead of its own."""
    choices = []
    for other in TicketClass:
        if at.centre and other is not subject.ticket_class:
            name = at.centre.classes[other.value].name(at.lang)
            leads = SetClass(ticket=subject.ticket, ticket_class=other)
            choices.append(Choice(name, leads=leads))
    title = at.t("Đổi diện ưu tiên của số {0}", subject.number)
    return Sheet(title, tuple(choices), about=subject.ticket)


def _void_sheet(at: Situation, subject: Subject) -> Sheet:
    """Return the reasons for which a number is taken out."""
    t = at.t
    reasons = t("Lấy nhầm số"), t("Lấy hai số"), t("Người dân đã về"), t("Lý do khác")
    choices = tuple(
        Choice(text, leads=VoidTicket(ticket=subject.ticket, reason=text)) for text in reasons
    )
    title = t("Hủy số {0}", subject.number)
    note = t("Số này sẽ không được gọi nữa. Chọn lý do:")
    return Sheet(title, choices, note=note, about=subject.ticket)


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
            yield Subject(row.ticket, row.number, row.service, row.ticket_class, state, row.late)


def _known(at: Situation, subject: Subject) -> str:
    """Return what else the officer should know of a ticket of a list."""
    t, state = at.t, at.state
    listed = (*state.waiting, *state.parked, *state.absent) if state else ()
    row = next((row for row in listed if row.ticket == subject.ticket), None)
    if row is None:
        return ""
    words = [park_reason(at, row.reason)] if row.reason else []
    if row.remind_at is not None:
        words.append(t("nhắc lúc {0}", at.clock(row.remind_at)))
    if row.note:
        words.append(t("lời nhắn: {0}", note_words(at, row.note)))
    return " · ".join(words)


def call_choice(at: Situation, subject: Subject) -> Choice:
    """Return the press that calls a ticket; it ends whatever the counter has."""
    note = at.t("số {0} tính là xong", at.current.number) if at.current else ""
    leads = CallTicket(counter=at.counter, current=at.current_id, ticket=subject.ticket)
    return Choice(at.t("Gọi số này"), note, leads)
