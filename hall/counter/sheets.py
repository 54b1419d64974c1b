"""The sheets about the counter: what else, a pause, an outage, a number for someone, alarms."""

from datetime import datetime, timedelta

from bus.commands import (
    CloseCounter,
    EndOutage,
    IssuedTicket,
    IssueTicket,
    PauseCounter,
    ReportOutage,
)
from bus.vocabulary import TicketClass
from config.settings import Centre, Service
from hall.counter.alarms import banners, printers
from hall.counter.appointments import appointment_choices
from hall.counter.between import between_choices, colleague_sheet, messages_sheet
from hall.counter.current import present_buttons, roll_choices, rolls_of
from hall.counter.moves import draft_sheet, moving_choices
from hall.counter.situation import Choice, Draft, Menu, Move, Sheet, Situation
from hall.counter.ticket_sheets import (
    correcting_choices,
    find_subject,
    return_choices,
    settling_choices,
)
from hall.counter.visits import visit_choices
from hall.counter.words import minutes, minutes_since, service_name, within
from hall.words import Words

_PAUSES_MIN = (15, 30)
_QUARTER = timedelta(minutes=15)
_APPOINTMENTS_EACH_WAY = 4


def menu_sheet(menu: Menu, at: Situation) -> Sheet | None:  # noqa: C901, PLR0911 - one case each
    """Return the sheet that a menu button opens; None when there is nothing to choose."""
    match menu:
        case Menu.MORE:
            return _more(at)
        case Menu.PAUSE:
            return _pause(at)
        case Menu.OUTAGE:
            return _outage(at)
        case Menu.ISSUE:
            return _issue(at)
        case Menu.NUMBER:
            return _number(at)
        case Menu.PAPER:
            return _paper(at)
        case Menu.ALARMS:
            return _alarms(at)
        case Menu.COLLEAGUE:
            return colleague_sheet(at)
        case Menu.MESSAGES:
            return messages_sheet(at)
        case Menu.TRANSFER:
            return draft_sheet(Draft(Move.TRANSFER, at.current_id or ""), at)


def issued_sheet(at: Situation, issued: IssuedTicket) -> Sheet:
    """Return the number that a person was given, in full size."""
    note = at.t("{0} · {1} người phía trước", service_name(at, issued.service), issued.ahead)
    return Sheet(at.t("Số mới"), figure=issued.number, note=note)


def pause_ends(
    centre: Centre, now: datetime, t: Words
) -> tuple[tuple[str, str, datetime | None], ...]:
    """Return the ends of a pause as text, note and instant; the last is not known."""
    minute = now.replace(second=0, microsecond=0)
    zone = centre.identity.zone
    ends: list[tuple[str, str, datetime | None]] = []
    for count in _PAUSES_MIN:
        end = minute + timedelta(minutes=count)
        clock = f"{end.astimezone(zone):%H:%M}"
        ends.append((minutes(count, t), t("đến {0}", clock), end))
    opening = _next_opening(centre, now)
    if opening is not None:
        clock = f"{opening.astimezone(zone):%H:%M}"
        ends.append((t("Đến {0}", clock), t("giờ làm việc tiếp theo"), opening))
    ends.append((t("Chưa biết"), "", None))
    return tuple(ends)


def appointment_times(now: datetime) -> tuple[datetime, ...]:
    """Return the quarters of an hour around `now`."""
    past = timedelta(minutes=now.minute % 15, seconds=now.second, microseconds=now.microsecond)
    steps = range(-_APPOINTMENTS_EACH_WAY, _APPOINTMENTS_EACH_WAY + 1)
    return tuple(now - past + step * _QUARTER for step in steps)


def _more(at: Situation) -> Sheet:
    """Return everything that has no button of its own."""
    t = at.t
    choices: list[Choice] = []
    subject = find_subject(at, at.current_id or "")
    if subject:
        choices.append(Choice(t("Số {0}", subject.number), heading=True))
        choices += settling_choices(at)
        choices += moving_choices(at, subject)
        choices += return_choices(at, subject)
        choices += correcting_choices(at, subject)
        choices += _outcomes(at)
    choices.append(Choice(t("Quầy {0}", at.counter), heading=True))
    if at.may("call_ticket"):
        choices.append(Choice(t("Gọi một số…"), leads=Menu.NUMBER))
    choices += roll_choices(at)
    if at.may("adopt_ticket"):
        choices.append(Choice(t("Nhận lại số trên phiếu…"), leads=Menu.PAPER))
    if at.may("issue_ticket"):
        choices.append(Choice(t("Lấy số cho người dân…"), leads=Menu.ISSUE))
    choices += appointment_choices(at)
    choices += visit_choices(at)
    choices += between_choices(at)
    if at.may("pause_counter") and at.may("open_counter"):
        choices.append(Choice(t("Đổi giờ quay lại…"), leads=Menu.PAUSE))
    if at.may("close_counter"):
        choices.append(Choice(t("Đóng quầy"), leads=CloseCounter(counter=at.counter)))
    return Sheet(t("Thao tác khác"), tuple(choices), about=at.current_id, columns=2)


def _outcomes(at: Situation) -> list[Choice]:
    """Return the outcomes once more: a low window has no room for them beside an alarm."""
    choices = [choice for choice in present_buttons(at).outcomes if choice.enabled]
    return [Choice(at.t("Xong, ghi kết quả:"), heading=True), *choices] if choices else []


def _pause(at: Situation) -> Sheet | None:
    """Return the reasons of a pause; each leads to how long."""
    if at.centre is None:
        return None
    t = at.t
    choices = []
    for reason in at.centre.wording.pause_reasons:
        text = reason(at.lang)
        ends = tuple(
            Choice(label, note, PauseCounter(counter=at.counter, reason=reason.vi, until=end))
            for label, note, end in pause_ends(at.centre, at.now, t)
        )
        choices.append(Choice(text, leads=Sheet(t("{0}: đến khi nào?", text), ends, columns=2)))
    note = t("Bảng gọi số báo cho người chờ biết")
    return Sheet(t("Lý do tạm nghỉ"), tuple(choices), note=note)


def _outage(at: Situation) -> Sheet | None:
    """Return the systems whose trouble can be recorded, or ended."""
    if at.centre is None or at.state is None:
        return None
    t = at.t
    down = {outage.system: outage for outage in at.state.outages}
    choices = []
    for system in at.centre.wording.systems:
        outage = down.get(system.vi)
        if outage is None:
            begin = ReportOutage(system=system.vi) if at.may("report_outage") else None
            choices.append(Choice(system(at.lang), t("ghi nhận đang chậm"), begin))
        else:
            since = minutes(minutes_since(outage.since, at.now), t)
            end = EndOutage(system=system.vi) if at.may("end_outage") else None
            choices.append(Choice(system(at.lang), t("đã tốt lại · chậm {0}", since), end))
    note = t("Vẫn gọi số bình thường; số phút được ghi lại để báo cáo")
    return Sheet(t("Báo hệ thống chậm"), tuple(choices), note=note)


def _issue(at: Situation) -> Sheet:
    """Return how to take a number for a person who has none."""
    services = at.centre.services if at.centre else ()
    choices = tuple(
        Choice(service.name(at.lang), leads=_class_of_new(at, service))
        for service in services
        if not service.has_roll
    )
    return Sheet(at.t("Lấy số cho người dân"), choices, columns=2)


def _number(at: Situation) -> Sheet:
    """Return the sheet in which a number is typed, one that only a kiosk's paper knows too."""
    t = at.t
    ranges = ", ".join(
        f"{entry.first}–{entry.last}" for entry in (at.state.offline if at.state else ())
    )
    notes = [t("Cả số in lúc mất liên lạc: {0}", ranges)] if ranges else []
    if rolls_of(at):
        notes.append(t("Số ở cuộn giấy thì chỉ cần nhập số trên mảnh giấy."))
    note = " ".join(notes)
    return Sheet(t("Gọi một số"), note=note, asks_number=True)


def _paper(at: Situation) -> Sheet:
    """Return the sheet in which a paper is typed whose number was lost with the store."""
    t = at.t
    note = t(
        "Sổ ghi vừa được phục hồi nên chưa biết một số phiếu đã phát. Nhập số và giờ “Lấy số lúc” "
        "trên phiếu: người dân được xếp lại đúng chỗ."
    )
    return Sheet(t("Nhận lại số trên phiếu"), note=note, asks_number=True, asks_time=True)


def _alarms(at: Situation) -> Sheet:
    """Return every alarm with its action."""
    choices: list[Choice] = []
    for banner in banners(at):
        choices.append(Choice(banner.text, heading=True))
        if banner.choice.text:
            choices.append(banner.choice)
    return Sheet(at.t("Việc cần để ý"), tuple(choices))


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
            at.clock(time),
            leads=Sheet(
                service.name(at.lang), _paper_of_new(at, service, TicketClass.APPOINTMENT, time)
            ),
        )
        for time in appointment_times(at.now)
    )
    return Sheet(at.t("Giờ hẹn"), choices, columns=3)


def _paper_of_new(
    at: Situation, service: Service, ticket_class: TicketClass, time: datetime | None = None
) -> tuple[Choice, ...]:
    t = at.t
    places: list[tuple[str | None, str]] = [
        (device, t("In phiếu ở {0}", within(place))) for device, place in printers(at)
    ]
    places.append((None, t("Không in, đọc số cho người dân")))
    return tuple(
        Choice(
            text,
            leads=IssueTicket(
                service=service.code,
                ticket_class=ticket_class,
                print_on=device,
                appointment_at=time,
            ),
        )
        for device, text in places
    )


def _next_opening(centre: Centre, now: datetime) -> datetime | None:
    """Return when the hall opens again today, if it does."""
    local = now.astimezone(centre.identity.zone)
    for window in centre.hours.on(local.date()):
        if window.begin > local.time():
            opening = local.replace(
                hour=window.begin.hour, minute=window.begin.minute, second=0, microsecond=0
            )
            return opening.astimezone(now.tzinfo)
    return None
