"""Everything the doctor says, in Vietnamese and English."""

from appliance.doctor.finding import Finding, Level
from hall.words import N_, Words
from hall.words.remedies import PRINTER

_LEVELS = {
    Level.OK: N_("tốt"),
    Level.NOTE: N_("lưu ý"),
    Level.ERROR: N_("LỖI"),
}

_SUBJECTS = {
    "config": N_("Cấu hình"),
    "python": N_("Python"),
    "qt": N_("Thư viện màn hình Qt"),
    "screens": N_("Màn hình"),
    "fonts": N_("Phông chữ"),
    "mosquitto": N_("Chương trình mosquitto"),
    "espeak": N_("Chương trình espeak-ng"),
    "sqlite": N_("Thư viện SQLite"),
    "disk": N_("Dung lượng đĩa"),
    "clock": N_("Đồng hồ"),
    "broker": N_("Máy chủ tin nhắn"),
    "service": N_("Dịch vụ xếp hàng"),
    "device": N_("Thiết bị {device}"),
    "machine": N_("Máy {name}"),
    "port": N_("Cổng {port}"),
    "store": N_("Sổ ghi lượt chờ"),
    "chain": N_("Chuỗi sự kiện"),
    "backup": N_("Sao lưu"),
    "printer": N_("Máy in {name}"),
    "tickets": N_("Mẫu phiếu"),
    "sign": N_("Bảng LED quầy {counter}"),
    "sound": N_("Loa"),
    "reading": N_("Loa của máy lấy số"),
    "clips": N_("Lời đọc ở máy lấy số"),
    "keypad": N_("Bàn phím gọi {name}"),
    "dispenser": N_("Hộp nút lấy số"),
    "accounts": N_("Tài khoản"),
    "certificate": N_("Chứng thư của trang quản lý"),
}

_SAYS = {
    **{state.value: remedy for state, remedy in PRINTER.items()},
    "ok": N_("sẵn sàng"),
    "is": N_("{what}"),
    "wrong_config": N_("{reason} – hãy sửa tệp này"),
    "old_python": N_("bản {version} quá cũ; cài Python 3.11 trở lên rồi xóa thư mục .venv"),
    "qt_missing": N_("thiếu thư viện ({reason}); chạy ./denluot run để cài"),
    "no_screen": N_("không thấy màn hình nào; trung tâm sẽ chạy ẩn, các cửa sổ không hiện ra"),
    "screens_unread": N_("không mở được ({reason}); kiểm tra dây nối và phiên đăng nhập màn hình"),
    "screen_missing": N_(
        "{device} cần màn hình {wanted} nhưng chỉ có: {there}; nối màn hình hoặc sửa "
        "mục screen trong device.toml"
    ),
    "font_missing": N_("{reason}; xóa thư mục .venv rồi chạy ./denluot run"),
    "font_thin": N_("chữ số đậm hiện ra thành nét mảnh: máy có phông khác trùng tên"),
    "program_missing": N_("chưa cài; chạy: sudo apt-get install {package}"),
    "espeak_missing": N_(
        "chưa cài nên thông báo tự do không đọc được, gọi số vẫn đọc; "
        "chạy: sudo apt-get install espeak-ng"
    ),
    "sqlite_race": N_(
        "bản {version} có lỗi đã biết khi nhiều tiến trình cùng ghi; ở đây chỉ một tiến trình "
        "ghi nên không ảnh hưởng – đừng mở sổ bằng chương trình khác để ghi"
    ),
    "disk_free": N_("còn trống {free_gb} GB"),
    "disk_low": N_("chỉ còn {free_gb} GB; hãy dọn bớt tệp"),
    "disk_full": N_("chỉ còn {free_mb} MB, sắp không ghi được lượt chờ; dọn bớt tệp ngay"),
    "not_writable": N_("không ghi được vào {path}; kiểm tra quyền của thư mục"),
    "clock_wrong": N_("đang là {now}, chắc chắn sai; đặt lại giờ: sudo timedatectl set-ntp true"),
    "clock_behind": N_("đang là {now} nhưng sổ đã có lượt lúc {newest}; kiểm tra giờ của máy"),
    "clock_own": N_("{now} là giờ riêng của lần chạy này, không phải giờ thật"),
    "not_running": N_("trung tâm chưa chạy; khởi động: ./denluot run"),
    "broker_silent": N_(
        "không trả lời tại {host}:{port}; dừng trung tâm rồi chạy lại ./denluot run"
    ),
    "connection_wrong": N_("{reason}; dừng trung tâm rồi chạy lại ./denluot run"),
    "service_gone": N_("không chạy; xem {data}/log/service.log rồi chạy lại ./denluot run"),
    "device_gone": N_("mất kết nối từ {since}; kiểm tra nguồn và dây mạng của máy này"),
    "device_never": N_("chưa bao giờ kết nối; bật máy này, hoặc bỏ thiết bị này ở trang Thiết bị"),
    "device_hangs": N_("im lặng từ {since} dù còn nối mạng; tắt bật lại máy này"),
    "version_too_old": N_("phiên bản {version} quá cũ, chưa tham gia được; nâng cấp máy này"),
    "version_behind": N_(
        "phiên bản {version}, máy chủ {centre}; nâng cấp máy này khi trung tâm đóng cửa"
    ),
    "version_ahead": N_("phiên bản {version}, mới hơn máy chủ ({centre}); nâng cấp máy chủ"),
    "paper_lost": N_("phiếu số {number} chưa in được; in lại ở quầy hoặc báo số cho người dân"),
    "site_service_gone": N_(
        "không chạy; trên máy chủ: sudo systemctl restart denluot-service, rồi denluot doctor"
    ),
    "site_silent": N_(
        "không nghe được cấu hình của trung tâm; trên máy chủ: "
        "sudo systemctl restart denluot.target"
    ),
    "site_store": N_("không ghi được dữ liệu; kiểm tra ổ đĩa của máy chủ: đầy hoặc hỏng"),
    "site_sound": N_("không nghe được gì; kiểm tra nguồn của loa và dây âm thanh"),
    "site_volume": N_("âm lượng bằng 0; tăng âm lượng ở trang Thiết bị"),
    "site_stale": N_("đang hiện số cũ; kiểm tra dây mạng của máy này rồi tắt bật lại"),
    "site_sign": N_(
        "bảng LED của quầy {counters} không chạy; kiểm tra nguồn của bảng và hai dây A/B"
    ),
    "clock_off": N_(
        "đồng hồ lệch {minutes} phút so với máy chủ; chạy lại denluot install để máy này lấy giờ "
        "của máy chủ"
    ),
    "device_says": N_("{message}"),
    "port_taken": N_("chương trình khác đang dùng; dừng nó hoặc chọn {option}"),
    "port_free": N_("còn trống"),
    "no_administrator": N_(
        "chưa có người quản trị; chạy: ./denluot account add TÊN --role administrator --data {data}"
    ),
    "accounts_unread": N_("không đọc được ({reason}); khôi phục bản sao lưu của accounts.db"),
    "certificate_good": N_("có giá trị đến {until}"),
    "certificate_ends": N_("sắp hết hạn, ngày {until}; chạy: ./denluot account certificate"),
    "certificate_over": N_("đã hết hạn ngày {until}; chạy: ./denluot account certificate"),
    "certificate_unread": N_("không đọc được ({reason}); chạy: ./denluot account certificate"),
    "store_new": N_("chưa có, sẽ được tạo khi chạy lần đầu"),
    "store_unread": N_("không đọc được ({reason}); khôi phục bản sao lưu mới nhất"),
    "store_broken": N_("tệp bị hỏng ({reason}); dừng trung tâm và khôi phục bản sao lưu mới nhất"),
    "chain_good": N_("{events} sự kiện, mắt xích cuối khớp; kiểm tra hết: ./denluot verify"),
    "backup_none": N_("chưa có bản nào; chạy: denluot backup"),
    "backup_old": N_("bản tốt gần nhất đã quá một ngày rưỡi ({since}); chạy: denluot backup"),
    "backup_part": N_(
        "bản tốt gần nhất {hours} giờ trước; lần sau cùng chưa trọn, xem trang Thiết bị"
    ),
    "backup_good": N_("bản gần nhất {hours} giờ trước, ở {folder}"),
    "chain_empty": N_("chưa có sự kiện nào"),
    "chain_broken": N_(
        "sự kiện {seq} không khớp mắt xích; chạy ./denluot verify và giữ nguyên tệp"
    ),
    "printer_files": N_("giả lập, ghi phiếu vào {path}"),
    "printer_unknown": N_(
        "đã kết nối, chưa rõ tình trạng giấy; chạy ./denluot printer test để máy học máy in này"
    ),
    "printer_silent": N_("đã kết nối; máy in này không báo tình trạng, hãy xem giấy hằng ngày"),
    "printer_basic": N_(
        "sẵn sàng; có thể không xác nhận được phiếu đã in (xem: ./denluot printer test)"
    ),
    "printer_busy": N_("chương trình khác đang dùng (thường là máy lấy số đang chạy)"),
    "printer_gone": N_(
        "không kết nối được ({reason}); kiểm tra nguồn, dây nối và mục printers của device.toml"
    ),
    "print_time": N_("phiếu in trong khoảng {seconds} giây"),
    "print_short": N_(
        "đường truyền chậm nên in phiếu rút gọn, trong khoảng {seconds} giây; muốn in phiếu "
        "đầy đủ, đặt máy in và mục baud của device.toml là 115200, hoặc nối bằng USB"
    ),
    "print_slow": N_(
        "phiếu in mất khoảng {seconds} giây, quá lâu; đặt máy in và mục baud của device.toml "
        "là 115200, nối bằng USB, hoặc dùng mẫu phiếu ngắn hơn"
    ),
    "sign_unknown": N_("đã gửi số, bảng loại này không trả lời; nhìn bảng để chắc chắn"),
    "sign_dead": N_(
        "không trả lời; kiểm tra nguồn của bảng, hai dây A/B, địa chỉ {address} và mục signs "
        "của device.toml"
    ),
    "sign_refused": N_(
        "có trả lời nhưng không hiện được số; sửa bảng thanh ghi (registers) của mục signs "
        "trong device.toml theo tài liệu của bảng (địa chỉ {address})"
    ),
    "path_by_order": N_(
        "tên {path} có thể đổi khi cắm lại; ghi đường dẫn trong /dev/serial/by-id vào device.toml"
    ),
    "clips_all": N_("{count} lời của trung tâm đều đã có tiếng"),
    "clips_unknown": N_("chưa có tiếng cho lời của trung tâm; tự làm khi máy lấy số chạy"),
    "clips_more": N_("và {count} lời khác"),
    "clip_not_yet": N_("“{text}” ({lang}): chưa làm xong"),
    "clip_no_program": N_(
        "“{text}” ({lang}): chưa thu giọng và chưa có espeak-ng, máy sẽ đọc “xin hỏi cán bộ”; "
        "chạy: sudo apt-get install espeak-ng, hoặc thu: denluot voice record --centre"
    ),
    "clip_not_spoken": N_(
        "“{text}” ({lang}): espeak-ng không đọc được hoặc hết chỗ trên đĩa; xem nhật ký của máy "
        "lấy số, hoặc thu: denluot voice record --centre"
    ),
    "clip_too_long": N_("“{text}” ({lang}): dài quá nên không đọc; xin viết ngắn lại"),
    "clips_later": N_(
        "{count} lời nữa không làm sẵn vì quá {most} lời: máy lấy số đọc khi có người nghe, chậm "
        "hơn một chút"
    ),
    "sound_files": N_("giả lập, ghi vào {path}"),
    "reading_gone": N_("không có ngõ ra âm thanh: máy lấy số không đọc màn hình ra loa được"),
    "reading_named": N_(
        "không có ngõ ra tên {wanted} ({reason}); sửa mục kiosk.speech trong device.toml"
    ),
    "sound_gone": N_("không có ngõ ra âm thanh nào; cắm loa hoặc thiết bị âm thanh rồi thử lại"),
    "sound_named": N_(
        "không có ngõ ra tên {wanted} ({reason}); sửa mục announcer trong device.toml"
    ),
    "keypad_ready": N_("quầy {counter}, sẵn sàng"),
    "keypad_unheard": N_("quầy {counter}, đã nối dây, chưa có lần bấm nào; xin bấm thử một lần"),
    "keypad_offline": N_(
        "quầy {counter}, mất kết nối; kiểm tra dây, nguồn và mục keypads của device.toml"
    ),
    "keypad_silent": N_("quầy {counter}, không trả lời; kiểm tra nguồn và địa chỉ của bàn phím"),
    "keypad_shared": N_(
        "quầy {counter}, chương trình khác đang dùng bàn phím này nên phím bấm không có tác "
        "dụng; tắt chương trình đó"
    ),
    "device_fault": N_("quầy {counter}, lỗi phần mềm; gửi nhật ký cho kỹ thuật"),
    "keypad_gone": N_("không thấy {path}; cắm thiết bị hoặc sửa mục keypads của device.toml"),
    "buttons_here": N_(
        "nghe trên máy chủ tin nhắn của trung tâm; xin bấm thử từng nút khi trung tâm chạy"
    ),
    "buttons_silent": N_(
        "máy chủ tin nhắn của các nút không trả lời tại {host}:{port}; kiểm tra máy đó và mục "
        "broker trong device.toml"
    ),
    "button_strange": N_(
        "nút này vừa được bấm nhưng chưa thuộc quầy nào; thêm tên nút vào mục units của device.toml"
    ),
    "keypad_forbidden": N_(
        "không được phép mở {path}; cài các tệp trong deploy/udev rồi cắm lại thiết bị"
    ),
    "dispenser_ready": N_("sẵn sàng, xin bấm thử từng nút"),
    "dispenser_gone": N_("mất kết nối; kiểm tra dây, nguồn và mục dispenser của device.toml"),
    "dispenser_shared": N_(
        "chương trình khác đang dùng hộp nút này nên bấm nút không có tác dụng; tắt chương trình đó"
    ),
    "dispenser_service": N_(
        "nút {name} lấy số của {service} mà trung tâm không có; sửa mục dispenser.buttons"
    ),
    "dispenser_roll": N_(
        "nút {name} lấy số của {service} mà lĩnh vực này xé số ở cuộn giấy; sửa mục "
        "dispenser.buttons"
    ),
    "keypad_unknown": N_("chưa có trong mục devices của centre.toml với role = keypad"),
    "keypad_not_for": N_(
        "không được gọi cho quầy {counters}; bổ sung counters của thiết bị này trong centre.toml"
    ),
    "all_well": N_("Không có lỗi."),
    "errors": N_("Số lỗi cần xử lý: {count} (các dòng LỖI ở trên)."),
}


def line(finding: Finding, lang: str) -> tuple[str, str, str]:
    """Return a finding as three cells: level, subject, what to know or do."""
    t = Words(lang)
    values = {name: _written(value, lang) for name, value in finding.values.items()}
    return (
        t(_LEVELS[finding.level]),
        t(_SUBJECTS[finding.subject]).format(**values),
        t(_SAYS[finding.says]).format(**values),
    )


def verdict(errors: int, lang: str) -> str:
    """Return the last line."""
    return Words(lang)(_SAYS["errors" if errors else "all_well"]).format(count=errors)


def _written(value: object, lang: str) -> object:
    """Return a number with the decimal mark of `lang`, anything else as it is."""
    return str(value).replace(".", ",") if isinstance(value, float) and lang == "vi" else value
