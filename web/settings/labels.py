"""What the settings are called where a director reads them, and what is said when one is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass

from bus.vocabulary import Role
from config import Problem, Rule
from hall.words import N_, Words


@dataclass(frozen=True, slots=True)
class Label:
    """The words of one setting."""

    text: str
    hint: str = ""
    unit: str = ""
    empty: str = ""
    """What it means to leave it empty."""
    wide: bool = False
    """Whether its texts are long."""


_MINUTES, _SECONDS = N_("phút"), N_("giây")
_HOURS = N_("để trống là nghỉ; nhiều buổi cách nhau bằng dấu phẩy, như 07:30-11:30, 13:30-17:00")

LABELS: Mapping[str, Label] = {
    "Identity.name": Label(N_("Tên trung tâm")),
    "Identity.place": Label(N_("Địa phương")),
    "Identity.city": Label(N_("Thành phố, tỉnh")),
    "Identity.hotline": Label(N_("Đường dây nóng")),
    "Identity.website": Label(N_("Trang thông tin")),
    "Identity.public_url": Label(
        N_("Địa chỉ cho điện thoại của người dân"),
        N_("phiếu chỉ in mã QR sau khi đã mở được trên một điện thoại, xem bên dưới"),
    ),
    "Identity.reached_url": Label(N_("Địa chỉ đã mở được trên điện thoại")),
    "Identity.reached_on": Label(N_("Xác nhận ngày")),
    "Identity.reached_trusted": Label(N_("Chứng thư của địa chỉ được mọi điện thoại tin")),
    "Identity.time_zone": Label(N_("Múi giờ")),
    "Identity.languages": Label(N_("Ngôn ngữ của sảnh")),
    "Identity.other_languages": Label(
        N_("Ngôn ngữ thêm"),
        N_(
            "mỗi ngôn ngữ cần một tệp dịch trên các máy và một bộ giọng đọc ở trang Thiết bị; xóa "
            "trắng một dòng là bỏ ngôn ngữ đó"
        ),
    ),
    "OtherLanguage.code": Label(N_("Mã ngôn ngữ")),
    "OtherLanguage.name": Label(N_("Tên trên nút, bằng ngôn ngữ đó")),
    "Targets.target_min": Label(N_("Mục tiêu chờ"), unit=_MINUTES),
    "Targets.warn_min": Label(N_("Báo sớm khi chờ quá"), unit=_MINUTES),
    "Targets.breach_min": Label(N_("Báo trễ khi chờ quá"), unit=_MINUTES),
    "PriorityClass.head_start_min": Label(
        N_("Được tính như đến sớm hơn"), N_("càng nhiều phút càng được gọi trước"), _MINUTES
    ),
    "PriorityClass.name": Label(N_("Tên diện")),
    "Hours.mon": Label(N_("Thứ Hai"), _HOURS),
    "Hours.tue": Label(N_("Thứ Ba")),
    "Hours.wed": Label(N_("Thứ Tư")),
    "Hours.thu": Label(N_("Thứ Năm")),
    "Hours.fri": Label(N_("Thứ Sáu")),
    "Hours.sat": Label(N_("Thứ Bảy")),
    "Hours.sun": Label(N_("Chủ Nhật")),
    "Hours.issue_before_open_min": Label(N_("Bắt đầu phát số trước giờ mở cửa"), unit=_MINUTES),
    "Hours.last_ticket_before_close_min": Label(
        N_("Lấy số cuối trước giờ nghỉ"), N_("chung cho mọi lĩnh vực không có giờ riêng"), _MINUTES
    ),
    "Hours.holidays": Label(N_("Ngày nghỉ"), N_("xóa trắng một dòng là bỏ ngày nghỉ đó")),
    "Holiday.date": Label(N_("Ngày")),
    "Holiday.name": Label(N_("Tên ngày nghỉ")),
    "Service.code": Label(
        N_("Mã"), N_("chữ hoa, dùng trong nhật ký và tệp cấu hình; không đổi về sau")
    ),
    "Service.digit": Label(N_("Chữ số đầu")),
    "Service.letter": Label(N_("Chữ cái đầu"), N_("khi số phiếu bắt đầu bằng chữ")),
    "Service.name": Label(N_("Tên")),
    "Service.detail": Label(N_("Ghi chú trên máy lấy số"), wide=True),
    "Service.icon": Label(N_("Biểu tượng")),
    "Service.papers": Label(
        N_("Giấy tờ cần mang, in trên phiếu"), N_("mỗi dòng một loại giấy tờ, tối đa 4 dòng")
    ),
    "Service.mean_service_min": Label(
        N_("Thời gian phục vụ dự kiến"), N_("dùng khi trong ngày chưa đủ số liệu"), _MINUTES
    ),
    "Service.issue": Label(
        N_("Giờ phát số riêng"), N_("như 07:30-11:00, 13:30-16:00"), empty=N_("theo giờ trung tâm")
    ),
    "Service.last_ticket_before_close_min": Label(
        N_("Lấy số cuối trước giờ nghỉ"), unit=_MINUTES, empty=N_("theo giờ trung tâm")
    ),
    "Service.daily_cap": Label(
        N_("Số lượt tối đa một ngày"), N_("để trống nếu không giới hạn"), empty=N_("không giới hạn")
    ),
    "Service.number_first": Label(
        N_("Số đầu tiên"), N_("phần sau chữ đầu, như 1"), empty=N_("như mọi lĩnh vực")
    ),
    "Service.number_last": Label(
        N_("Số cuối cùng"), N_("phát đến số này thì hết số trong ngày"), empty=N_("hết các chữ số")
    ),
    "Service.number_step": Label(N_("Bước nhảy"), N_("2 thì phát cách một số: 1, 3, 5…")),
    "Service.roll_first": Label(
        N_("Cuộn giấy: số đầu"), N_("chỉ dùng khi người dân tự xé số ở một cuộn giấy in sẵn")
    ),
    "Service.roll_last": Label(
        N_("Cuộn giấy: số cuối"),
        N_("Để trống nếu máy lấy số phát số. Hết cuộn thì gọi lại từ số đầu."),
    ),
    "Service.appointment_hours": Label(
        N_("Giờ nhận hẹn"),
        N_("như 08:00-10:30, 14:00-16:00; chỉ những giờ trung tâm làm việc"),
        empty=N_("không hẹn giờ"),
        wide=True,
    ),
    "Service.appointment_min": Label(N_("Mỗi khung giờ hẹn dài"), unit=_MINUTES),
    "Service.appointment_seats": Label(N_("Số người hẹn mỗi khung giờ"), unit=N_("người")),
    "Service.appointment_days_ahead": Label(
        N_("Đặt trước nhiều nhất"), N_("0 là chỉ trong ngày"), N_("ngày")
    ),
    "Service.file_paper": Label(
        N_("In thêm phiếu kèm hồ sơ"), N_("mỗi số hai phiếu: người dân giữ một, một kèm hồ sơ")
    ),
    "Service.guidance": Label(
        N_("Là ô hướng dẫn"), N_("hiện thành “Tôi chưa biết chọn ô nào” trên máy lấy số")
    ),
    "Service.collects_result": Label(
        N_("Là nơi nhận kết quả"), N_("loa đọc “… nhận kết quả” khi gọi")
    ),
    "Counter.number": Label(N_("Số quầy")),
    "Counter.name": Label(N_("Tên riêng của quầy"), empty=N_("không có")),
    "Counter.serves": Label(
        N_("Lĩnh vực phục vụ"),
        N_("0 phút là việc chính; số phút khác: làm giúp, người đến chờ thêm bấy nhiêu phút"),
        _MINUTES,
    ),
    "KnownDevice.id": Label(N_("Mã thiết bị")),
    "KnownDevice.role": Label(N_("Là")),
    "KnownDevice.counters": Label(N_("Các quầy"), N_("như 1, 2, 3"), empty=N_("mọi quầy")),
    "KnownDevice.place": Label(N_("Nơi đặt"), empty=N_("không ghi")),
    "Centre.devices": Label(
        N_("Thiết bị của trung tâm"), N_("xóa trắng mã của một dòng là bỏ thiết bị đó")
    ),
    "Numbering.style": Label(N_("Số phiếu bắt đầu bằng")),
    "Numbering.digits": Label(N_("Số chữ số sau phần đầu"), N_("3 cho 2005 hoặc A005")),
    "Numbering.first": Label(N_("Số đầu tiên trong ngày")),
    "Numbering.books": Label(
        N_("Sổ số dự phòng"), N_("số mà máy lấy số tự phát khi dịch vụ không trả lời")
    ),
    "OfflineBook.kiosk": Label(N_("Máy lấy số")),
    "OfflineBook.first": Label(N_("Từ số")),
    "OfflineBook.last": Label(N_("Đến số")),
    "Rules.choice_s": Label(
        N_("Hỏi “Vắng mặt” hay “Đã xong” trong"),
        N_("sau khi lời gọi đã được phát"),
        _SECONDS,
    ),
    "Rules.kiosk_void_within_s": Label(N_("Cho trả lại số trong"), unit=_SECONDS),
    "Rules.kiosk_tickets_per_minute": Label(
        N_("Số phiếu tối đa một phút ở một máy lấy số"), N_("0 là không giới hạn")
    ),
    "Rules.speak_max_age_s": Label(N_("Bỏ lời gọi cũ hơn"), unit=_SECONDS),
    "Rules.flash_s": Label(N_("Số mới nhấp nháy trong"), unit=_SECONDS),
    "Rules.pair_within_s": Label(N_("Hai lượt gọi cùng khung lớn khi cách nhau"), unit=_SECONDS),
    "Rules.spoken_times": Label(N_("Số lần đọc mỗi lời gọi")),
    "Rules.accepted_within_s": Label(N_("Báo động khi loa không nhận lời gọi sau"), unit=_SECONDS),
    "Rules.idle_s": Label(N_("Máy lấy số hỏi lại khi không ai chạm"), unit=_SECONDS),
    "Rules.countdown_s": Label(N_("Đếm ngược trước khi về trang đầu"), unit=_SECONDS),
    "Rules.absent_after_recalls": Label(
        N_("Tự chuyển vắng mặt sau số lần gọi lại"),
        N_(
            "0 là không tự chuyển; 2 thì sau lần gọi lại thứ hai và hết giờ chờ, số sang danh "
            "sách vắng; không bao giờ khi đang phục vụ"
        ),
    ),
    "Rules.late_after_numbers": Label(
        N_("Đến muộn được phục vụ lại nếu chưa quá"),
        N_("0 là lúc nào cũng được; quá số lượt này thì người vắng quay lại xếp cuối hàng"),
        N_("số"),
    ),
    "Rules.show_accounts": Label(
        N_("Cho người quản lý xem theo tài khoản cán bộ"),
        N_("tắt thì nhật ký chỉ ghi số quầy; tài khoản vẫn được lưu để kiểm tra"),
    ),
    "Rules.large_text": Label(
        N_("Máy lấy số mở đầu bằng chữ to"),
        N_("mọi chữ to thêm 40 %, không bớt chữ nào; từng máy có thể đặt khác trong device.toml"),
    ),
    "Rules.high_contrast": Label(
        N_("Máy lấy số mở đầu bằng nền đen"),
        N_("chữ trắng và vàng trên nền đen, cho người nhìn kém"),
    ),
    "Rules.tell_arrivals": Label(
        N_("Báo quầy rảnh khi có người đến"),
        N_("kêu và nháy ở quầy đang mở, chưa có ai, khi hàng chờ đang trống"),
    ),
    "Rules.appointment_early_min": Label(
        N_("Người có hẹn lấy số sớm nhất trước giờ hẹn"), unit=_MINUTES
    ),
    "Rules.appointment_late_min": Label(
        N_("Giờ hẹn còn giá trị sau giờ hẹn"),
        N_("đến muộn hơn thì lấy số thường"),
        _MINUTES,
    ),
    "Rules.ask_above_waiting": Label(
        N_("Máy lấy số hỏi lại khi trước đó có hơn"),
        N_("0 là không hỏi; “Trước quý vị có … người, quý vị vẫn lấy số?”"),
        N_("người"),
    ),
    "VoiceHours.quiet": Label(
        N_("Giờ không đọc loa"), N_("như 11:30-13:30; lời gọi vẫn hiện trên bảng")
    ),
    "VoiceHours.volumes": Label(N_("Giờ đọc nhỏ hơn"), N_("ngoài các giờ này là to hết mức")),
    "VolumeHours.hours": Label(N_("Giờ")),
    "VolumeHours.volume": Label(N_("Độ to"), N_("lớn hơn 0, nhiều nhất là 1")),
    "Wording.marquee": Label(N_("Dòng chữ chạy cuối bảng"), wide=True),
    "Wording.priority_hint": Label(N_("Ai được ưu tiên, ghi trên máy lấy số"), wide=True),
    "Wording.pause_reasons": Label(N_("Lý do tạm nghỉ của quầy")),
    "Wording.systems": Label(N_("Hệ thống có thể báo mất kết nối")),
    "Wording.ticket_footer": Label(N_("Dòng cuối phiếu")),
    "Matters.outcomes": Label(
        N_("Kết quả phục vụ"), N_("mỗi kết quả là một nút ở quầy; để trống cả bảng thì không hỏi")
    ),
    "Matters.park_reasons": Label(N_("Lý do chờ, quay lại sau")),
    "Matters.rating_reasons": Label(
        N_("Lý do khi đánh giá"),
        N_("người dân có thể chạm sau khi chọn một khuôn mặt; để trống cả bảng thì không hỏi"),
    ),
    "Matters.notes": Label(
        N_("Lời nhắn cho cán bộ tiếp theo"), N_("không ghi tên hay chuyện riêng của ai")
    ),
    "Term.id": Label(
        N_("Mã"), N_("chữ thường không dấu, như thieu-giay-to; ghi vào nhật ký, không đổi về sau")
    ),
    "Term.name": Label(N_("Tên")),
    "Assistance.scenarios": Label(
        N_("Kịch bản hỗ trợ"),
        N_(
            "Các dòng ghi “(mẫu)” chỉ là ví dụ, không theo quy định nào: mời trung tâm sửa theo "
            "cách làm của mình. Chỉ đếm số lượt trong ngày, không ghi ai, máy nào, lúc nào."
        ),
    ),
    "Scenario.id": Label(N_("Mã"), N_("chữ thường không dấu; chỉ dùng để đếm")),
    "Scenario.name": Label(N_("Tên")),
    "Scenario.does": Label(N_("Làm cho người này")),
    "Scenario.kiosk": Label(N_("Máy lấy số tự đổi")),
    "Scenario.lang": Label(N_("Ngôn ngữ")),
}
"""By table and key; `tests/unit/web/settings` walks all settings and finds one that has none."""

SERVING = Label(N_("Quầy phục vụ"))
TABLES: Mapping[str, str] = {
    "classes.normal": N_("Diện thường"),
    "classes.priority": N_("Diện ưu tiên"),
    "classes.appointment": N_("Diện có hẹn"),
}
CHOICES: Mapping[str, str] = {
    "digits": N_("chữ số"),
    "letter": N_("chữ cái"),
    "": N_("người dân tự chọn"),
    "priority": N_("diện ưu tiên"),
    "large_paper": N_("phiếu chữ lớn"),
    "spoken_call": N_("đọc gọi chậm, đủ hai lần"),
    "fetch": N_("mời tận nơi"),
    "large": N_("chữ to"),
    "spoken": N_("đọc thành tiếng"),
    "low": N_("nút ở tầm thấp"),
    "contrast": N_("tương phản cao"),
    "vi": N_("Tiếng Việt"),
    "en": N_("Tiếng Anh"),
    Role.KIOSK: N_("máy lấy số"),
    Role.COUNTER: N_("cửa sổ quầy"),
    Role.KEYPAD: N_("bàn phím gọi số"),
    Role.BOARD: N_("bảng gọi số"),
    Role.SIGN: N_("bảng LED quầy"),
    Role.ANNOUNCER: N_("loa"),
    Role.BUTTONS: N_("nút không dây"),
    Role.WEB: N_("trang quản lý"),
    Role.WEB_PUBLIC: N_("trang cho điện thoại"),
    Role.SERVICE: N_("dịch vụ xếp hàng"),
}

_RULES: Mapping[str, str] = {
    Rule.UNKNOWN_FIELD: N_("Phiên bản này không có mục “{key}”. Mời bỏ mục đó khỏi tệp."),
    Rule.MISSING_FIELD: N_("Còn thiếu mục “{key}”."),
    Rule.TWICE: N_("“{value}” đã dùng ở dòng {first}. Mời chọn giá trị khác."),
    Rule.WINDOW: N_("Mời nhập giờ như 07:30-11:30, giờ đầu trước giờ cuối."),
    Rule.WINDOW_ORDER: N_("{window} bắt đầu trước khi {previous} kết thúc."),
    Rule.VOLUME_OVERLAP: N_("{window} trùng với {other}."),
    Rule.LETTER_MISSING: N_("Mời nhập chữ cái đầu, vì số phiếu bắt đầu bằng chữ cái."),
    Rule.NOT_SERVED: N_("Chưa có quầy nào phục vụ. Mời chọn ít nhất một quầy."),
    Rule.SERVES_NOTHING: N_("Quầy {counter} chưa phục vụ lĩnh vực nào."),
    Rule.NO_SERVICE: N_("Không có lĩnh vực {service}."),
    Rule.NO_COUNTER: N_("Không có quầy {counter}."),
    Rule.NEEDS_COUNTERS: N_("Mời ghi các quầy mà {device} phục vụ."),
    Rule.NUMBER_RANGE: N_("Mời nhập số đầu không quá số cuối, số cuối không quá {limit}."),
    Rule.BOOK_RANGE: N_("Mời nhập từ số nhỏ đến số lớn, không quá {limit}."),
    Rule.BOOK_SHARED: N_("Trùng số với một sổ dự phòng khác."),
    Rule.NO_KIOSK: N_("Không có máy lấy số {kiosk}."),
    Rule.TIME_ZONE: N_("Không có múi giờ “{zone}”. Mời nhập như Asia/Ho_Chi_Minh."),
    Rule.PUBLIC_URL: N_("Điện thoại của người dân không mở được địa chỉ này."),
    Rule.SITE_MOVED: N_("Mã trung tâm không đổi được trên trang này."),
    Rule.BOOKED: N_(
        "Còn {count} lịch hẹn của {service}. Xin chuyển hoặc hủy các lịch hẹn đó ở trang Lịch hẹn "
        "rồi bỏ lĩnh vực này."
    ),
    Rule.PEOPLE_WAIT: N_(
        "Còn {count} lượt của lĩnh vực {service} chưa xong hôm nay. Bỏ được sau khi đã gọi hết; "
        "từ giờ đến đó, mọi lượt vẫn được gọi như thường."
    ),
    Rule.PEOPLE_AT_COUNTER: N_(
        "Quầy {counter} đang có người hoặc có người được chuyển đến. Bỏ được sau khi đã phục vụ "
        "xong; từ giờ đến đó, quầy vẫn gọi như thường."
    ),
    Rule.NUMBERING_IN_USE: N_(
        "Hôm nay đã phát số nên cách đánh số chưa đổi được. Mời áp dụng trước giờ phát số."
    ),
    Rule.ROLL_RANGE: N_("Số cuối của cuộn phải lớn hơn số đầu và không quá {limit}."),
    Rule.ROLL_IN_BOOK: N_("Cuộn giấy trùng với sổ dự phòng của máy lấy số, số {first}–{last}."),
    Rule.ROLL_APPOINTMENTS: N_("{service} phát số bằng cuộn giấy nên không hẹn giờ được."),
    Rule.SLOT_TOO_LONG: N_("Giờ {window} ngắn hơn một khung giờ hẹn."),
    Rule.ROLL_CHANGED: N_(
        "Hôm nay lĩnh vực này đã có số. Xin đổi giữa cuộn giấy và máy lấy số trước giờ làm việc."
    ),
    Rule.NUMBERS_IN_USE: N_(
        "Hôm nay đã phát số của {service} với phần đầu này. Mời áp dụng trước giờ phát số."
    ),
    Rule.TOO_LONG: N_("Cấu hình dài quá {bytes} byte. Mời bỏ bớt chữ."),
}


def problem_text(problem: Problem, t: Words) -> str:
    """Return what is wrong and what would be right, for who reads the page."""
    text = _RULES.get(problem.rule)
    if text is None:
        return t("Giá trị này chưa dùng được: {reason}", reason=problem.text)
    try:
        return t(text, **{"rule": "", **problem.values})
    except (KeyError, IndexError):  # a service of another version names other values
        return t("Giá trị này chưa dùng được: {reason}", reason=problem.text)
