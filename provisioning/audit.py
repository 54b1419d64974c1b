"""The audit: who did what, from where, read page by page."""

from dataclasses import dataclass
from datetime import datetime

from hall.words import N_
from provisioning.site_db import SiteDb, from_us, to_us

ACTIONS = {
    "appointment_booked": N_("Đặt hẹn"),
    "appointment_moved": N_("Đổi giờ hẹn"),
    "appointment_cancelled": N_("Hủy hẹn"),
    "audit_forgotten": N_("Xóa nhật ký quá hạn lưu"),
    "logged_in": N_("Đăng nhập"),
    "pin_set": N_("Đặt mã PIN"),
    "pin_cleared": N_("Bỏ mã PIN"),
    "pin_refused": N_("Mã PIN không đúng"),
    "officer_changed": N_("Đổi cán bộ ở quầy"),
    "logged_out": N_("Đăng xuất"),
    "login_refused": N_("Đăng nhập không thành công"),
    "code_ended": N_("Mã dùng một lần bị hủy sau năm lần sai"),
    "code_refused": N_("Mã dùng một lần không đúng"),
    "logged_out_everywhere": N_("Đăng xuất mọi nơi"),
    "account_added": N_("Thêm tài khoản"),
    "account_changed": N_("Sửa tài khoản"),
    "password_set": N_("Đặt mật khẩu"),
    "password_cleared": N_("Xóa mật khẩu cũ"),
    "password_code_made": N_("Tạo mã dùng một lần"),
    "certificate_made": N_("Tạo chứng thư"),
    "pairing_begun": N_("Tạo mã ghép máy"),
    "pairing_refused": N_("Mã ghép máy không đúng"),
    "pairing_ended": N_("Bỏ mã ghép máy"),
    "box_paired": N_("Ghép máy"),
    "box_revoked": N_("Thu hồi máy"),
    "box_checked": N_("Đã kiểm tra máy bị cảnh báo"),
    "box_copied": N_("Một tài khoản, hai máy cùng lúc"),
    "tablet_code_made": N_("Tạo mã ghép máy tính bảng"),
    "tablet_code_ended": N_("Bỏ mã ghép máy tính bảng"),
    "tablet_refused": N_("Mã ghép máy tính bảng không đúng"),
    "tablet_paired": N_("Ghép máy tính bảng"),
    "tablet_revoked": N_("Thu hồi máy tính bảng"),
    "token_made": N_("Tạo mã truy cập"),
    "token_revoked": N_("Thu hồi mã truy cập"),
    "webhook_added": N_("Thêm webhook"),
    "webhook_removed": N_("Bỏ webhook"),
    "first_step": N_("Khai báo lần đầu"),
    "recovery_made": N_("Tạo cụm từ khôi phục"),
    "settings_applied": N_("Áp dụng cấu hình"),
    "settings_restored": N_("Trở lại phiên bản cấu hình cũ"),
    "settings_uploaded": N_("Đưa tệp cấu hình lên"),
    "procedures_uploaded": N_("Đưa danh mục thủ tục lên"),
    "procedures_applied": N_("Áp dụng danh mục thủ tục"),
    "voice_installed": N_("Cài giọng đọc"),
    "voice_removed": N_("Trở về giọng có sẵn"),
    "report_made": N_("Lập báo cáo"),
    "report_changed": N_("Sửa báo cáo"),
    "report_removed": N_("Xóa báo cáo"),
    "report_settings": N_("Sửa cài đặt báo cáo"),
    "apply_config": N_("Áp dụng cấu hình"),
    "confirm_day": N_("Mở ngày làm việc"),
    "without_copy": N_("Chấp nhận chạy không còn bản sao"),
    "report_outage": N_("Ghi hệ thống gián đoạn"),
    "end_outage": N_("Ghi hệ thống hoạt động lại"),
    "test_device": N_("Thử thiết bị"),
    "choose_printer": N_("Chọn máy in"),
    "set_volume": N_("Đặt âm lượng"),
    "speak_text": N_("Phát lời qua loa"),
    "post_notice": N_("Đưa thông báo lên bảng"),
    "withdraw_notice": N_("Gỡ thông báo"),
    "mail_sent": N_("Gửi thư"),
    "mail_failed": N_("Không gửi được thư"),
    "mail_removed": N_("Bỏ thư"),
}
"""What the actions are called; one that is not here is shown as it is written."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that somebody did."""

    serial: int
    at: datetime
    account: str
    address: str
    action: str
    detail: str


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which entries are wanted; what is empty chooses all."""

    account: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    """Entries older than this one: how the next page is asked for."""


def audit_page(db: SiteDb, query: AuditQuery, most: int) -> list[AuditEntry]:
    """Return the newest entries that are wanted, at most `most` and one that tells of more."""
    conditions = {
        "account = ?": query.account,
        "action = ?": query.action,
        "at_us >= ?": to_us(query.since) if query.since else "",
        "at_us < ?": to_us(query.until) if query.until else "",
        "serial < ?": query.before or "",
    }
    asked = {condition: value for condition, value in conditions.items() if value != ""}
    where = " AND ".join(asked) or "1"
    rows = db.read(
        f"SELECT * FROM audit WHERE {where} ORDER BY serial DESC LIMIT ?",  # noqa: S608 - our own conditions
        [*asked.values(), most + 1],
    )
    return [
        AuditEntry(
            row["serial"],
            from_us(row["at_us"]),
            row["account"],
            row["address"],
            row["action"],
            row["detail"],
        )
        for row in rows
    ]


def audited_actions(db: SiteDb) -> list[str]:
    """Return the actions that there are entries of."""
    return [row["action"] for row in db.read("SELECT DISTINCT action FROM audit ORDER BY action")]
