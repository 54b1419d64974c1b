"""What became of something that a device was told to do, in words."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bus.states import OrderProgress
from bus.vocabulary import OrderOutcome, SkipReason
from hall.words import N_, Words

_WAITING = {
    "print_test": N_("Đang in thử…"),
    "print_slip": N_("Đang in phiếu hẹn…"),
    "use_printer": N_("Đang đổi máy in…"),
    "speak": N_("Chờ đọc sau các lượt gọi…"),
    "blink": N_("Đang thử…"),
    "set_volume": N_("Đang đặt âm lượng…"),
}
_DONE = {
    "print_test": N_("Đã in trang thử, máy in xác nhận"),
    "print_slip": N_("Đã in phiếu hẹn"),
    "use_printer": N_("Đã đổi máy in"),
    "speak": N_("Đã đọc xong"),
    "blink": N_("Đã hiện"),
    "set_volume": N_("Đã đặt âm lượng"),
}
_UNPROVEN = {
    "print_test": N_("Đã gửi trang thử, máy in chưa xác nhận: xin nhìn giấy"),
    "print_slip": N_("Đã gửi phiếu hẹn, máy in chưa xác nhận: xin nhìn giấy"),
    "blink": N_("Đã gửi, bảng không tự trả lời: xin nhìn bảng"),
}
_FAILED = {
    "print_test": N_("Không in được"),
    "print_slip": N_("Không in được phiếu hẹn"),
    "use_printer": N_("Không đổi được máy in"),
    "speak": N_("Không đọc được"),
    "blink": N_("Không hiện được"),
}
_UNANSWERED = N_("Thiết bị không trả lời: xin kiểm tra máy và dây mạng")
_REASONS = {
    SkipReason.TOO_OLD: N_("chờ quá lâu sau các lượt gọi nên đã bỏ"),
    SkipReason.QUIET_HOURS: N_("đang giờ không đọc"),
    SkipReason.MUTED: N_("âm lượng bằng 0"),
    SkipReason.NO_OUTPUT: N_("không có ngõ ra âm thanh"),
    SkipReason.NO_VOICE: N_("thiếu giọng đọc, cài espeak-ng"),
    SkipReason.FAILED: N_("lỗi khi phát tiếng"),
    SkipReason.SCREEN_OFF: N_("màn hình không hiện"),
    "paper_out": N_("hết giấy"),
    "cover_open": N_("nắp đang mở"),
    "cutter_error": N_("dao cắt giấy bị kẹt"),
    "overheated": N_("máy in quá nóng"),
    "offline": N_("không nối được máy in"),
    "wrong_baud": N_("sai tốc độ cổng"),
    "device_fault": N_("máy in báo lỗi"),
    "interrupted": N_("máy in ngừng giữa chừng"),
    "not_found": N_("không thấy máy in đó"),
    "not_kept": N_("không ghi được lựa chọn, có thể hết chỗ trên đĩa"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the newest order of a device."""

    state: str
    """`info`, `good`, `warn` or `bad`."""
    words: str


def outcome_of(order: OrderProgress, zone: ZoneInfo, t: Words) -> Outcome:
    """Return it in words, with the time."""
    at = t.time(order.ended_at or order.at, zone)
    match order.outcome:
        case None:
            return Outcome("info", t(_WAITING.get(order.does, _WAITING["blink"])))
        case OrderOutcome.DONE:
            return Outcome("good", f"{t(_DONE.get(order.does, _DONE['blink']))} · {at}")
        case OrderOutcome.UNPROVEN:
            return Outcome("warn", f"{t(_UNPROVEN.get(order.does, _UNPROVEN['blink']))} · {at}")
        case OrderOutcome.FAILED:
            failed = t(_FAILED.get(order.does, _FAILED["blink"]))
            return Outcome("bad", f"{failed}{_why(order.reason, t)} · {at}")
        case OrderOutcome.UNANSWERED:
            return Outcome("bad", f"{t(_UNANSWERED)} · {at}")


def _why(reason: str, t: Words) -> str:
    if reason in _REASONS:
        return f": {t(_REASONS[reason])}"
    if reason and all(part.isdigit() for part in reason.split(", ")):
        silent = t("quầy {counters} không trả lời", counters=reason)
        return f": {silent}"
    return ""
