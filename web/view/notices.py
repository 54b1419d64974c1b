"""What a manager should know at once: a lost link, alarms, outages."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bus.health import ServiceHealth, health_as
from bus.states import Alarm, BoardCounter
from bus.vocabulary import AlarmKind, CopyState, CounterStatus
from hall.model import SERVICE, HallState
from hall.words import N_, Words
from web.view.lines import LineRow, serving
from web.view.names import clock, device_name, localised, printer_words, service_name, sign_trouble
from web.view.staff import call_strips
from web.view.strips import Action, Strip
from web.view.visits import fetching_strips

_UNHEARD = {"shown": N_("bảng"), "spoken": N_("loa")}


_AWAY = {
    CounterStatus.PAUSED: N_("quầy {counters} tạm nghỉ"),
    CounterStatus.CLOSED: N_("quầy {counters} chưa mở"),
}


def notices(
    hall: HallState,
    lines: Sequence[LineRow],
    oldest: Mapping[str, datetime],
    now: datetime,
    t: Words,
) -> list[Strip]:
    """Return the notices, gravest first."""
    return [
        *_link_notices(hall, t),
        *call_strips(hall, t),
        *_day_notices(hall, t),
        *_copy_notices(hall, t),
        *_unserved_notices(hall, lines, oldest, now, t),
        *_alarm_notices(hall, lines, t),
        *_help_notices(hall, t),
        *fetching_strips(hall, t),
        *_outage_notices(hall, now, t),
    ]


def _link_notices(hall: HallState, t: Words) -> list[Strip]:
    if not hall.linked:
        words = t("Mất liên lạc với sảnh. Tình trạng dưới đây có thể đã cũ.")
        return [Strip("bad", words, icon="wifi-off")]
    if not hall.service_there:
        words = t("Dịch vụ gọi số không hoạt động. Tình trạng dưới đây có thể đã cũ.")
        return [Strip("bad", words, icon="wifi-off")]
    return []


def _day_notices(hall: HallState, t: Words) -> list[Strip]:
    day = hall.services.day_to_confirm if hall.services else None
    if not day:
        return []
    shown = "/".join(reversed(day.split("-")))
    action = Action(
        "/today/confirm-day",
        t("Đúng, mở ngày {day}", day=shown),
        "business_day",
        day,
        f"confirm_day {day}",
    )
    detail = t("Chưa cấp số, chưa gọi số cho đến khi có người xác nhận.")
    words = t("Đồng hồ máy chủ nhảy xa: hôm nay có phải {day}?", day=shown)
    return [Strip("bad", words, detail, "clock", action)]


def copy_of_store(hall: HallState) -> CopyState | None:
    """Return whether a second database keeps the store, None where none is missed."""
    status = hall.devices.get(SERVICE)
    return health_as(ServiceHealth, status.health if status else None).copy


def _copy_notices(hall: HallState, t: Words) -> list[Strip]:
    match copy_of_store(hall):
        case CopyState.MISSING:
            action = Action(
                "/today/without-copy",
                t("Chấp nhận: không còn bản sao"),
                "copy",
                "missing",
                "without_copy",
            )
            detail = t(
                "Chưa cấp số, chưa gọi số cho đến khi bản sao trở lại hoặc có người chấp nhận "
                "chạy thiếu bản sao."
            )
            words = t("Bản sao của kho dữ liệu không trả lời")
            return [Strip("bad", words, detail, "triangle-alert", action)]
        case CopyState.WAIVED:
            detail = t("Nếu máy chính hỏng lúc này thì mất các lượt mới. Xin báo người lo máy.")
            return [Strip("warn", t("Đang chạy không còn bản sao"), detail)]
        case _:
            return []


def _unserved_notices(
    hall: HallState,
    lines: Sequence[LineRow],
    oldest: Mapping[str, datetime],
    now: datetime,
    t: Words,
) -> list[Strip]:
    """Return who waits for a service that no open counter serves."""
    strips = []
    for line in lines:
        if not line.unserved:
            continue
        waited = oldest.get(line.code)
        people = t.plural("{count} người", line.count)
        if waited is not None:
            wait = t.minutes((now - waited).total_seconds())
            people = t("{people}, lâu nhất {wait}", people=people, wait=wait)
        detail = " · ".join([people, *_away(serving(hall, line.code), t)])
        words = t("Có người chờ, chưa quầy nào mở: {service}", service=line.service)
        strips.append(Strip("bad", words, detail, "users"))
    return strips


def _away(counters: Sequence[BoardCounter], t: Words) -> Iterator[str]:
    for status, words in _AWAY.items():
        numbers = ", ".join(str(c.counter) for c in counters if c.status is status)
        if numbers:
            yield t(words, counters=numbers)


def _alarm_notices(hall: HallState, lines: Sequence[LineRow], t: Words) -> list[Strip]:
    """Return the alarms of the counters, each once, but for what other strips say better."""
    alarms: dict[tuple[str, str, str | None], Alarm] = {}
    told = frozenset(line.code for line in lines if line.unserved)
    for counter in hall.counters.values():
        for alarm in counter.alarms:
            if not _is_told(alarm, hall, told):
                alarms.setdefault((alarm.kind, alarm.source, alarm.detail), alarm)
    return [
        Strip("bad", _alarm_text(alarm, hall, t), clock(alarm.at, hall))
        for alarm in sorted(alarms.values(), key=lambda alarm: alarm.at)
    ]


def _is_told(alarm: Alarm, hall: HallState, unserved: frozenset[str]) -> bool:
    match alarm.kind:
        case AlarmKind.NOBODY_SERVES:
            return alarm.detail in unserved
        case AlarmKind.DAY_TO_CONFIRM:
            return bool(hall.services and hall.services.day_to_confirm)
        case AlarmKind.HELP:
            return bool(hall.services and hall.services.help)
        case AlarmKind.COLLEAGUE:
            return True
        case _:
            return False


def _help_notices(hall: HallState, t: Words) -> list[Strip]:
    if hall.services is None:
        return []
    strips = []
    visits = {visit.place for visit in hall.services.visits}
    for call in hall.services.help:
        if call.place in visits:
            continue  # it stands below, with what can be done
        place = _place(call.place, hall, t)
        since = clock(call.since, hall)
        answered = call.answered_by
        if answered is None:
            detail = t("{since} · chưa ai nhận", since=since)
        else:
            detail = t("{since} · quầy {counter} đã nhận, đang đến", since=since, counter=answered)
        words = t("Có người cần giúp: {source}", source=place)
        strips.append(Strip("bad" if answered is None else "warn", words, detail, "bell"))
    more = hall.services.help_total - len(hall.services.help)
    if more > 0:
        words = t.plural("Còn {count} nơi khác đang cần giúp", more)
        strips.append(Strip("bad", words, icon="bell"))
    return strips


def _outage_notices(hall: HallState, now: datetime, t: Words) -> list[Strip]:
    systems = hall.centre.wording.systems if hall.centre else ()
    strips = []
    for outage in hall.board.outages if hall.board else ():
        system, since = localised(outage.system, systems, t), clock(outage.since, hall)
        words = t("{system}: gián đoạn từ {since}", system=system, since=since)
        action = Action(
            "/today/end-outage",
            t("Đã hoạt động lại"),
            "system",
            outage.system,
            f"end_outage {outage.system} {outage.since.isoformat()}",
        )
        lasted = t.minutes(max(0.0, (now - outage.since).total_seconds()))
        strips.append(Strip("warn", words, lasted, "monitor", action))
    more = (hall.board.outages_total if hall.board else 0) - len(strips)
    if more > 0:
        strips.append(Strip("warn", t.plural("Còn {count} hệ thống khác gián đoạn", more)))
    return strips


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
