"""What a manager should know at once: a lost link, alarms, outages."""

from dataclasses import dataclass

from bus.messages import Alarm
from web.hall import HallState
from web.view.names import clock, device_name, localised, split_device
from web.words import Words

_ALARMS = {
    "help": "Có người cần giúp: {source}",
    "device_offline": "Mất kết nối: {source}",
    "unannounced": "Lượt gọi chưa được thông báo: {source}",
    "printer": "Máy in cần kiểm tra: {source}",
}


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
    if not hall.service_online:
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
    words = t(_ALARMS.get(alarm.kind, "Cần kiểm tra: {source}"), source=_source(alarm, hall, t))
    detail = f" ({alarm.detail})" if alarm.detail else ""
    return f"{words}{detail} · {clock(alarm.at, hall)}"


def _source(alarm: Alarm, hall: HallState, t: Words) -> str:
    known = hall.centre.device(alarm.source) if hall.centre else None
    if known and known.place:
        return known.place(t.lang)
    kind, number = split_device(alarm.source)
    return device_name(kind, str(number or ""), t)
