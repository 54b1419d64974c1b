"""The sentences of the board that depend on settings or on the hall, in plain words."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bus.states import BoardCounter, BoardState, Call, Notice, Today
from bus.vocabulary import Language, TicketClass
from config import Centre
from config.settings import Window
from hall.words import Words

_NOON = 12


def greeting(t: Words, *, connected: bool, giving: bool) -> str:
    """Return what the board says while nobody is called, two sentences on two lines."""
    if not connected:
        return t("Đang kết nối, xin quý vị chờ trong giây lát.")
    if giving:
        return t("Kính chào quý vị.\nMời quý vị lấy số và chờ đến lượt.")
    return t("Kính chào quý vị.\nHiện ngoài giờ lấy số.")


def heading(call: Call, t: Words) -> str:
    """Return what stands above a called number."""
    if call.withdrawn:
        return t("Đã hủy lượt gọi")
    return t("Xin nhắc lại, mời số") if call.repeat else t("Mời số")


def second_line(call: Call) -> str:
    """Return the call in the language that its citizen chose; empty for Vietnamese."""
    if call.withdrawn:
        return ""
    t = Words(call.language)
    if not call.language or t.lang != call.language:  # here nobody has its words
        t = Words(call.lang)
    if t.lang == Language.VIETNAMESE:
        return ""
    return t("Số {number}, mời đến quầy {counter}", number=call.number, counter=call.counter)


def priority(t: Words) -> str:
    """Return what stands beside the number of a citizen with priority, in two lines."""
    return t("Đang phục vụ\ncông dân ưu tiên")


def pause(counter: BoardCounter, now: datetime, zone: ZoneInfo, t: Words) -> str:
    """Return why nobody is called to a resting counter, and until when; two lines at most."""
    resting = t("Tạm nghỉ")
    if counter.until and counter.until > now:
        until = t("tiếp tục từ {until}", until=_hour(counter.until, now, zone, t))
        return f"{resting}\n{until}"
    if counter.reason and counter.reason != resting:
        return f"{resting}\n{counter.reason}"
    return resting


def wait(wait_min: tuple[int, int] | None, t: Words, *, served: bool, full: bool = False) -> str:
    """Return how long a line takes; that no counter is open where none `served` it.

    Of one that is `full` it says too that there are no more numbers.
    """
    if full:
        known, no_more = wait(wait_min, t, served=served), t("hết số")
        return f"{known} · {no_more}" if known else no_more
    if not served:
        return t("Quầy chưa mở")
    if wait_min is None:
        return ""
    low, high = wait_min
    if low == 0 < high:
        return t("dưới {count} phút", count=high)
    return t("khoảng {count} phút", count=str(high) if low == high else f"{low}–{high}")


def figures(today: Today, t: Words) -> str:
    """Return the day's public figures; empty before the first person has been served."""
    if not today.finished:
        return ""
    if today.mean_wait_s is None:
        return t("Hôm nay {count} lượt", count=t.count(today.finished))
    minutes = t.minutes(today.mean_wait_s)
    return t(
        "Hôm nay {count} lượt, chờ bình quân {minutes}",
        count=t.count(today.finished),
        minutes=minutes,
    )


def hours(centre: Centre, now: datetime, t: Words) -> str:
    """Return today's hours of service; empty when there are none to tell."""
    if centre.hours.always_open:
        return ""
    windows = centre.hours.on(now.astimezone(centre.identity.zone).date())
    spans = ", ".join(_span(window, t) for window in windows)
    return t("Giờ làm việc: {spans}", spans=spans) if windows else ""


def sentences(
    centre: Centre, board: BoardState | None, ordered: tuple[Notice, ...], now: datetime, t: Words
) -> tuple[str, ...]:
    """Return what takes turns in the bottom line.

    That is what is wrong now, notices, the rules that can apply, the centre, the day.
    """
    outages = board.outages if board else ()
    notices = (*(board.notices if board else ()), *ordered)
    texts = [t("{0} đang chậm, mong quý vị thông cảm", outage.system) for outage in outages]
    texts += [notice.text for notice in notices if notice.until > now]
    texts += [*_rules(centre, board, t), *_contact(centre, t)]
    texts += [figures(board.today, t)] if board else []
    whole = (" ".join(text.split()).removesuffix(".") for text in texts)
    return tuple(dict.fromkeys(text for text in whole if text))


def _rules(centre: Centre, board: BoardState | None, t: Words) -> list[str]:
    """Return how numbers are called, as configured; of appointments only where there are any."""
    normal = centre.classes.normal.head_start_min
    ahead = centre.classes.priority.head_start_min - normal
    rules = [t("Lỡ lượt, mời quý vị báo cán bộ")] if board and board.missed.total else []
    if ahead > 0:
        rules.append(t("Người thuộc diện ưu tiên được xếp như đến trước {count} phút", count=ahead))
    else:
        rules.append(t("Quý vị lấy số trước được mời trước"))
    if board and _has_appointments(board):
        rules.append(_appointed(centre.classes.appointment.head_start_min - normal, t))
    return rules


def _has_appointments(board: BoardState) -> bool:
    seen = {call.ticket_class for call in board.calls}
    seen |= {counter.ticket_class for counter in board.counters if counter.ticket_class}
    return board.appointments or TicketClass.APPOINTMENT in seen


def _appointed(ahead: int, t: Words) -> str:
    if ahead > 0:
        return t("Người đặt lịch hẹn được xếp như đến trước giờ hẹn {count} phút", count=ahead)
    if ahead < 0:
        return t("Người đặt lịch hẹn được xếp như đến sau giờ hẹn {count} phút", count=-ahead)
    return t("Người đặt lịch hẹn được xếp như đến đúng giờ hẹn")


def _contact(centre: Centre, t: Words) -> tuple[str, ...]:
    hotline, marquee = centre.identity.hotline, centre.wording.marquee(t.lang)
    if hotline and hotline not in marquee:
        return marquee, t("Đường dây nóng {hotline}", hotline=hotline)
    return (marquee,)


def _span(window: Window, t: Words) -> str:
    begin, end = window.begin, window.end
    span = f"{begin.hour}:{begin:%M}–{end.hour}:{end:%M}"
    return t("sáng {span}", span=span) if begin.hour < _NOON else t("chiều {span}", span=span)


def _hour(at: datetime, now: datetime, zone: ZoneInfo, t: Words) -> str:
    local = at.astimezone(zone)
    time = t.time(at, zone)
    if local.date() == now.astimezone(zone).date():
        return time
    return t("{time} ngày {day}", time=time, day=f"{local:%d/%m}")
