"""The sentences of the board that depend on settings or on the hall, in plain Vietnamese."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bus.messages import BoardCounter, BoardState, Call, Language, Notice
from config import Centre
from config.settings import Window

PRIORITY = "Đang phục\N{NO-BREAK SPACE}vụ công dân ưu\N{NO-BREAK SPACE}tiên"
_PAUSED = "Tạm nghỉ"
_NOON = 12


def heading(call: Call) -> str:
    """Return what stands above a called number."""
    if call.withdrawn:
        return "Đã hủy lượt gọi"
    return "Xin nhắc lại, mời số" if call.repeat else "Mời số"


def english(call: Call) -> str:
    """Return the second line for a citizen who chose English; empty for the others."""
    if call.withdrawn or call.lang != Language.ENGLISH:
        return ""
    return f"Number {call.number}, please go to counter {call.counter}"


def pause(counter: BoardCounter, now: datetime, zone: ZoneInfo) -> str:
    """Return why nobody is called to a resting counter, and until when; two lines at most."""
    if counter.until and counter.until > now:
        return f"{_PAUSED}\ntiếp tục từ {_hour(counter.until, now, zone)}"
    if counter.reason and counter.reason != _PAUSED:
        return f"{_PAUSED}\n{counter.reason}"
    return _PAUSED


def fairness(centre: Centre) -> str:
    """Return the rule by which priority is given, as configured; empty when there is none."""
    head_start = centre.classes.priority.head_start_min - centre.classes.normal.head_start_min
    if head_start <= 0:
        return ""
    return f"Người thuộc diện ưu tiên được tính như đến sớm hơn {head_start} phút"


def hours(centre: Centre, now: datetime) -> str:
    """Return today's hours of service; empty when there are none to tell."""
    if centre.hours.always_open:
        return ""
    windows = centre.hours.on(now.astimezone(centre.identity.zone).date())
    spans = (f"{_part(window)} {_span(window)}" for window in windows)
    return f"Giờ làm việc: {', '.join(spans)}" if windows else ""


def lines(
    centre: Centre, board: BoardState | None, ordered: tuple[Notice, ...], now: datetime
) -> tuple[str, ...]:
    """Return the sentences of the bottom line: what is wrong now, notices, the rule, the centre."""
    outages = board.outages if board else ()
    notices = (*(board.notices if board else ()), *ordered)
    texts = [f"{outage.system} đang chậm, mong quý vị thông cảm" for outage in outages]
    texts += [notice.text for notice in notices if notice.until > now]
    texts += [fairness(centre), *_contact(centre)]
    whole = (" ".join(text.split()).removesuffix(".") for text in texts)
    return tuple(dict.fromkeys(text for text in whole if text))


def _contact(centre: Centre) -> tuple[str, ...]:
    hotline, marquee = centre.identity.hotline, centre.wording.marquee.vi
    if hotline and hotline not in marquee:
        return marquee, f"Đường dây nóng {hotline}"
    return (marquee,)


def _part(window: Window) -> str:
    return "sáng" if window.begin.hour < _NOON else "chiều"


def _span(window: Window) -> str:
    begin, end = window.begin, window.end
    return f"{begin.hour}:{begin:%M}–{end.hour}:{end:%M}"


def _hour(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    if local.date() == now.astimezone(zone).date():
        return f"{local:%H:%M}"
    return f"{local:%H:%M} ngày {local:%d/%m}"
