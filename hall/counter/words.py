"""What the window calls times, services, devices, refusals, and steps to take back."""

from datetime import datetime, timedelta

from bus.commands import Reply
from bus.states import Undoable
from bus.vocabulary import Error, TicketClass
from config.settings import term_name
from hall.counter.situation import Situation
from hall.words import Words

_HOUR_MIN = 60
_LONG_MIN = 2 * _HOUR_MIN
_KNOWS_MORE = frozenset({Error.TOO_SOON, Error.UNAVAILABLE})


def minutes_since(since: datetime, now: datetime) -> int:
    """Return the whole minutes that have passed; never negative."""
    return max(0, int((now - since) / timedelta(minutes=1)))


def minutes(count: int, t: Words) -> str:
    """Return a duration as staff read it."""
    if count < _LONG_MIN:
        return t("{0} phút", count)
    return t("{0} giờ {1} phút", *divmod(count, _HOUR_MIN))


def service_name(at: Situation, code: str) -> str:
    """Return a service's name, or its code before the configuration is known."""
    for service in at.centre.services if at.centre else ():
        if service.code == code:
            return service.name(at.lang)
    return code


def park_reason(at: Situation, reason: str | None) -> str:
    """Return why somebody waits and comes back; a text of an older box as it is."""
    return term_name(at.centre.matters.park_reasons if at.centre else (), reason or "", at.lang)


def note_words(at: Situation, note: str | None) -> str:
    """Return a note of the site's list."""
    return term_name(at.centre.matters.notes if at.centre else (), note or "", at.lang)


def class_name(at: Situation, ticket_class: TicketClass) -> str:
    """Return the name of a class that stands out, nothing for the normal one."""
    if at.centre is None or ticket_class is TicketClass.NORMAL:
        return ""
    return at.centre.classes[ticket_class.value].name(at.lang)


def device_place(at: Situation, source: str) -> str:
    """Return what people call a device; `source` itself when it has no name."""
    known = at.centre.device(source) if at.centre else None
    if known and known.place:
        return known.place(at.lang)
    t = at.t
    kind, _, number = source.partition("-")
    names = {
        "kiosk": t("Máy lấy số {0}", number),
        "board": t("Bảng gọi số {0}", number),
        "announcer": t("Loa {0}", number),
        "counter": t("Máy quầy {0}", number),
        "keypad": t("Bàn phím {0}", number),
        "sign": t("Bảng LED {0}", number),
    }
    return names.get(kind, source) if number else source


def within(place: str) -> str:
    """Return a place as it stands inside a sentence."""
    return place[:1].lower() + place[1:]


def printer_words(state: str | None, t: Words) -> str:
    """Return what a printer's state means to the one who has to go there."""
    texts = {
        "paper_low": t("sắp hết giấy"),
        "paper_out": t("hết giấy"),
        "cover_open": t("nắp máy in đang mở"),
        "cutter_error": t("dao cắt giấy bị kẹt"),
        "overheated": t("máy in quá nóng, tự nguội sau ít phút"),
        "offline": t("không nối được máy in"),
        "wrong_baud": t("máy in sai tốc độ cổng, xin báo kỹ thuật"),
    }
    return texts.get(state or "", t("máy in có sự cố"))


def refusal(reply: Reply, t: Words) -> str:
    """Return, in one calm line, why nothing happened and what to do.

    Where the service knows more than its code says - for how long, or that its disk is full -
    its own sentence for officers is taken, which is Vietnamese.
    """
    if reply.message and reply.error in _KNOWS_MORE and t.lang == "vi":
        return reply.message
    texts = {
        Error.EMPTY: t("Không còn ai chờ."),
        Error.TOO_SOON: t("Số này đang được gọi. Xin chờ đọc xong."),
        Error.STALE: t("Số ở quầy vừa thay đổi. Xin xem lại rồi bấm tiếp."),
        Error.CONFLICT: t("Số này đang ở quầy khác. Xin xem lại danh sách."),
        Error.UNKNOWN: t("Không tìm thấy trong hôm nay. Xin kiểm tra lại."),
        Error.INVALID: t("Nội dung chưa đúng. Xin kiểm tra rồi làm lại."),
        Error.EXPIRED: t("Lệnh đến quá chậm nên chưa làm. Xin bấm lại."),
        Error.UNAVAILABLE: t("Chưa gửi được. Xin bấm lại."),
        Error.FULL: t("Lĩnh vực này đã hết số hôm nay."),
        Error.CLOSED: t("Lĩnh vực này đang ngoài giờ lấy số."),
    }
    other = t("Lúc này chưa làm được việc đó. Xin xem lại số ở quầy.")
    return texts.get(reply.error, other) if reply.error else other


def undo_text(step: Undoable | None, t: Words) -> str:
    """Return what undoing would take back, with the number it is about."""
    if step is None:
        return t("Hoàn tác")
    texts = {
        "call_next": t("gọi tiếp"),
        "call_ticket": t("gọi số"),
        "start_serving": t("đã đến"),
        "finish": t("xong"),
        "mark_absent": t("vắng mặt"),
        "park": t("chờ ký"),
        "transfer": t("chuyển"),
        "return_to_queue": t("xếp lại"),
        "set_class": t("đổi diện"),
        "void_ticket": t("hủy số"),
    }
    number = step.numbers[0] if step.numbers else ""
    if step.takes_back not in texts:
        return t("Hoàn tác: {0}", number) if number else t("Hoàn tác")
    return t("Hoàn tác: {0} {1}", texts[step.takes_back], number).rstrip()
