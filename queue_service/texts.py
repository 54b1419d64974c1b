"""What a refusal says to the person in front of the device."""

from bus.vocabulary import Error, Language
from config.settings import Text

_TEXTS = {
    Error.CLOSED: Text(
        vi="Hiện không phát số cho lĩnh vực này.", en="No numbers are given for this service now."
    ),
    Error.FULL: Text(
        vi="Lĩnh vực này đã hết số hôm nay. Mời quý vị liên hệ quầy hướng dẫn.",
        en="All numbers for today are taken. Please ask at the guidance desk.",
    ),
    Error.TOO_SOON: Text(
        vi="Số vừa gọi đang được thông báo. Xin đợi vài giây.",
        en="The last call is still being announced. Please wait a few seconds.",
    ),
    Error.TOO_FAST: Text(
        vi="Quý vị vui lòng đợi giây lát rồi lấy số.", en="Please wait a moment, then try again."
    ),
    Error.TOO_SOON: Text(
        vi="Số vừa gọi đang được đọc. Mời đợi vài giây.",
        en="The last number is still being announced. Please wait a few seconds.",
    ),
    Error.EMPTY: Text(vi="Chưa có người chờ.", en="No one is waiting."),
    Error.STALE: Text(
        vi="Quầy đang có số khác. Màn hình đã được cập nhật.",
        en="The counter has another ticket. The screen has been updated.",
    ),
    Error.CONFLICT: Text(
        vi="Đã có thay đổi từ nơi khác. Mời xem lại.",
        en="Something else changed this first. Please look again.",
    ),
    Error.NOT_ALLOWED: Text(vi="Không thực hiện được thao tác này.", en="This cannot be done now."),
    Error.UNKNOWN: Text(vi="Không tìm thấy.", en="Not found."),
    Error.INVALID: Text(vi="Nội dung không hợp lệ", en="The message is not valid"),
    Error.EXPIRED: Text(
        vi="Thao tác đã quá hạn, mời thực hiện lại.", en="This came too late. Please try again."
    ),
    Error.SUPERSEDED: Text(
        vi="Số này đã được thay bằng số khác.", en="Another number has taken the place of this one."
    ),
    Error.UNAVAILABLE: Text(
        vi="Hệ thống tạm thời chưa phục vụ được. Mời quý vị liên hệ quầy.",
        en="The system is not available. Please ask at a counter.",
    ),
}

# What officers read instead, when they can do something about it.
STORE_FAILS = Text(
    vi="Không lưu được dữ liệu nên chưa thực hiện. Xin báo người quản trị kiểm tra ổ đĩa.",
    en="Nothing can be stored, so nothing was done. Please have the disk checked.",
)
DAY_UNCLEAR = Text(
    vi="Chưa rõ hôm nay là ngày nào. Xin xác nhận ngày làm việc rồi thực hiện lại.",
    en="It is not clear which day it is. Please confirm the business day, then try again.",
)


def message_of(error: Error, lang: Language | str, detail: str = "") -> str:
    """Return what to say; the detail only where it helps the sender correct the message."""
    text = _TEXTS[error](str(lang))
    return f"{text}: {detail}" if error is Error.INVALID and detail else text
