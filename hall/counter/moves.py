"""The sheets in which a move is put together: where to, why, until when, with which note."""

from dataclasses import replace
from datetime import timedelta

from bus.commands import Park, ReturnToQueue, Transfer
from bus.vocabulary import CounterStatus, ReturnTo
from hall.counter.situation import Choice, Draft, Move, Sheet, Situation
from hall.counter.ticket_sheets import Subject, find_subject, is_offered
from hall.counter.words import minutes, note_words, park_reason, service_name

_REMINDERS_MIN = (10, 20, 30, 60)


def draft_sheet(draft: Draft, at: Situation) -> Sheet | None:
    """Return the sheet of a move; None when its ticket has moved on, here or by others."""
    subject = find_subject(at, draft.ticket)
    if subject is None or not _is_possible(at, subject, draft):
        return None
    if draft.asks_note:
        return _notes(at, subject, draft)
    match draft.move:
        case Move.TRANSFER:
            return _transfer(at, subject, draft)
        case Move.PARK:
            return _reminders(at, subject, draft) if draft.reason else _reasons(at, subject, draft)
        case Move.RETURN:
            return _return(at, subject, draft)


def moving_choices(at: Situation, subject: Subject) -> list[Choice]:
    """Return what else can become of the current ticket than that it ends."""
    t, ticket = at.t, subject.ticket
    choices = []
    if at.may("transfer.then_back"):
        back = t("xong bên đó, số {0} về lại quầy này", subject.number)
        leads = Draft(Move.TRANSFER, ticket, then_back=True)
        choices.append(Choice(t("Còn việc ở lĩnh vực khác…"), back, leads))
    if at.may("park") and at.centre and at.centre.matters.park_reasons:
        note = t("chọn lý do và giờ nhắc")
        choices.append(Choice(t("Chờ, quay lại sau…"), note, Draft(Move.PARK, ticket)))
    if at.may("return_to_queue.place") and at.centre and at.centre.matters.notes:
        leads = Draft(Move.RETURN, ticket, asks_note=True)
        choices.append(Choice(t("Trả về hàng chờ, kèm lời nhắn…"), leads=leads))
    return choices


def _is_possible(at: Situation, subject: Subject, draft: Draft) -> bool:
    """Return whether a move can still be made: others may have been faster."""
    is_current = subject.ticket == at.current_id
    match draft.move:
        case Move.PARK:
            return is_current and at.may("park")
        case Move.RETURN:
            return is_offered(at, subject, "return_to_queue.place")
        case Move.TRANSFER if draft.then_back:
            return is_current and at.may("transfer.then_back")
        case Move.TRANSFER:
            return is_offered(at, subject, "transfer")


def _transfer(at: Situation, subject: Subject, draft: Draft) -> Sheet:
    """Return where a ticket can be sent: another service, or another open counter."""
    t = at.t
    choices = [*_way_back(at, draft), *_noting(at, draft)]
    choices.append(Choice(t("Sang lĩnh vực khác"), heading=True))
    for service in at.centre.services if at.centre else ():
        if service.code != subject.service:
            leads = _sent(at, draft, to_service=service.code)
            choices.append(Choice(service.name(at.lang), leads=leads))
    choices.append(Choice(t("Đến quầy khác"), heading=True))
    choices += _counters(at, draft)
    title = t("Chuyển số {0}", subject.number)
    note = t("Giữ nguyên số và chỗ trong hàng")
    if draft.then_back:
        note = t("Xong bên đó, số {0} về lại quầy {1}, đúng chỗ", subject.number, at.counter)
    return Sheet(title, tuple(choices), note=note, about=subject.ticket, columns=2)


def _sent(
    at: Situation, draft: Draft, *, to_service: str | None = None, to_counter: int | None = None
) -> Transfer:
    return Transfer(
        counter=at.counter,
        ticket=draft.ticket,
        to_service=to_service,
        to_counter=to_counter,
        then_back=draft.then_back,
        note=draft.note or None,
    )


def _way_back(at: Situation, draft: Draft) -> list[Choice]:
    """Return the press that has the person come back, or not."""
    t = at.t
    if draft.then_back:
        return [Choice(t("✓ Xong thì về lại quầy này"), leads=replace(draft, then_back=False))]
    if draft.ticket != at.current_id or not at.may("transfer.then_back"):
        return []
    return [Choice(t("Xong thì về lại quầy này"), leads=replace(draft, then_back=True))]


def _noting(at: Situation, draft: Draft) -> list[Choice]:
    """Return the press that leads to the notes, with the one that was chosen."""
    if at.centre is None or not at.centre.matters.notes:
        return []
    text = at.t("Kèm lời nhắn…")
    if draft.note:
        text = at.t("✓ Lời nhắn: {0}", note_words(at, draft.note))
    return [Choice(text, leads=replace(draft, asks_note=True))]


def _notes(at: Situation, subject: Subject, draft: Draft) -> Sheet:
    """Return the notes of the site's list; nothing is typed."""
    t = at.t
    done = replace(draft, asks_note=False)
    choices = [
        Choice(term.name(at.lang), leads=replace(done, note=term.id))
        for term in (at.centre.matters.notes if at.centre else ())
    ]
    choices.append(Choice(t("Không kèm lời nhắn"), leads=replace(done, note="")))
    title = t("Lời nhắn cho cán bộ tiếp theo")
    note = t("Hiện ở quầy gọi số {0} lần tới", subject.number)
    return Sheet(title, tuple(choices), note=note, about=subject.ticket)


def _reasons(at: Situation, subject: Subject, draft: Draft) -> Sheet:
    """Return why somebody waits and comes back."""
    choices = tuple(
        Choice(term.name(at.lang), leads=replace(draft, reason=term.id))
        for term in (at.centre.matters.park_reasons if at.centre else ())
    )
    title = at.t("Số {0} chờ, quay lại sau", subject.number)
    return Sheet(title, choices, note=at.t("Chọn lý do:"), about=subject.ticket)


def _reminders(at: Situation, subject: Subject, draft: Draft) -> Sheet:
    """Return when the counter is to be reminded."""
    t = at.t

    def parked(after_min: int | None) -> Park:
        return Park(
            counter=at.counter,
            ticket=draft.ticket,
            reason=draft.reason,
            remind_after_min=after_min,
            note=draft.note or None,
        )

    choices = [
        Choice(
            t("Sau {0}", minutes(count, t)),
            t("lúc {0}", at.clock(at.now + timedelta(minutes=count))),
            parked(count),
        )
        for count in _REMINDERS_MIN
    ]
    choices.append(Choice(t("Không nhắc"), leads=parked(None)))
    choices += _noting(at, draft)
    title = t("{0}: nhắc quầy khi nào?", park_reason(at, draft.reason))
    note = t("Số {0} quay lại bằng chính phiếu này", subject.number)
    return Sheet(title, tuple(choices), note=note, about=subject.ticket, columns=2)


def _return(at: Situation, subject: Subject, draft: Draft) -> Sheet:
    """Return the ways back into line, with the note."""
    t, note = at.t, draft.note or None
    choices = [
        Choice(
            t("Trả về chỗ cũ trong hàng chờ"),
            leads=ReturnToQueue(ticket=draft.ticket, to=ReturnTo.PLACE, note=note),
        ),
        Choice(
            t("Còn hồ sơ – xếp cuối hàng"),
            leads=ReturnToQueue(ticket=draft.ticket, to=ReturnTo.END, note=note),
        ),
        *_noting(at, draft),
    ]
    title = t("Trả số {0} về hàng chờ", subject.number)
    return Sheet(title, tuple(choices), about=subject.ticket)


def _counters(at: Situation, draft: Draft) -> list[Choice]:
    shut = {
        counter.counter
        for counter in (at.hall.board.counters if at.hall.board else ())
        if counter.status is CounterStatus.CLOSED
    }
    choices = []
    for counter in at.centre.counters if at.centre else ():
        number = counter.number
        text = at.t("Quầy {0}", number)
        if number == at.counter:
            continue
        if number in shut:
            choices.append(Choice(text, at.t("đang đóng")))
            continue
        names = [service_name(at, code) for code in counter.serves]
        leads = _sent(at, draft, to_counter=number)
        choices.append(Choice(text, " · ".join(names), leads))
    return choices
