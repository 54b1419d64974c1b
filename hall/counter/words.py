"""The window's words: times, refusals, and what can be undone."""

from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from bus.vocabulary import Error, TicketClass
from config.settings import Centre
from hall.counter.actions import Action

translate = QCoreApplication.translate
_MINUTE_S = 60
_HOUR_MIN = 60
_LONG_MIN = 2 * _HOUR_MIN


def minutes_since(since: datetime, now: datetime) -> int:
    """Return the whole minutes that have passed; never negative."""
    return max(0, int((now - since) / timedelta(minutes=1)))


def minutes(count: int) -> str:
    """Return a duration as staff read it."""
    if count < _LONG_MIN:
        return translate("panel", "{0} phút").format(count)
    return translate("panel", "{0} giờ {1} phút").format(*divmod(count, _HOUR_MIN))


def service_name(centre: Centre | None, code: str, lang: str) -> str:
    """Return a service's name, or its code before the configuration is known."""
    for service in centre.services if centre else ():
        if service.code == code:
            return service.name(lang)
    return code


def class_name(centre: Centre | None, ticket_class: TicketClass, lang: str) -> str:
    """Return the name of a class that stands out, nothing for the normal one."""
    if centre is None or ticket_class is TicketClass.NORMAL:
        return ""
    return centre.classes[ticket_class.value].name(lang)


def refusal(error: Error | None, action: Action) -> str:
    """Return, in one calm line, why nothing happened and what to do."""
    if action is Action.ISSUE and error in (Error.CLOSED, Error.FULL):
        return _no_number(error)
    texts = {
        Error.EMPTY: translate("panel", "Không còn ai chờ."),
        Error.STALE: translate("panel", "Số ở quầy vừa thay đổi. Xin xem lại rồi bấm tiếp."),
        Error.CONFLICT: translate("panel", "Số này đang ở quầy khác. Xin xem lại danh sách."),
        Error.UNKNOWN: translate("panel", "Không tìm thấy trong hôm nay. Xin kiểm tra lại."),
        Error.INVALID: translate("panel", "Nội dung chưa đúng. Xin kiểm tra rồi làm lại."),
        Error.EXPIRED: translate("panel", "Lệnh đến quá chậm nên chưa làm. Xin bấm lại."),
        Error.UNAVAILABLE: translate("panel", "Chưa gửi được. Xin bấm lại."),
    }
    other = translate("panel", "Lúc này chưa làm được việc đó. Xin xem lại số ở quầy.")
    return texts.get(error, other) if error else other


def undo_text(kind: str | None) -> str:
    """Return what undoing would take back."""
    texts = {
        "call_next": translate("panel", "Hoàn tác gọi tiếp"),
        "call_ticket": translate("panel", "Hoàn tác gọi số"),
        "start_serving": translate("panel", "Hoàn tác “Đã đến”"),
        "finish": translate("panel", "Hoàn tác “Xong”"),
        "mark_absent": translate("panel", "Hoàn tác “Vắng mặt”"),
        "park": translate("panel", "Hoàn tác “Chờ ký”"),
        "transfer": translate("panel", "Hoàn tác chuyển"),
        "return_to_queue": translate("panel", "Hoàn tác xếp lại"),
        "set_class": translate("panel", "Hoàn tác đổi diện"),
        "void_ticket": translate("panel", "Hoàn tác hủy số"),
    }
    return texts.get(kind or "", translate("panel", "Hoàn tác"))


def _no_number(error: Error | None) -> str:
    if error is Error.FULL:
        return translate("panel", "Việc này đã hết số hôm nay.")
    return translate("panel", "Việc này đang ngoài giờ lấy số.")
