"""What a manager should know at once: a lost link, alarms, outages."""

from dataclasses import dataclass

from bus.states import Alarm
from bus.vocabulary import AlarmKind
from hall.model import HallState
from hall.words import N_, Words
from web.view.names import clock, device_name, localised, printer_words, service_name, sign_trouble

_UNHEARD = {"shown": N_("bảng"), "spoken": N_("loa")}


@dataclass(frozen=True, slots=True)
class Strip:
    """A strip at the top of the page."""

    state: str
    """`bad` or `warn`."""
    words: str


def notices(hall: HallState, t: Words) -> list[Strip]:
    """Return the notices, gravest first."""
    found = [*_link_notices(hall, t), *_alarm_notices(hall, t)]
    systems = hall.centre.wording.systems if hall.centre else ()
    for outage in hall.board.outages if hall.board else ():
        system, since = localised(outage.system, systems, t), clock(outage.since, hall)
        words = t("{system}: gián đoạn từ {since}", system=system, since=since)
        found.append(Strip("warn", words))
    return found


def _link_notices(hall: HallState, t: Words) -> list[Strip]:
    if not hall.linked:
        return [Strip("bad", t("Mất liên lạc với sảnh. Tình trạng dưới đây có thể đã cũ."))]
    if not hall.service_there:
        words = t("Dịch vụ gọi số không hoạt động. Tình trạng dưới đây có thể đã cũ.")
        return [Strip("bad", words)]
    return []


def _alarm_notices(hall: HallState, t: Words) -> list[Strip]:
    alarms: dict[tuple[str, str, str | None], Alarm] = {}
    for counter in hall.counters.values():
        for alarm in counter.alarms:
            alarms.setdefault((alarm.kind, alarm.source, alarm.detail), alarm)
    return [
        Strip("bad", _alarm_words(alarm, hall, t))
        for alarm in sorted(alarms.values(), key=lambda alarm: alarm.at)
    ]


def _alarm_words(alarm: Alarm, hall: HallState, t: Words) -> str:
    return f"{_alarm_text(alarm, hall, t)} · {clock(alarm.at, hall)}"


def _alarm_text(alarm: Alarm, hall: HallState, t: Words) -> str:
    source, detail = _place(alarm.source, hall, t), alarm.detail or ""
    match alarm.kind:
        case AlarmKind.HELP:
            said = t("Có người cần giúp: {source}", source=source)
        case AlarmKind.DEVICE_OFFLINE:
            said = t("Mất kết nối: {source}", source=source)
        case AlarmKind.BOARD_BEHIND:
            said = t("Đang hiện số cũ: {source}", source=source)
        case AlarmKind.PRINTER:
            said = t("{source}: {trouble}", source=source, trouble=printer_words(detail, t))
        case AlarmKind.SIGN:
            said = sign_trouble(detail, t)
        case AlarmKind.UNANNOUNCED:
            where = ", ".join(t(_UNHEARD.get(part, part)) for part in detail.split(", "))
            number = alarm.source
            said = t("Số {number} chưa báo được trên {where}", number=number, where=where)
        case _:
            said = _grave_text(alarm, hall, t)
    return said


def _grave_text(alarm: Alarm, hall: HallState, t: Words) -> str:
    """Return what stops the hall, or leaves a person with a paper that nobody knows."""
    detail = alarm.detail or ""
    match alarm.kind:
        case AlarmKind.STORE:
            said = t("Không ghi được dữ liệu, chưa cấp số và gọi số. Xin báo kỹ thuật")
        case AlarmKind.DAY_TO_CONFIRM:
            day = "/".join(reversed(detail.split("-")))
            said = t("Đồng hồ máy chủ nhảy xa: hôm nay có phải {day}? Xin xác nhận ở quầy", day=day)
        case AlarmKind.NOBODY_SERVES:
            service = service_name(hall, detail, t)
            said = t("Có người chờ, chưa quầy nào mở: {service}", service=service)
        case AlarmKind.NUMBER_REFUSED:
            said = t(
                "Số {0} in lúc mất liên lạc chưa vào hàng chờ: xin hỏi ai có số này", alarm.source
            )
        case AlarmKind.PAPER_LOST:
            said = t(
                "Phiếu của số {0} chưa in được. Xin in lại hoặc báo số cho người dân", alarm.source
            )
        case _:
            source = _place(alarm.source, hall, t)
            said = t("Cần kiểm tra: {source}", source=source)
    return said


def _place(source: str, hall: HallState, t: Words) -> str:
    known = hall.centre.device(source) if hall.centre else None
    return known.place(t.lang) if known and known.place else device_name(source, t)
