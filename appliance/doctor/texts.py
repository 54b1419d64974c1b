"""Everything the doctor says, in Vietnamese and English."""

from appliance.doctor.finding import Finding, Level
from config import Text

_LEVELS = {
    Level.OK: Text(vi="tốt", en="ok"),
    Level.NOTE: Text(vi="lưu ý", en="note"),
    Level.ERROR: Text(vi="LỖI", en="ERROR"),
}

_SUBJECTS = {
    "config": Text(vi="Cấu hình", en="Configuration"),
    "python": Text(vi="Python", en="Python"),
    "qt": Text(vi="Thư viện màn hình Qt", en="Qt screen libraries"),
    "screens": Text(vi="Màn hình", en="Screens"),
    "fonts": Text(vi="Phông chữ", en="Fonts"),
    "mosquitto": Text(vi="Chương trình mosquitto", en="Program mosquitto"),
    "espeak": Text(vi="Chương trình espeak-ng", en="Program espeak-ng"),
    "sqlite": Text(vi="Thư viện SQLite", en="SQLite library"),
    "disk": Text(vi="Dung lượng đĩa", en="Disk space"),
    "clock": Text(vi="Đồng hồ", en="Clock"),
    "broker": Text(vi="Máy chủ tin nhắn", en="Broker"),
    "service": Text(vi="Dịch vụ xếp hàng", en="Queue service"),
    "device": Text(vi="Thiết bị {device}", en="Device {device}"),
    "port": Text(vi="Cổng {port}", en="Port {port}"),
    "store": Text(vi="Sổ ghi lượt chờ", en="Log of waits"),
    "chain": Text(vi="Chuỗi sự kiện", en="Chain of events"),
    "printer": Text(vi="Máy in {name}", en="Printer {name}"),
    "tickets": Text(vi="Mẫu phiếu", en="Ticket layouts"),
    "sign": Text(vi="Bảng LED quầy {counter}", en="LED sign of counter {counter}"),
    "sound": Text(vi="Loa", en="Loudspeaker"),
    "keypad": Text(vi="Bàn phím gọi {name}", en="Call keypad {name}"),
}

_SAYS = {
    "ok": Text(vi="sẵn sàng", en="ready"),
    "is": Text(vi="{what}", en="{what}"),
    "wrong_config": Text(vi="{reason} – hãy sửa tệp này", en="{reason} – please correct the file"),
    "old_python": Text(
        vi="bản {version} quá cũ; cài Python 3.11 trở lên rồi xóa thư mục .venv",
        en="version {version} is too old; install Python 3.11 or newer and remove .venv",
    ),
    "qt_missing": Text(
        vi="thiếu thư viện ({reason}); chạy ./denluot run để cài",
        en="a library is missing ({reason}); ./denluot run installs it",
    ),
    "no_screen": Text(
        vi="không thấy màn hình nào; trung tâm sẽ chạy ẩn, các cửa sổ không hiện ra",
        en="there is none; the centre runs headless, its windows are not seen",
    ),
    "screens_unread": Text(
        vi="không mở được ({reason}); kiểm tra dây nối và phiên đăng nhập màn hình",
        en="cannot be used ({reason}); check the cable and the desktop session",
    ),
    "screen_missing": Text(
        vi="{device} cần màn hình {wanted} nhưng chỉ có: {there}; nối màn hình hoặc sửa "
        "mục screen trong device.toml",
        en="{device} needs screen {wanted}, there are: {there}; connect it or change screen "
        "in device.toml",
    ),
    "font_missing": Text(
        vi="{reason}; xóa thư mục .venv rồi chạy ./denluot run",
        en="{reason}; remove .venv and run ./denluot run",
    ),
    "font_thin": Text(
        vi="chữ số đậm hiện ra thành nét mảnh: máy có phông khác trùng tên",
        en="bold figures come out thin: this machine has other fonts of the same name",
    ),
    "program_missing": Text(
        vi="chưa cài; chạy: sudo apt-get install {package}",
        en="is not installed; run: sudo apt-get install {package}",
    ),
    "espeak_missing": Text(
        vi="chưa cài nên thông báo tự do không đọc được, gọi số vẫn đọc; "
        "chạy: sudo apt-get install espeak-ng",
        en="is not installed: free announcements stay silent, calls are spoken all the same; "
        "run: sudo apt-get install espeak-ng",
    ),
    "sqlite_race": Text(
        vi="bản {version} có lỗi đã biết khi nhiều tiến trình cùng ghi; ở đây chỉ một tiến trình "
        "ghi nên không ảnh hưởng – đừng mở sổ bằng chương trình khác để ghi",
        en="version {version} has a known fault when several processes write; here only one does, "
        "so it is safe – do not write to the log with another program",
    ),
    "disk_free": Text(vi="còn trống {free_gb} GB", en="{free_gb} GB free"),
    "disk_low": Text(
        vi="chỉ còn {free_gb} GB; hãy dọn bớt tệp", en="only {free_gb} GB left; make room soon"
    ),
    "disk_full": Text(
        vi="chỉ còn {free_mb} MB, sắp không ghi được lượt chờ; dọn bớt tệp ngay",
        en="only {free_mb} MB left, soon no wait can be logged; make room now",
    ),
    "not_writable": Text(
        vi="không ghi được vào {path}; kiểm tra quyền của thư mục",
        en="{path} cannot be written; check its permissions",
    ),
    "clock_wrong": Text(
        vi="đang là {now}, chắc chắn sai; đặt lại giờ: sudo timedatectl set-ntp true",
        en="shows {now}, which is wrong; set it: sudo timedatectl set-ntp true",
    ),
    "clock_behind": Text(
        vi="đang là {now} nhưng sổ đã có lượt lúc {newest}; kiểm tra giờ của máy",
        en="shows {now}, but the log already has {newest}; check the machine's time",
    ),
    "clock_own": Text(
        vi="{now} là giờ riêng của lần chạy này, không phải giờ thật",
        en="{now} is this run's own time, not the real one",
    ),
    "not_running": Text(
        vi="trung tâm chưa chạy; khởi động: ./denluot run",
        en="no centre runs; start it: ./denluot run",
    ),
    "broker_silent": Text(
        vi="không trả lời tại {host}:{port}; dừng trung tâm rồi chạy lại ./denluot run",
        en="does not answer at {host}:{port}; stop the centre and start it again: ./denluot run",
    ),
    "connection_wrong": Text(
        vi="{reason}; dừng trung tâm rồi chạy lại ./denluot run",
        en="{reason}; stop the centre and start it again: ./denluot run",
    ),
    "service_gone": Text(
        vi="không chạy; xem {data}/log/service.log rồi chạy lại ./denluot run",
        en="is not there; see {data}/log/service.log, then start again: ./denluot run",
    ),
    "device_gone": Text(
        vi="mất kết nối từ {since}; kiểm tra nguồn và dây mạng của máy này",
        en="not connected since {since}; check its power and network cable",
    ),
    "device_says": Text(vi="{message}", en="says: {message}"),
    "port_taken": Text(
        vi="chương trình khác đang dùng; dừng nó hoặc chọn {option}",
        en="is used by another program; stop it or choose {option}",
    ),
    "port_free": Text(vi="còn trống", en="free"),
    "store_new": Text(
        vi="chưa có, sẽ được tạo khi chạy lần đầu", en="not there yet, the first run creates it"
    ),
    "store_unread": Text(
        vi="không đọc được ({reason}); khôi phục bản sao lưu mới nhất",
        en="cannot be read ({reason}); restore the newest backup",
    ),
    "store_broken": Text(
        vi="tệp bị hỏng ({reason}); dừng trung tâm và khôi phục bản sao lưu mới nhất",
        en="the file is damaged ({reason}); stop the centre and restore the newest backup",
    ),
    "chain_good": Text(
        vi="{events} sự kiện, mắt xích cuối khớp; kiểm tra hết: ./denluot verify",
        en="{events} events, the newest link fits; check all: ./denluot verify",
    ),
    "chain_empty": Text(vi="chưa có sự kiện nào", en="no events yet"),
    "chain_broken": Text(
        vi="sự kiện {seq} không khớp mắt xích; chạy ./denluot verify và giữ nguyên tệp",
        en="event {seq} does not fit its link; run ./denluot verify and keep the file as it is",
    ),
    "printer_files": Text(vi="giả lập, ghi phiếu vào {path}", en="simulated, papers go to {path}"),
    "printer_unknown": Text(
        vi="đã kết nối, chưa rõ tình trạng giấy; chạy ./denluot printer test để máy học máy in này",
        en="connected; how its paper is, is not known; ./denluot printer test learns what it tells",
    ),
    "printer_silent": Text(
        vi="đã kết nối; máy in này không báo tình trạng, hãy xem giấy hằng ngày",
        en="connected; this printer tells nothing of itself, look at its paper every day",
    ),
    "printer_basic": Text(
        vi="sẵn sàng; có thể không xác nhận được phiếu đã in (xem: ./denluot printer test)",
        en="ready; it may not prove that a ticket was printed (see: ./denluot printer test)",
    ),
    "printer_busy": Text(
        vi="chương trình khác đang dùng (thường là máy lấy số đang chạy)",
        en="another program is using it (usually the kiosk that runs)",
    ),
    "printer_gone": Text(
        vi="không kết nối được ({reason}); kiểm tra nguồn, dây nối và mục printers của device.toml",
        en="cannot be reached ({reason}); check its power, its cable and printers in device.toml",
    ),
    "paper_low": Text(vi="sắp hết giấy; chuẩn bị cuộn mới", en="paper is low; have a roll ready"),
    "paper_out": Text(vi="hết giấy; thay cuộn giấy mới", en="out of paper; put in a new roll"),
    "cover_open": Text(vi="nắp đang mở; đóng nắp lại", en="the cover is open; close it"),
    "print_time": Text(
        vi="phiếu in trong khoảng {seconds} giây", en="a ticket takes about {seconds} seconds"
    ),
    "print_short": Text(
        vi="đường truyền chậm nên in phiếu rút gọn, trong khoảng {seconds} giây; muốn in phiếu "
        "đầy đủ, đặt máy in và mục baud của device.toml là 115200, hoặc nối bằng USB",
        en="prints the short ticket because its line is slow, in about {seconds} seconds; for the "
        "whole ticket set the printer and baud in device.toml to 115200, or connect it by USB",
    ),
    "print_slow": Text(
        vi="phiếu in mất khoảng {seconds} giây, quá lâu; đặt máy in và mục baud của device.toml "
        "là 115200, nối bằng USB, hoặc dùng mẫu phiếu ngắn hơn",
        en="a ticket takes about {seconds} seconds, too long; set the printer and baud in "
        "device.toml to 115200, connect it by USB, or use a shorter layout",
    ),
    "sign_unknown": Text(
        vi="đã gửi số, bảng loại này không trả lời; nhìn bảng để chắc chắn",
        en="was written to; this kind never answers, so look at it to be sure",
    ),
    "sign_dead": Text(
        vi="không trả lời; kiểm tra nguồn của bảng, hai dây A/B, địa chỉ {address} và mục signs "
        "của device.toml",
        en="does not answer; check its power, its wires A and B, its address {address} and signs "
        "in device.toml",
    ),
    "sign_refused": Text(
        vi="có trả lời nhưng không hiện được số; sửa bảng thanh ghi (registers) của mục signs "
        "trong device.toml theo tài liệu của bảng (địa chỉ {address})",
        en="answers, but cannot show the number; correct registers in signs of device.toml after "
        "the sign's manual (address {address})",
    ),
    "path_by_order": Text(
        vi="tên {path} có thể đổi khi cắm lại; ghi đường dẫn trong /dev/serial/by-id vào "
        "device.toml",
        en="{path} may be another device after the next plug; name its path below "
        "/dev/serial/by-id in device.toml",
    ),
    "cutter_error": Text(
        vi="dao cắt bị kẹt; tắt máy in, mở nắp, gỡ giấy kẹt rồi bật lại",
        en="the cutter is stuck; switch it off, open it, take the paper out, switch it on",
    ),
    "overheated": Text(
        vi="đầu in quá nóng; chờ vài phút cho nguội, để thoáng khe gió",
        en="the head is too hot; let it cool for some minutes and keep its vents free",
    ),
    "fault": Text(
        vi="máy in báo lỗi; xem đèn trên máy, gỡ giấy kẹt, tắt rồi bật lại",
        en="it reports an error; see its lamp, remove jammed paper, switch it off and on",
    ),
    "ticket_present": Text(
        vi="còn phiếu ở khe in; lấy phiếu ra", en="a ticket is still in its mouth; take it out"
    ),
    "wrong_baud": Text(
        vi="trả lời không đọc được; đặt baud của máy này trong device.toml bằng tốc độ ghi trên "
        "phiếu tự kiểm tra của máy in",
        en="its answers make no sense; set baud in device.toml to the speed on the printer's own "
        "status sheet",
    ),
    "sound_files": Text(vi="giả lập, ghi vào {path}", en="simulated, writes to {path}"),
    "sound_gone": Text(
        vi="không có ngõ ra âm thanh nào; cắm loa hoặc thiết bị âm thanh rồi thử lại",
        en="there is no sound output; connect a loudspeaker or sound card and try again",
    ),
    "sound_named": Text(
        vi="không có ngõ ra tên {wanted} ({reason}); sửa mục announcer trong device.toml",
        en="there is no output named {wanted} ({reason}); correct announcer in device.toml",
    ),
    "keypad_ready": Text(vi="quầy {counter}, sẵn sàng", en="counter {counter}, ready"),
    "keypad_unheard": Text(
        vi="quầy {counter}, đã nối dây, chưa có lần bấm nào; xin bấm thử một lần",
        en="counter {counter}, connected, nothing was heard of it yet; press it once",
    ),
    "keypad_offline": Text(
        vi="quầy {counter}, mất kết nối; kiểm tra dây, nguồn và mục keypads của device.toml",
        en="counter {counter}, not connected; check cable, power and keypads in device.toml",
    ),
    "keypad_silent": Text(
        vi="quầy {counter}, không trả lời; kiểm tra nguồn và địa chỉ của bàn phím",
        en="counter {counter}, does not answer; check the keypad's power and address",
    ),
    "keypad_shared": Text(
        vi="quầy {counter}, chương trình khác đang dùng bàn phím này nên phím bấm không có tác "
        "dụng; tắt chương trình đó",
        en="counter {counter}, another program uses it, so its keys do nothing; end that program",
    ),
    "device_fault": Text(
        vi="quầy {counter}, lỗi phần mềm; gửi nhật ký cho kỹ thuật",
        en="counter {counter}, an error of the software; send the log to support",
    ),
    "keypad_gone": Text(
        vi="không thấy {path}; cắm thiết bị hoặc sửa mục keypads của device.toml",
        en="{path} is not there; connect the device or correct keypads in device.toml",
    ),
    "buttons_here": Text(
        vi="nghe trên máy chủ tin nhắn của trung tâm; xin bấm thử từng nút khi trung tâm chạy",
        en="heard on the centre's own broker; press each once while the centre runs",
    ),
    "buttons_silent": Text(
        vi="máy chủ tin nhắn của các nút không trả lời tại {host}:{port}; kiểm tra máy đó và mục "
        "broker trong device.toml",
        en="their broker does not answer at {host}:{port}; check that machine and broker in "
        "device.toml",
    ),
    "button_strange": Text(
        vi="nút này vừa được bấm nhưng chưa thuộc quầy nào; thêm tên nút vào mục units của "
        "device.toml",
        en="was pressed and belongs to no counter; add its name to units in device.toml",
    ),
    "keypad_forbidden": Text(
        vi="không được phép mở {path}; cài các tệp trong deploy/udev rồi cắm lại thiết bị",
        en="{path} may not be opened; install the files of deploy/udev, then plug it in again",
    ),
    "keypad_unknown": Text(
        vi="chưa có trong mục devices của centre.toml với role = keypad",
        en="is not among the devices of centre.toml with role = keypad",
    ),
    "keypad_not_for": Text(
        vi="không được gọi cho quầy {counters}; bổ sung counters của thiết bị này trong "
        "centre.toml",
        en="may not call for counter {counters}; add it to this device's counters in centre.toml",
    ),
    "all_well": Text(vi="Không có lỗi.", en="No errors."),
    "errors": Text(
        vi="Số lỗi cần xử lý: {count} (các dòng LỖI ở trên).",
        en="Errors to see to: {count} (the ERROR lines above).",
    ),
}


def line(finding: Finding, lang: str) -> tuple[str, str, str]:
    """Return a finding as three cells: level, subject, what to know or do."""
    values = {name: _written(value, lang) for name, value in finding.values.items()}
    return (
        _LEVELS[finding.level](lang),
        _SUBJECTS[finding.subject](lang).format(**values),
        _SAYS[finding.says](lang).format(**values),
    )


def verdict(errors: int, lang: str) -> str:
    """Return the last line."""
    return _SAYS["errors" if errors else "all_well"](lang).format(count=errors)


def _written(value: object, lang: str) -> object:
    """Return a number with the decimal mark of `lang`, anything else as it is."""
    return str(value).replace(".", ",") if isinstance(value, float) and lang == "vi" else value
