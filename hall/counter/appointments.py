"""The sheets of appointments: made for whoever is here or calls, found by code, moved, ended."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from bus.codec import MessageError
from bus.commands import (
    AppointmentRefusal,
    AppointmentResult,
    BookAppointment,
    CancelAppointment,
    CheckIn,
    Command,
    DayAppointments,
    DaySlots,
    FindAppointment,
    ListAppointments,
    ListedAppointment,
    ListSlots,
    MoveAppointment,
    PrintAppointment,
    Reply,
    Slot,
    result_of,
)
from bus.vocabulary import AppointmentState, Language, WhyNoAppointment
from config.settings import Service
from hall.citizen.phrases import Phrase, phrase_words
from hall.counter.alarms import printers
from hall.counter.situation import Booking, Choice, Sheet, Situation
from hall.counter.words import service_name, within
from hall.slip import appointment_slip
from hall.words import N_, Words

NO_CODE = N_("Mã có 6 chữ và số. Xin nhập lại.")
Question = ListAppointments | ListSlots | FindAppointment
Change = BookAppointment | MoveAppointment
_WHY: Mapping[WhyNoAppointment, str] = {
    WhyNoAppointment.WRONG_CODE: N_("Không có lịch hẹn nào với mã này. Xin đọc lại từng chữ."),
    WhyNoAppointment.CANCELLED: N_("Lịch hẹn này đã được hủy."),
    WhyNoAppointment.PAST: N_("Lịch hẹn này đã qua ngày."),
    WhyNoAppointment.OTHER_DAY: N_("Lịch hẹn này là của ngày khác: {at}."),
    WhyNoAppointment.EARLY: N_("Còn sớm: số của lịch hẹn này được lấy từ {opens}."),
    WhyNoAppointment.LATE: N_("Đã quá giờ hẹn {at}. Xin lấy số thường cho người này."),
    WhyNoAppointment.USED: N_("Lịch hẹn này đã được lấy số {number}."),
    WhyNoAppointment.TRIES: N_("Đã nhập sai mã nhiều lần. Xin đợi một phút rồi nhập lại."),
    WhyNoAppointment.NO_SLOT: N_("Khung giờ này không còn được đặt. Xin chọn giờ khác."),
    WhyNoAppointment.SLOT_PAST: N_("Khung giờ này đã qua. Xin chọn giờ khác."),
    WhyNoAppointment.SLOT_FULL: N_("Khung giờ này vừa hết chỗ. Xin chọn giờ khác."),
    WhyNoAppointment.TOO_MANY: N_("Đã có quá nhiều lịch hẹn, chưa đặt thêm được."),
}
_STATES = {
    AppointmentState.BOOKED: N_("Đã đặt"),
    AppointmentState.CAME: N_("Đã đến"),
    AppointmentState.MISSED: N_("Không đến"),
    AppointmentState.CANCELLED: N_("Đã hủy"),
}


def appointment_choices(at: Situation) -> list[Choice]:
    """Return the way to the appointments, where the service takes any."""
    if at.may("book_appointment") or at.may("cancel_appointment"):
        return [Choice(at.t("Lịch hẹn…"), leads=ListAppointments(counter=at.counter))]
    return []


def booking_sheet(booking: Booking, at: Situation) -> Sheet | None:
    """Return what is to be chosen next for an appointment: its service, then its day."""
    services = [one for one in (at.centre.services if at.centre else ()) if one.makes_appointments]
    chosen = next((one for one in services if one.code == booking.service), None)
    if chosen is None and len(services) == 1:
        chosen = services[0]
    if chosen is not None:
        return _days(booking, chosen, at)
    choices = tuple(
        Choice(one.name(at.lang), leads=Booking(one.code, moving=booking.moving))
        for one in services
    )
    return Sheet(at.t("Đặt hẹn: chọn lĩnh vực"), choices, columns=2) if choices else None


def answer_sheet(
    command: Question | Change, reply: Reply, at: Situation, booking: Booking
) -> Sheet:
    """Return what the service's answer shows; raises MessageError for one of another shape."""
    match command:
        case ListAppointments():
            return _today(result_of(reply, DayAppointments), at)
        case ListSlots():
            return _slots(result_of(reply, DaySlots), at, booking)
        case FindAppointment():
            return _card(result_of(reply, AppointmentResult), at, at.t("Lịch hẹn"))
        case BookAppointment():
            title = at.t("Đã đặt hẹn. Xin đọc mã cho người dân")
            return _card(result_of(reply, AppointmentResult), at, title)
        case MoveAppointment():
            title = at.t("Đã đổi giờ. Mã hẹn giữ nguyên")
            return _card(result_of(reply, AppointmentResult), at, title)


def done_words(command: Command, t: Words) -> str:
    """Return what to say of something that was done with an appointment; empty for nothing."""
    if isinstance(command, CancelAppointment):
        return t("Đã hủy lịch hẹn. Chỗ này đặt lại được.")
    if isinstance(command, PrintAppointment):
        return t("Đã gửi phiếu hẹn đến máy in.")
    return ""


def refusal_words(reply: Reply, at: Situation) -> str:
    """Return why nothing was done with an appointment; empty where the reply does not say."""
    try:
        told = result_of(reply, AppointmentRefusal)
    except MessageError:
        return ""
    text = _WHY.get(told.why)
    if text is None:
        return ""
    return at.t(
        text,
        at=_when(told.at, at) if told.at else "",
        opens=at.clock(told.opens_at) if told.opens_at else "",
        number=told.number or "",
    )


def aloud(code: str, t: Words) -> str:
    """Return a code as it is read out, letter by letter."""
    said = [
        letter if letter.isdigit() else phrase_words(Phrase(f"letter_{letter.lower()}"), t)
        for letter in code
    ]
    half = len(said) // 2
    return f"{', '.join(said[:half])} – {', '.join(said[half:])}"


def _days(booking: Booking, service: Service, at: Situation) -> Sheet:
    """Return the days on which a service appoints people."""
    t, zone = at.t, at.hall.zone
    today = at.now.astimezone(zone).date()
    days = [today + timedelta(days=n) for n in range(service.appointment_days_ahead + 1)]
    hours = at.centre.hours if at.centre else None
    notes = {today: t("hôm nay"), today + timedelta(days=1): t("ngày mai")}
    choices = tuple(
        Choice(
            f"{t.weekdays[day.weekday()]}, {day:%d/%m}",
            notes.get(day, ""),
            Booking(service.code, day.isoformat(), booking.moving),
        )
        for day in days
        if hours is None or hours.always_open or hours.on(day)
    )
    title = t("{0}: chọn ngày", service.name(at.lang))
    note = t("Xin chọn ngày và giờ mới. Mã hẹn giữ nguyên.") if booking.moving else ""
    return Sheet(title, choices, note=note, columns=3)


def _slots(found: DaySlots, at: Situation, booking: Booking) -> Sheet:
    """Return the slots of a day; a full one cannot be pressed."""
    t = at.t
    choices = [Choice(at.clock(slot.at), _seats(slot, t), _booked(slot, found.service, at, booking))
               for slot in found.slots]  # fmt: skip
    choices.append(Choice(t("Ngày khác…"), leads=Booking(found.service, moving=booking.moving)))
    day = date.fromisoformat(found.day)
    title = f"{service_name(at, found.service)} · {t.weekdays[day.weekday()]}, {day:%d/%m/%Y}"
    note = "" if found.slots else t("Ngày này không còn khung giờ nào để đặt.")
    return Sheet(title, tuple(choices), note=note, columns=3)


def _seats(slot: Slot, t: Words) -> str:
    if not slot.free:
        return t("hết chỗ")
    return t("còn {free}/{seats} chỗ", free=slot.free, seats=slot.seats)


def _booked(slot: Slot, service: str, at: Situation, booking: Booking) -> Change | None:
    if not slot.free:
        return None
    if booking.moving:
        move = MoveAppointment(appointment=booking.moving, at=slot.at, service=service)
        return move if at.may("move_appointment") else None
    return BookAppointment(service=service, at=slot.at) if at.may("book_appointment") else None


def _card(found: AppointmentResult, at: Situation, title: str) -> Sheet:
    """Return an appointment with its code in full size, and what can become of it."""
    t, code = at.t, found.code.upper()
    slip = (
        appointment_slip(at.centre, found.service, found.at, code, at.lang) if at.centre else None
    )
    state = "" if found.state is AppointmentState.BOOKED else _state(found.state, found.ticket, t)
    facts = (service_name(at, found.service), _when(found.at, at), state)
    note = "\n".join((" · ".join(filter(None, facts)), t("Đọc từng chữ: {0}", aloud(code, t))))
    choices: list[Choice] = []
    if found.state is AppointmentState.BOOKED:
        day, today = (moment.astimezone(at.hall.zone).date() for moment in (found.at, at.now))
        if day == today and at.may("issue_ticket"):
            choices.append(Choice(t("Người này đã đến: lấy số"), leads=CheckIn(code=code)))
        choices += _acts(found.appointment, found.service, at)
    figure = slip.code if slip else code
    return Sheet(title, tuple(choices), figure=figure, note=note, columns=2, slip=slip)


def _acts(appointment: str, service: str, at: Situation) -> list[Choice]:
    """Return what can become of an open appointment."""
    t, choices = at.t, []
    if at.may("print_appointment"):
        choices += [
            Choice(
                t("In phiếu hẹn ở {0}", within(place)),
                leads=PrintAppointment(
                    appointment=appointment, print_on=device, lang=Language(at.lang)
                ),
            )
            for device, place in printers(at)
        ]
    if at.may("move_appointment"):
        choices.append(Choice(t("Đổi giờ…"), leads=Booking(service, moving=appointment)))
    if at.may("cancel_appointment"):
        sure = Choice(t("Hủy lịch hẹn này"), leads=CancelAppointment(appointment=appointment))
        note = t("Chỗ này sẽ được trả lại cho người khác.")
        ask = Sheet(t("Hủy lịch hẹn?"), (sure,), note=note)
        choices.append(Choice(t("Hủy lịch hẹn…"), leads=ask))
    return choices


def _today(found: DayAppointments, at: Situation) -> Sheet:
    """Return who is expected today, and the ways to other appointments."""
    t, choices = at.t, []
    if at.may("book_appointment"):
        choices.append(Choice(t("Đặt hẹn cho người dân…"), leads=Booking()))
    find = Sheet(
        t("Tìm theo mã hẹn"), note=t("Mã có 6 chữ và số, in trên phiếu hẹn."), asks_code=True
    )
    choices.append(Choice(t("Tìm theo mã…"), leads=find))
    if found.appointments:
        heading = t("Hôm nay, ở lĩnh vực của quầy: {0} lịch hẹn", found.total)
        choices.append(Choice(heading, heading=True))
        choices += [_line(entry, at) for entry in found.appointments]
    note = "" if found.appointments else t("Hôm nay chưa có lịch hẹn ở lĩnh vực của quầy.")
    return Sheet(t("Lịch hẹn"), tuple(choices), note=note, columns=2)


def _line(entry: ListedAppointment, at: Situation) -> Choice:
    name = f"{at.clock(entry.at)} · {service_name(at, entry.service)}"
    if entry.state is not AppointmentState.BOOKED:
        state = AppointmentState.CAME if not entry.late else None
        return Choice(name, _state(state, entry.ticket, at.t))
    choices = tuple(_acts(entry.appointment, entry.service, at))
    return Choice(name, at.t("Đã đặt"), Sheet(name, choices) if choices else None)


def _state(state: AppointmentState | None, number: str | None, t: Words) -> str:
    """Return how an appointment stands; None is for who came late."""
    said = t("Đến muộn") if state is None else t(_STATES[state])
    return f"{said} · {number}" if number else said


def _when(moment: datetime, at: Situation) -> str:
    zone = at.hall.zone
    return f"{at.t.time(moment, zone)}, {at.t.date(moment, zone)}"
