"""What a manager should know at once: a lost link, alarms, outages."""

from dataclasses import dataclass

from bus.states import Alarm
from hall.model import HallState
from hall.words import N_, Words
from web.view.names import clock, device_name, localised, printer_words, sign_trouble

_UNHEARD = {"shown": N_("bảng"), "spoken": N_("loa")}


@dataclass(frozen=True, slots=True)
class Notice:
    """A strip at the top of the page."""

    state: str
    """`bad` or `warn`."""
    words: str


def notices(hall: HallState, t: Words) -> list[Notice]:
    """Return the notices, gravest first."""
    found = [*_link_notices(hall, t), *_alarm_notices(hall, t)]
    systems = hall.centre.wording.systems if hall.centre else ()
    for outage in hall.board.outages if hall.board else ():
        system, since = localised(outage.system, systems, t), clock(outage.since, hall)
        words = t("{system}: gián đoạn từ {since}", system=system, since=since)
        found.append(Notice("warn", words))
    return found


def _link_notices(hall: HallState, t: Words) -> list[Notice]:
    if not hall.linked:
        return [Notice("bad", t("Mất liên lạc với sảnh. Tình trạng dưới đây có thể đã cũ."))]
    if not hall.service_there:
        words = t("Dịch vụ gọi số không hoạt động. Tình trạng dưới đây có thể đã cũ.")
        return [Notice("bad", words)]
    return []


def _alarm_notices(hall: HallState, t: Words) -> list[Notice]:
    alarms: dict[tuple[str, str], Alarm] = {}
    for counter in hall.counters.values():
        for alarm in counter.alarms:
            alarms.setdefault((alarm.kind, alarm.source), alarm)
    return [
        Notice("bad", _alarm_words(alarm, hall, t))
        for alarm in sorted(alarms.values(), key=lambda alarm: alarm.at)
    ]


def _alarm_words(alarm: Alarm, hall: HallState, t: Words) -> str:
    return f"{_alarm_text(alarm, hall, t)} · {clock(alarm.at, hall)}"


def _alarm_text(alarm: Alarm, hall: HallState, t: Words) -> str:  # noqa: PLR0911 - one case each
    source = _place(alarm.source, hall, t)
    match alarm.kind:
        case "help":
            return t("Có người cần giúp: {source}", source=source)
        case "device_offline":
            return t("Mất kết nối: {source}", source=source)
        case "board_behind":
            return t("Đang hiện số cũ: {source}", source=source)
        case "printer":
            trouble = printer_words(alarm.detail or "", t)
            return t("{source}: {trouble}", source=source, trouble=trouble)
        case "sign":
            return sign_trouble(alarm.detail or "", t)
        case "unannounced":
            unheard = [t(_UNHEARD.get(part, part)) for part in (alarm.detail or "").split(", ")]
            return t(
                "Số {number} chưa báo được trên {where}",
                number=alarm.source,
                where=", ".join(unheard),
            )
        case _:
            return t("Cần kiểm tra: {source}", source=source)


def _place(source: str, hall: HallState, t: Words) -> str:
    known = hall.centre.device(source) if hall.centre else None
    return known.place(t.lang) if known and known.place else device_name(source, t)
