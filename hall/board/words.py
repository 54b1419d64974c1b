"""The sentences of the board that depend on settings or on the hall, in plain Vietnamese."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bus.states import BoardCounter, BoardState, Call, Notice, Today
from bus.vocabulary import Language
from config import Centre
from config.settings import Window

PRIORITY = "Đang phục\N{NO-BREAK SPACE}vụ công dân ưu\N{NO-BREAK SPACE}tiên"
CLOSED = "Đang đóng"
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


def fairness(centre: Centre) -> tuple[str, ...]:
    """Return the rule by which numbers are called, as configured, a sentence per class."""
    normal = centre.classes.normal.head_start_min
    priority = centre.classes.priority.head_start_min - normal
    appointment = centre.classes.appointment.head_start_min - normal
    first = "Quý vị lấy số trước được mời trước"
    if priority > 0:
        first = f"Người thuộc diện ưu tiên được tính như đến sớm hơn {priority} phút"
    return first, f"Người đặt lịch hẹn được tính như đến {_appointed(appointment)}"


def figures(today: Today) -> str:
    """Return the day's public figures; empty before the first person has been served."""
    if not today.finished:
        return ""
    text = f"Hôm nay {today.finished} lượt"
    if today.mean_wait_s is None:
        return text
    minutes = round(today.mean_wait_s / 60)
    return f"{text}, chờ bình quân {minutes or 'chưa đến 1'} phút"


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
    """Return the bottom line: what is wrong now, notices, the rule, the centre, the day."""
    outages = board.outages if board else ()
    notices = (*(board.notices if board else ()), *ordered)
    texts = [f"{outage.system} đang chậm, mong quý vị thông cảm" for outage in outages]
    texts += [notice.text for notice in notices if notice.until > now]
    texts += [*fairness(centre), *_contact(centre)]
    texts += [figures(board.today)] if board else []
    whole = (" ".join(text.split()).removesuffix(".") for text in texts)
    return tuple(dict.fromkeys(text for text in whole if text))


def _appointed(head_start_min: int) -> str:
    if head_start_min > 0:
        return f"trước giờ hẹn {head_start_min} phút"
    return f"sau giờ hẹn {-head_start_min} phút" if head_start_min else "đúng giờ hẹn"


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
