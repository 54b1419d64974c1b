"""What a refusal says to the person in front of the device."""

from collections.abc import Mapping
from typing import Any

from bus.vocabulary import Error, Language, WhyNoAppointment
from hall.words import N_, Words

_TEXTS = {
    Error.CLOSED: N_("Hiện không phát số cho lĩnh vực này."),
    Error.FULL: N_("Lĩnh vực này đã hết số hôm nay. Mời quý vị liên hệ quầy hướng dẫn."),
    Error.TOO_FAST: N_("Quý vị vui lòng đợi giây lát rồi lấy số."),
    Error.TOO_SOON: N_("Số vừa gọi đang được đọc. Mời đợi vài giây."),
    Error.EMPTY: N_("Chưa có người chờ."),
    Error.STALE: N_("Quầy đang có số khác. Màn hình đã được cập nhật."),
    Error.CONFLICT: N_("Đã có thay đổi từ nơi khác. Mời xem lại."),
    Error.NOT_ALLOWED: N_("Không thực hiện được thao tác này."),
    Error.UNKNOWN: N_("Không tìm thấy."),
    Error.INVALID: N_("Nội dung không hợp lệ"),
    Error.EXPIRED: N_("Thao tác đã quá hạn, mời thực hiện lại."),
    Error.SUPERSEDED: N_("Số này đã được thay bằng số khác."),
    Error.UNAVAILABLE: N_("Hệ thống tạm thời chưa phục vụ được. Mời quý vị liên hệ quầy."),
}

_APPOINTMENTS = {
    WhyNoAppointment.WRONG_CODE: N_("Không có lịch hẹn với mã này. Mời quý vị xem lại mã."),
    WhyNoAppointment.CANCELLED: N_("Lịch hẹn này đã được hủy."),
    WhyNoAppointment.PAST: N_("Lịch hẹn này đã qua ngày."),
    WhyNoAppointment.OTHER_DAY: N_("Lịch hẹn này vào ngày khác."),
    WhyNoAppointment.EARLY: N_("Chưa đến giờ nhận số của lịch hẹn này."),
    WhyNoAppointment.LATE: N_("Đã quá giờ hẹn. Mời quý vị lấy số thường."),
    WhyNoAppointment.USED: N_("Lịch hẹn này đã được lấy số."),
    WhyNoAppointment.TRIES: N_("Đã nhập sai mã nhiều lần. Mời đợi một phút rồi nhập lại."),
    WhyNoAppointment.NO_SLOT: N_("Không có khung giờ hẹn này."),
    WhyNoAppointment.SLOT_PAST: N_("Khung giờ này đã qua."),
    WhyNoAppointment.SLOT_FULL: N_("Khung giờ này đã hết chỗ. Mời chọn khung giờ khác."),
    WhyNoAppointment.TOO_MANY: N_("Đã có quá nhiều lịch hẹn, chưa đặt thêm được."),
    WhyNoAppointment.KNOWN: N_("Lịch hẹn này đã được nhập trước đó."),
}

# What officers read instead, when they can do something about it.
STORE_FAILS = N_(
    "Không lưu được dữ liệu nên chưa thực hiện. Xin báo người quản trị kiểm tra ổ đĩa."
)
OUTDATED = N_(
    "Máy này chạy phiên bản quá cũ nên chưa dùng được. Xin báo người quản trị nâng cấp máy."
)
REVOKED = N_("Máy này đã bị thu hồi. Xin báo người quản trị ghép lại.")
DAY_UNCLEAR = N_("Chưa rõ hôm nay là ngày nào. Xin xác nhận ngày làm việc rồi thực hiện lại.")


def message_of(
    error: Error,
    lang: Language | str,
    detail: str = "",
    result: Mapping[str, Any] | None = None,
) -> str:
    """Return what to say; the detail only where it helps whoever reads it.

    That is what is wrong with a message, and the seconds for which a call is still made. A
    `result` says why there is no appointment.
    """
    t = Words(str(lang))
    why = (result or {}).get("why")
    if why in _APPOINTMENTS:
        return t(_APPOINTMENTS[WhyNoAppointment(why)])
    if error is Error.TOO_SOON and detail:
        return t("Số này đang được gọi. Xin chờ khoảng {0} giây nữa.", detail)
    text = t(_TEXTS[error])
    return f"{text}: {detail}" if error is Error.INVALID and detail else text
