"""What `denluot --help` says."""

from hall.words import N_, Words

_COMMANDS = {
    "run": N_("chạy cả trung tâm trên máy này"),
    "simulate": N_("cho một ngày của người dân và cán bộ diễn ra ở trung tâm đang chạy"),
    "simulate-device": N_("đóng vai một thiết bị:  denluot simulate-device KIND …"),
    "doctor": N_("kiểm tra mọi thiết bị và chỉ ra việc cần làm"),
    "account": N_("tài khoản của cán bộ và người quản lý:  denluot account add TÊN --role manager"),
    "install": N_("cho máy này một vai trò trong phòng:  denluot install --role kiosk"),
    "uninstall": N_("gỡ vai trò của máy này; dữ liệu ở lại"),
    "pin": N_("đặt mã PIN cho thực đơn bảo trì của máy lấy số này"),
    "join": N_("ghép máy này vào trung tâm bằng mã ở trang Thiết bị:  denluot join MÃ"),
    "ca": N_("tệp để máy của cán bộ tin trang quản lý:  denluot ca export --to DIR"),
    "broker-files": N_("tài khoản và quyền cho một broker có sẵn (Mosquitto, NATS, RabbitMQ)"),
    "report": N_("lập báo cáo thời gian chờ thành tệp:  denluot report --output FILE"),
    "voice": N_("kiểm tra hoặc thu giọng đọc, nghe thử:  denluot voice say 2005 3"),
    "printer": N_("thử máy in và học những gì nó báo:  denluot printer test"),
    "check-config": N_("kiểm tra centre.toml, hoặc device.toml với --device"),
    "bundle": N_("làm thẻ nhớ để cài đặt: gói đã ký cho Debian 12 và 13"),
    "ticket": N_("xem phiếu mà không cần máy in:  denluot ticket preview"),
    "verify": N_("kiểm tra sổ ghi: chuỗi, số bị thiếu, diễn lại"),
    "move-store": N_("chép kho dữ liệu sang PostgreSQL hoặc ngược lại, có kiểm tra"),
    "database": N_("máy chủ PostgreSQL và bản sao:  denluot database status"),
    "day": N_("mở ngày làm việc đang chờ người xác nhận"),
    "support-bundle": N_("gom nhật ký và kết quả kiểm tra để gửi người hỗ trợ, không có mật khẩu"),
    "upgrade": N_("nâng cấp máy này:  denluot upgrade THƯ-MỤC-THẺ-NHỚ"),
    "backup": N_("sao lưu, cả khi trung tâm đang chạy:  denluot backup --stick"),
    "export": N_("xuất toàn bộ dữ liệu thành CSV và JSON:  denluot export FOLDER"),
    "restore": N_("phục hồi từ bản sao lưu:  denluot restore FOLDER"),
    "test": N_("chạy mọi phép kiểm tra (--full thêm các phép lâu)"),
}


def help_text(t: Words) -> str:
    """Return every command with what it is for."""
    lines = [f"  {name:16} {t(says)}" for name, says in _COMMANDS.items()]
    begin = t("cách dùng: ") + t("denluot LỆNH [tùy chọn]")
    return "\n".join([begin, "", *lines, "", t("denluot LỆNH --help cho biết thêm."), ""])
