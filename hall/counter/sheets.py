"""The sheets about the counter: what else, a pause, an outage, a number for someone."""

from datetime import datetime

from bus.commands import IssuedTicket
from bus.vocabulary import TicketClass
from config.settings import Service
from hall.counter import intents
from hall.counter.actions import Action
from hall.counter.choices import Choice, Menu, Sheet
from hall.counter.situation import Situation
from hall.counter.ticket_sheets import (
    correcting_choices,
    find_subject,
    printers,
    return_choices,
    settling_choices,
    transfer_sheet,
)
from hall.counter.times import appointment_times, pause_ends
from hall.counter.words import minutes, minutes_since, service_name, translate


def menu_sheet(menu: Menu, at: Situation) -> Sheet | None:
    """Return the sheet that a menu button opens; None when there is nothing to choose."""
    match menu:
        case Menu.MORE:
            return more_sheet(at)
        case Menu.PAUSE:
            return pause_sheet(at)
        case Menu.OUTAGE:
            return outage_sheet(at)
        case Menu.TRANSFER:
            subject = find_subject(at, at.current_id or "")
            return transfer_sheet(at, subject) if subject else None


def more_sheet(at: Situation) -> Sheet:
    """Return everything that has no button of its own."""
    choices: list[Choice] = []
    subject = find_subject(at, at.current_id or "")
    if subject:
        title = translate("panel", "Số {0}").format(subject.number)
        choices.append(Choice(title, heading=True))
        choices += settling_choices(at, subject)
        choices += return_choices(at, subject)
        choices += correcting_choices(at, subject)
    choices.append(Choice(translate("panel", "Quầy {0}").format(at.counter), heading=True))
    choices += _counter_choices(at)
    return Sheet(translate("panel", "Việc khác"), tuple(choices), about=at.current_id, columns=2)


def pause_sheet(at: Situation) -> Sheet | None:
    """Return the reasons of a pause; each leads to how long."""
    if at.centre is None:
        return None
    choices = []
    for reason in at.centre.wording.pause_reasons:
        text = reason(at.lang)
        ends = tuple(
            Choice(label, note, intents.pause_counter(at.counter, reason.vi, end))
            for label, note, end in pause_ends(at.centre, at.now)
        )
        title = translate("panel", "{0}: đến khi nào?").format(text)
        choices.append(Choice(text, leads=Sheet(title, ends, columns=2)))
    note = translate("panel", "Bảng gọi số báo cho người chờ biết")
    return Sheet(translate("panel", "Tạm nghỉ vì"), tuple(choices), note=note)


def outage_sheet(at: Situation) -> Sheet | None:
    """Return the systems whose trouble can be recorded, or ended."""
    if at.centre is None or at.state is None:
        return None
    down = {outage.system: outage for outage in at.state.outages}
    choices = []
    for system in at.centre.wording.systems:
        outage = down.get(system.vi)
        if outage is None:
            note = translate("panel", "ghi nhận đang chậm")
            choices.append(Choice(system(at.lang), note, intents.report_outage(system.vi)))
        else:
            since = minutes(minutes_since(outage.since, at.now))
            note = translate("panel", "đã tốt lại · chậm {0}").format(since)
            choices.append(Choice(system(at.lang), note, intents.end_outage(system.vi)))
    note = translate("panel", "Vẫn gọi số bình thường; số phút được ghi lại để báo cáo")
    return Sheet(translate("panel", "Hệ thống chậm"), tuple(choices), note=note)


def issue_sheet(at: Situation) -> Sheet:
    """Return how to take a number for a person who has none."""
    services = at.centre.services if at.centre else ()
    choices = tuple(
        Choice(service.name(at.lang), leads=_class_of_new(at, service)) for service in services
    )
    return Sheet(translate("panel", "Lấy số cho người dân"), choices, columns=2)


def number_sheet() -> Sheet:
    """Return the sheet in which a number is typed."""
    return Sheet(translate("panel", "Gọi một số"), asks_number=True)


def issued_sheet(at: Situation, issued: IssuedTicket) -> Sheet:
    """Return the number that a person was given, in full size."""
    name = service_name(at.centre, issued.service, at.lang)
    note = translate("panel", "{0} · {1} người phía trước").format(name, issued.ahead)
    return Sheet(translate("panel", "Số mới"), figure=issued.number, note=note)


def _counter_choices(at: Situation) -> list[Choice]:
    free = at.free()
    choices = []
    if Action.CALL in free:
        choices.append(Choice(translate("panel", "Gọi một số…"), leads=number_sheet()))
    if Action.ISSUE in free:
        text = translate("panel", "Lấy số cho người dân…")
        choices.append(Choice(text, leads=issue_sheet(at)))
    if {Action.PAUSE, Action.OPEN} <= free:
        choices.append(Choice(translate("panel", "Đổi giờ quay lại…"), leads=Menu.PAUSE))
    if Action.CLOSE in free:
        leads = intents.close_counter(at.counter)
        choices.append(Choice(translate("panel", "Đóng quầy"), leads=leads))
    return choices


def _class_of_new(at: Situation, service: Service) -> Sheet:
    classes = at.centre.classes if at.centre else None
    choices = []
    for each in TicketClass:
        sheet = (
            _time_of_appointment(at, service)
            if each is TicketClass.APPOINTMENT
            else Sheet(service.name(at.lang), _paper_of_new(at, service, each))
        )
        name = classes[each.value].name(at.lang) if classes else each.value
        choices.append(Choice(name, leads=sheet))
    return Sheet(service.name(at.lang), tuple(choices))


def _time_of_appointment(at: Situation, service: Service) -> Sheet:
    choices = tuple(
        Choice(
            f"{time.astimezone(at.zone):%H:%M}",
            leads=Sheet(
                service.name(at.lang), _paper_of_new(at, service, TicketClass.APPOINTMENT, time)
            ),
        )
        for time in appointment_times(at.now)
    )
    return Sheet(translate("panel", "Giờ hẹn"), choices, columns=3)


def _paper_of_new(
    at: Situation, service: Service, ticket_class: TicketClass, time: datetime | None = None
) -> tuple[Choice, ...]:
    places: list[tuple[str | None, str]] = [
        (device, translate("panel", "In phiếu ở {0}").format(place))
        for device, place in printers(at)
    ]
    places.append((None, translate("panel", "Không in, đọc số cho người dân")))
    return tuple(
        Choice(text, leads=intents.issue_ticket(service.code, ticket_class, device, time))
        for device, text in places
    )
