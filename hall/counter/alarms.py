"""What staff should know or do: the alarms with their actions, and how the devices are."""

from dataclasses import dataclass

from bus.commands import (
    AnswerHelp,
    CallTicket,
    ConfirmDay,
    OpenCounter,
    PostponeReminder,
    ReprintTicket,
    ReturnToQueue,
)
from bus.health import KeypadHealth, KioskHealth, health_as
from bus.states import Alarm, DeviceStatus
from bus.vocabulary import AlarmKind, ReturnTo
from config.settings import Role
from hall.counter.between import (
    RING_AGAIN,
    calling_banner,
    last_sound,
    message_banner,
    own_call_banner,
    times_rung,
    unread,
)
from hall.counter.current import recall
from hall.counter.situation import NO_CHOICE, Banner, Choice, Menu, Sheet, Situation
from hall.counter.visits import visit_banners
from hall.counter.words import (
    device_place,
    minutes,
    park_reason,
    printer_words,
    service_name,
    within,
)

_URGENCY = (
    AlarmKind.HELP,
    AlarmKind.STORE,
    AlarmKind.DAY_TO_CONFIRM,
    AlarmKind.COLLEAGUE,
    AlarmKind.UNANNOUNCED,
    AlarmKind.REMINDER,
    AlarmKind.NUMBER_REFUSED,
    AlarmKind.PAPER_LOST,
    AlarmKind.NOBODY_SERVES,
    AlarmKind.PRINTER,
    AlarmKind.BOARD_BEHIND,
    AlarmKind.DEVICE_OFFLINE,
    AlarmKind.SIGN,
    AlarmKind.OTHER,
)
_NAMED = 2
"""As many devices are named in a line; of more it says what kind they are."""
_PUT_OFF_MIN = (5, 15, 30)
_KEYPAD_LOST = frozenset({"offline", "silent", "shared"})


@dataclass(frozen=True, slots=True)
class Health:
    """A line, and whether it is good news."""

    text: str
    good: bool


def alarm_banner(at: Situation) -> Banner:
    """Return the most urgent alarm."""
    found = banners(at)
    if not found:
        return Banner()
    if len(found) == 1:
        return found[0]
    others = Choice(at.t("+{0} việc", len(found) - 1), leads=Menu.ALARMS)
    return Banner(found[0].text, found[0].choice, found[0].rings, others)


def banners(at: Situation) -> list[Banner]:
    """Return every alarm, the most urgent first, and the numbers that only paper knows."""
    cut_off = {entry.kiosk for entry in at.state.offline} if at.state else set()
    alarms = [
        alarm
        for alarm in (at.state.alarms if at.state else ())
        if not (alarm.kind is AlarmKind.DEVICE_OFFLINE and alarm.source in cut_off)
    ]
    found = [(_URGENCY.index(alarm.kind), alarm.at, _banner(at, alarm)) for alarm in alarms]
    rank = _URGENCY.index(AlarmKind.COLLEAGUE)
    if at.state and (call := at.state.staff_call):
        found.append((rank, call.since, own_call_banner(at, call)))
    found += [(rank, message.at, message_banner(at, message)) for message in unread(at)]
    found += [(rank, since, banner) for since, banner in visit_banners(at)]
    found.sort(key=lambda each: each[:2])
    return [banner for _, _, banner in found] + _offline(at)


def sounds(at: Situation) -> str:
    """Return when there was last something to hear, as text that grows; empty for nothing.

    A person who waits for help, or a counter that calls, is heard again until somebody goes.
    """
    called = [
        alarm.at + times_rung(alarm.at, at.now) * RING_AGAIN
        for alarm in (at.state.alarms if at.state else ())
        if alarm.kind in (AlarmKind.HELP, AlarmKind.COLLEAGUE)
    ]
    alarms = at.state.alarms if at.state else ()
    reminded = [alarm.at for alarm in alarms if alarm.kind is AlarmKind.REMINDER]
    moment = last_sound(at)
    heard = [*called, *reminded, *([moment] if moment else [])]
    return max(heard).isoformat() if heard else ""


def health_of(at: Situation) -> Health:
    """Return the first trouble, or that the keypad, or else the link, is well.

    Devices that did not announce a call stay named here until they announce again.
    """
    t = at.t
    if not at.live:
        return Health(t("Kết nối: mất"), good=False)
    for alarm in at.state.alarms if at.state else ():
        if alarm.kind is AlarmKind.UNANNOUNCED:
            return Health(t("{0} không phản hồi", _silent_devices(at, alarm)), good=False)
    keypads = _heard(at, Role.KEYPAD)
    if any(_is_lost(at.hall.devices[device], at.counter) for device in keypads):
        return Health(t("Bàn phím: mất kết nối"), good=False)
    trouble = _kiosk_trouble(at)
    if trouble:
        return Health(trouble, good=False)
    if any(_own_keypads(at.hall.devices[device], at.counter) != [] for device in keypads):
        return Health(t("Bàn phím: tốt"), good=True)
    return Health(t("Kết nối: tốt"), good=True)


def _banner(at: Situation, alarm: Alarm) -> Banner:  # noqa: C901, PLR0911 - one case each
    t, place = at.t, device_place(at, alarm.source)
    match alarm.kind:
        case AlarmKind.HELP:
            leads = None
            if at.may("answer_help"):
                leads = AnswerHelp(counter=at.counter, place=alarm.source)
            times = times_rung(alarm.at, at.now)
            return Banner(
                t("Có người cần giúp ở {0}", within(place)),
                Choice(t("Tôi đến giúp"), leads=leads),
                rings=f"{alarm.source} {alarm.at.isoformat()} {times}",
            )
        case AlarmKind.COLLEAGUE:
            return calling_banner(at, alarm)
        case AlarmKind.UNANNOUNCED:
            return _unannounced(at, alarm)
        case AlarmKind.REMINDER:
            return _reminder(at, alarm)
        case AlarmKind.STORE:
            return Banner(t("Không ghi được dữ liệu, chưa cấp số và gọi số. Xin báo kỹ thuật"))
        case AlarmKind.DAY_TO_CONFIRM:
            return _day_to_confirm(at, alarm)
        case AlarmKind.NOBODY_SERVES:
            return _nobody_serves(at, alarm)
        case AlarmKind.NUMBER_REFUSED:
            text = t(
                "Số {0} in lúc mất liên lạc chưa vào hàng chờ: xin hỏi ai có số này", alarm.source
            )
            sheet = _paper_sheet(at, alarm.source) if at.may("call_ticket") else None
            return Banner(text, Choice(t("Gọi số…"), leads=sheet))
        case AlarmKind.PAPER_LOST:
            return _paper_lost(at, alarm)
        case _:
            return Banner(_device_trouble(at, alarm, place))


def _reminder(at: Situation, alarm: Alarm) -> Banner:
    """Say who waits for a signature longer than was meant; call them, or put it off."""
    t = at.t
    reason = park_reason(at, alarm.detail) or t("chờ ký")
    text = t("Đã đến giờ nhắc: số {0} – {1}", alarm.source, within(reason))
    rings = f"{alarm.ticket} {alarm.at.isoformat()}"
    if alarm.ticket is None:
        return Banner(text, rings=rings)
    choices = []
    if at.may("call_ticket"):
        call = CallTicket(counter=at.counter, current=at.current_id, ticket=alarm.ticket)
        note = t("số {0} tính là xong", at.current.number) if at.current else ""
        choices.append(Choice(t("Gọi số này"), note, call))
    if at.current is not None and at.may("return_to_queue.place"):
        back = ReturnToQueue(ticket=alarm.ticket, to=ReturnTo.PLACE)
        choices.append(Choice(t("Gọi kế tiếp"), leads=back))
    if at.may("postpone_reminder"):
        choices += [
            Choice(
                t("Để sau {0}", minutes(count, t)),
                leads=PostponeReminder(
                    counter=at.counter, ticket=alarm.ticket, remind_after_min=count
                ),
            )
            for count in _PUT_OFF_MIN
        ]
    sheet = Sheet(text, tuple(choices), about=alarm.ticket)
    return Banner(text, Choice(t("Gọi, để sau…"), leads=sheet if choices else None), rings=rings)


def _nobody_serves(at: Situation, alarm: Alarm) -> Banner:
    """Say for whom nobody is there; who could serve them may open."""
    t, code = at.t, alarm.detail or ""
    counters = at.centre.counters if at.centre else ()
    ours = any(code in counter.serves for counter in counters if counter.number == at.counter)
    choice = NO_CHOICE
    if ours and at.may("open_counter"):
        choice = Choice(t("Mở quầy"), leads=OpenCounter(counter=at.counter))
    text = t("Có người chờ, chưa quầy nào mở")
    return Banner(f"{text} · {service_name(at, code)}" if code else text, choice)


def _paper_sheet(at: Situation, number: str) -> Sheet:
    """Return how to call a number that only paper knows."""
    t = at.t
    note = t("số {0} tính là xong", at.current.number) if at.current else ""
    call = CallTicket(counter=at.counter, current=at.current_id, number=number)
    return Sheet(t("Số {0}", number), (Choice(t("Gọi số này"), note, call),))


def _day_to_confirm(at: Situation, alarm: Alarm) -> Banner:
    day = alarm.detail or alarm.source
    year, _, month_day = day.partition("-")
    month, _, date = month_day.partition("-")
    text = at.t("Đồng hồ máy chủ nhảy xa: hôm nay có phải {0}/{1}/{2}?", date, month, year)
    leads = ConfirmDay(business_day=day) if at.may("confirm_day") else None
    return Banner(text, Choice(at.t("Đúng ngày này"), leads=leads))


def _paper_lost(at: Situation, alarm: Alarm) -> Banner:
    """Say whose paper never came out; the copy is printed where the person stands."""
    t = at.t
    text = t("Phiếu của số {0} chưa in được. Xin in lại hoặc báo số cho người dân", alarm.source)
    state = at.state
    listed = (*state.waiting, *state.parked, *state.absent) if state else ()
    ticket = next((row.ticket for row in listed if row.number == alarm.source), None)
    if ticket is None or alarm.detail is None:
        return Banner(text)
    copy = ReprintTicket(ticket=ticket, print_on=alarm.detail)
    leads = copy if at.may("reprint_ticket") else None
    return Banner(text, Choice(t("In lại phiếu"), leads=leads))


def _device_trouble(at: Situation, alarm: Alarm, place: str) -> str:
    t = at.t
    match alarm.kind:
        case AlarmKind.PRINTER:
            return f"{place}: {printer_words(alarm.detail, t)}"
        case AlarmKind.SIGN:
            return t("Bảng LED quầy {0} không sáng số, kiểm tra nguồn và dây", alarm.detail)
        case AlarmKind.BOARD_BEHIND:
            return t("{0} đang hiện số cũ, xin tắt rồi bật lại", place)
        case AlarmKind.DEVICE_OFFLINE:
            return t("{0} mất kết nối, xin kiểm tra nguồn và dây mạng", place)
        case _:
            return t("Cần kiểm tra: {0}", place)


def _unannounced(at: Situation, alarm: Alarm) -> Banner:
    """Say that the counter's number has to be called out, or later that devices need a look."""
    t, devices = at.t, _silent_devices(at, alarm)
    if at.current is None or at.current.number != alarm.source:
        return Banner(t("{0} không phản hồi, xin kiểm tra nguồn và dây", devices))
    text = t("{0} không phản hồi. Xin mời số {1} bằng lời", devices, at.current.number)
    return Banner(text, Choice(t("Gọi lại"), leads=recall(at)))


def _silent_devices(at: Situation, alarm: Alarm) -> str:
    """Return who did not announce a call, as people call them."""
    places = [device_place(at, device) for device in alarm.devices]
    return ", ".join(places) if 0 < len(places) <= _NAMED else at.t("Màn hình/loa")


def _offline(at: Situation) -> list[Banner]:
    """Ask for the people whose numbers a kiosk without a link may have given."""
    ranges: dict[str, list[str]] = {}
    for entry in at.state.offline if at.state else ():
        ranges.setdefault(entry.kiosk, []).append(f"{entry.first}–{entry.last}")
    t = at.t
    choice = Choice(t("Gọi số…"), leads=Menu.NUMBER if at.may("call_ticket") else None)
    return [
        Banner(
            t("{0} mất liên lạc: xin hỏi ai có số {1}", device_place(at, kiosk), ", ".join(known)),
            choice,
        )
        for kiosk, known in ranges.items()
    ]


def printers(at: Situation) -> list[tuple[str, str]]:
    """Return the kiosks that can print, as device and place."""
    known = at.centre.devices if at.centre else ()
    return [
        (device.id, device.place(at.lang) if device.place else device.id)
        for device in known
        if device.role is Role.KIOSK
    ]


def _heard(at: Situation, role: Role) -> list[str]:
    """Return the devices of a role that serve this counter and have ever been heard."""
    return [
        device.id
        for device in (at.centre.devices if at.centre else ())
        if device.role is role
        and (not device.counters or at.counter in device.counters)
        and device.id in at.hall.devices
    ]


def _own_keypads(keypads: DeviceStatus, counter: int) -> list[object] | None:
    """Return the states of this counter's keypads on a box; None where the box says of none."""
    if not isinstance(keypads.health, KeypadHealth):
        return None
    units = keypads.health.units.values()
    return [unit.state for unit in units if unit.counter == counter]


def _is_lost(keypads: DeviceStatus, counter: int) -> bool:
    """Return whether a box of keypads is gone, or the one of this counter on it."""
    own = _own_keypads(keypads, counter) or ()
    return not keypads.online or any(state in _KEYPAD_LOST for state in own)


def _kiosk_trouble(at: Situation) -> str:
    for device in _heard(at, Role.KIOSK):
        status = at.hall.devices[device]
        place = device_place(at, device)
        if not status.online:
            return at.t("{0}: mất kết nối", place)
        health = health_as(KioskHealth, status.health)
        if health.buttons_lost:
            return at.t("{0}: mất hộp nút lấy số", place)
        if trouble := health.trouble:
            return f"{place}: {printer_words(trouble, at.t)}"
    return ""
