"""The fixed phrases of a kiosk that speaks: ids and words.

Each is a clip of the voice packs; its words are texts of the catalogue, so that another language
is a catalogue and a pack. A new phrase is an id and its words here and its English in the
catalogue; then `python -m voice.render_pack vi` and `en` add its clips to the packs.
"""

from enum import StrEnum

from hall.words import N_, Words


class Phrase(StrEnum):
    """The fixed phrases, by the id of their clip."""

    WELCOME = "welcome"
    HOW_TO = "how_to"
    ASK_STAFF = "ask_staff"
    """In place of a text that has no clip."""
    CHOOSE_SERVICE = "choose_service"
    CONNECTING = "connecting"
    GO_TO_COUNTER = "go_to_counter"
    INTERRUPTED = "interrupted"
    TAKE_LEFT_PAPER = "take_left_paper"
    PRESS_TO_CHOOSE = "press_to_choose"
    ON = "on"
    OFF = "off"
    PRIORITY = "priority"
    PRIORITY_MARK = "priority_mark"
    APPOINTMENT_MARK = "appointment_mark"
    GUIDANCE = "guidance"
    GUIDANCE_DESK = "guidance_desk"
    APPOINTMENT = "appointment"
    PROCEDURES = "procedures"
    LANGUAGE = "language"
    NEXT_LANGUAGE = "next_language"
    LARGE = "large"
    CONTRAST = "contrast"
    LOW = "low"
    SPEECH_OFF = "speech_off"
    SPEECH_ENDED = "speech_ended"
    CURTAIN = "curtain"
    CURTAIN_ON = "curtain_on"
    CURTAIN_OFF = "curtain_off"
    REPEAT = "repeat"
    PAUSE = "pause"
    PAUSED = "paused"
    VOLUME = "volume"
    HELP = "help"
    HELP_CALLING = "help_calling"
    HELP_CALLED = "help_called"
    HELP_COUNTER = "help_counter"
    HELPER = "helper"
    HELP_COMING = "help_coming"
    THERE_ARE = "there_are"
    PEOPLE_WAITING = "people_waiting"
    ONE_WAITING = "one_waiting"
    NOBODY_WAITING = "nobody_waiting"
    MORE_THAN = "more_than"
    ABOUT = "about"
    LESS_THAN = "less_than"
    TO = "to"
    MINUTES = "minutes"
    ONE_MINUTE = "one_minute"
    HOURS = "hours"
    NOT_OPEN = "not_open"
    BREAK = "break"
    BREAK_UNTIL = "break_until"
    FULL = "full"
    LAST_TICKET = "last_ticket"
    OPENS_AT = "opens_at"
    REOPENS_AT = "reopens_at"
    NOT_YET = "not_yet"
    ROLL = "roll"
    ROLL_ADVICE = "roll_advice"
    OUT_OF_HOURS = "out_of_hours"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    NEXT_WEEK = "next_week"
    BEFORE_YOU = "before_you"
    PEOPLE = "people"
    STILL_WANTED = "still_wanted"
    TAKE_NUMBER = "take_number"
    TAKE_NO_NUMBER = "take_no_number"
    TAKE_APPOINTED = "take_appointed"
    TAKE_HERE = "take_here"
    TAKING = "taking"
    TAKE_PAPER = "take_paper"
    REMEMBER_NUMBER = "remember_number"
    COPYING = "copying"
    TAKE_COPY = "take_copy"
    YOUR_NUMBER = "your_number"
    AGAIN = "again"
    WILL_BE_CALLED = "will_be_called"
    WILL_COME = "will_come"
    IF_MISSED = "if_missed"
    ONLY_TODAY = "only_today"
    NO_PAPER = "no_paper"
    MAYBE_NO_PAPER = "maybe_no_paper"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    CUTTER_ERROR = "cutter_error"
    OVERHEATED = "overheated"
    PRINTER_OFFLINE = "printer_offline"
    PRINTER_STOPPED = "printer_stopped"
    REMEMBER_OR_TELL = "remember_or_tell"
    STILL_GIVES = "still_gives"
    PRINT_COPY = "print_copy"
    WRONG_CHOICE = "wrong_choice"
    FINISH = "finish"
    VOID_NUMBER = "void_number"
    VOID_MEANS = "void_means"
    KEEP = "keep"
    VOID = "void"
    VOIDED = "voided"
    VOIDED_ADVICE = "voided_advice"
    NOT_VOIDED = "not_voided"
    NOT_VOIDED_ADVICE = "not_voided_advice"
    CHOOSE_OTHER = "choose_other"
    TOO_FAST = "too_fast"
    TOO_FAST_ADVICE = "too_fast_advice"
    NO_NUMBER = "no_number"
    NO_NUMBER_ADVICE = "no_number_advice"
    NO_HELP = "no_help"
    NO_HELP_ADVICE = "no_help_advice"
    ENTER_CODE = "enter_code"
    CODE_SO_FAR = "code_so_far"
    ERASE = "erase"
    WRONG_CODE = "wrong_code"
    CODE_PAST = "code_past"
    CODE_EARLY = "code_early"
    CODE_OTHER_DAY = "code_other_day"
    CODE_LATE = "code_late"
    CODE_USED = "code_used"
    CODE_TRIES = "code_tries"
    NORMAL_NUMBER = "normal_number"
    LETTER_A = "letter_a"
    LETTER_B = "letter_b"
    LETTER_C = "letter_c"
    LETTER_D = "letter_d"
    LETTER_E = "letter_e"
    LETTER_F = "letter_f"
    LETTER_G = "letter_g"
    LETTER_H = "letter_h"
    LETTER_J = "letter_j"
    LETTER_K = "letter_k"
    LETTER_M = "letter_m"
    LETTER_N = "letter_n"
    LETTER_P = "letter_p"
    LETTER_Q = "letter_q"
    LETTER_R = "letter_r"
    LETTER_S = "letter_s"
    LETTER_T = "letter_t"
    LETTER_V = "letter_v"
    LETTER_W = "letter_w"
    LETTER_X = "letter_x"
    LETTER_Y = "letter_y"
    LETTER_Z = "letter_z"
    TO_FIRST_PAGE = "to_first_page"
    MORE_TIME_QUESTION = "more_time_question"
    MORE_TIME_ADVICE = "more_time_advice"
    MORE_TIME = "more_time"


WORDS: dict[Phrase, str] = {
    Phrase.WELCOME: N_("Xin chào quý vị. Đây là máy lấy số của"),
    Phrase.HOW_TO: N_(
        "Nút phải để sang mục sau, nút trái để về mục trước, nút tròn để chọn, "
        "nút lên và nút xuống để chỉnh âm lượng và nghe lại."
    ),
    Phrase.ASK_STAFF: N_("xin hỏi cán bộ"),
    Phrase.CHOOSE_SERVICE: N_("Mời quý vị chọn việc cần làm"),
    Phrase.CONNECTING: N_("Máy lấy số đang kết nối"),
    Phrase.GO_TO_COUNTER: N_("Nếu cần ngay, mời quý vị liên hệ quầy hoặc bàn hướng dẫn."),
    Phrase.INTERRUPTED: N_("Hệ thống đang tạm gián đoạn. Quý vị vẫn lấy được số."),
    Phrase.TAKE_LEFT_PAPER: N_("Còn phiếu ở khe in, mời quý vị nhận phiếu."),
    Phrase.PRESS_TO_CHOOSE: N_("Bấm nút tròn để chọn"),
    Phrase.ON: N_("đang bật"),
    Phrase.OFF: N_("đang tắt"),
    Phrase.PRIORITY: N_("Tôi thuộc diện ưu tiên"),
    Phrase.PRIORITY_MARK: N_("Số ưu tiên"),
    Phrase.APPOINTMENT_MARK: N_("Số có hẹn"),
    Phrase.GUIDANCE: N_("Tôi chưa biết chọn ô nào"),
    Phrase.GUIDANCE_DESK: N_("Lấy số đến bàn hướng dẫn"),
    Phrase.APPOINTMENT: N_("Tôi có hẹn"),
    Phrase.PROCEDURES: N_("Thủ tục và giấy tờ"),
    Phrase.LANGUAGE: N_("Đổi sang tiếng Anh"),
    Phrase.NEXT_LANGUAGE: N_("Đổi ngôn ngữ"),
    Phrase.LARGE: N_("Chữ to"),
    Phrase.CONTRAST: N_("Tương phản cao"),
    Phrase.LOW: N_("Hạ thấp màn hình"),
    Phrase.SPEECH_OFF: N_("Tắt đọc"),
    Phrase.SPEECH_ENDED: N_("Đã tắt đọc. Cảm ơn quý vị."),
    Phrase.CURTAIN: N_("Che màn hình"),
    Phrase.CURTAIN_ON: N_("Màn hình đã che"),
    Phrase.CURTAIN_OFF: N_("Màn hình đã mở"),
    Phrase.REPEAT: N_("Đọc lại trang này"),
    Phrase.PAUSE: N_("Tạm dừng đọc"),
    Phrase.PAUSED: N_("Đã tạm dừng. Bấm nút bất kỳ để đọc tiếp."),
    Phrase.VOLUME: N_("Âm lượng"),
    Phrase.HELP: N_("Gọi người giúp"),
    Phrase.HELP_CALLING: N_("Đang gọi cán bộ"),
    Phrase.HELP_CALLED: N_("Đã báo cán bộ, xin chờ"),
    Phrase.HELP_COUNTER: N_("Cán bộ quầy"),
    Phrase.HELPER: N_("Cán bộ"),
    Phrase.HELP_COMING: N_("đang đến"),
    Phrase.THERE_ARE: N_("còn"),
    Phrase.PEOPLE_WAITING: N_("người chờ"),
    Phrase.ONE_WAITING: N_("một người chờ"),
    Phrase.NOBODY_WAITING: N_("Chưa có người chờ"),
    Phrase.MORE_THAN: N_("hơn"),
    Phrase.ABOUT: N_("chờ khoảng"),
    Phrase.LESS_THAN: N_("chờ dưới"),
    Phrase.TO: N_("đến"),
    Phrase.MINUTES: N_("phút"),
    Phrase.ONE_MINUTE: N_("một phút"),
    Phrase.HOURS: N_("giờ"),
    Phrase.NOT_OPEN: N_("Quầy chưa mở"),
    Phrase.BREAK: N_("Tạm nghỉ"),
    Phrase.BREAK_UNTIL: N_("Tạm nghỉ, tiếp tục từ"),
    Phrase.FULL: N_("Hết số hôm nay"),
    Phrase.LAST_TICKET: N_("Hết giờ lấy số"),
    Phrase.OPENS_AT: N_("Lấy số từ"),
    Phrase.REOPENS_AT: N_("Hết giờ lấy số, mở lại"),
    Phrase.NOT_YET: N_("Chưa mở"),
    Phrase.ROLL: N_("Lấy số ở cuộn giấy"),
    Phrase.ROLL_ADVICE: N_("Mời quý vị xé một số ở cuộn giấy của lĩnh vực này, rồi chờ gọi số."),
    Phrase.OUT_OF_HOURS: N_("Ngoài giờ lấy số"),
    Phrase.MORNING: N_("sáng"),
    Phrase.AFTERNOON: N_("chiều"),
    Phrase.EVENING: N_("tối"),
    Phrase.MONDAY: N_("Thứ Hai"),
    Phrase.TUESDAY: N_("Thứ Ba"),
    Phrase.WEDNESDAY: N_("Thứ Tư"),
    Phrase.THURSDAY: N_("Thứ Năm"),
    Phrase.FRIDAY: N_("Thứ Sáu"),
    Phrase.SATURDAY: N_("Thứ Bảy"),
    Phrase.SUNDAY: N_("Chủ Nhật"),
    Phrase.NEXT_WEEK: N_("tuần sau"),
    Phrase.BEFORE_YOU: N_("Trước quý vị có"),
    Phrase.PEOPLE: N_("người"),
    Phrase.STILL_WANTED: N_("Quý vị vẫn lấy số?"),
    Phrase.TAKE_NUMBER: N_("Vẫn lấy số"),
    Phrase.TAKE_NO_NUMBER: N_("Không lấy số"),
    Phrase.TAKE_APPOINTED: N_("Lấy số có hẹn"),
    Phrase.TAKE_HERE: N_("Lấy số cho việc này"),
    Phrase.TAKING: N_("Đang lấy số cho quý vị…"),
    Phrase.TAKE_PAPER: N_("Mời quý vị nhận phiếu"),
    Phrase.REMEMBER_NUMBER: N_("Xin quý vị ghi nhớ số này"),
    Phrase.COPYING: N_("Đang in lại phiếu…"),
    Phrase.TAKE_COPY: N_("Mời quý vị nhận bản in lại"),
    Phrase.YOUR_NUMBER: N_("Số thứ tự của quý vị"),
    Phrase.AGAIN: N_("Xin nhắc lại"),
    Phrase.WILL_BE_CALLED: N_("Khi đến lượt, loa và màn hình sẽ mời quý vị đến quầy"),
    Phrase.WILL_COME: N_("Cán bộ sẽ đến mời quý vị tại chỗ."),
    Phrase.IF_MISSED: N_("Nếu lỡ lượt, mời quý vị báo cán bộ, không cần lấy số mới."),
    Phrase.ONLY_TODAY: N_("Số chỉ có giá trị trong ngày."),
    Phrase.NO_PAPER: N_("Chưa in được phiếu. Xin ghi nhớ số này hoặc báo cán bộ."),
    Phrase.MAYBE_NO_PAPER: N_("Nếu chưa thấy phiếu, xin ghi nhớ số này hoặc lấy bản in lại."),
    Phrase.PAPER_OUT: N_("Máy in hết giấy."),
    Phrase.COVER_OPEN: N_("Nắp máy in đang mở."),
    Phrase.CUTTER_ERROR: N_("Dao cắt giấy của máy in bị kẹt."),
    Phrase.OVERHEATED: N_("Máy in đang quá nóng."),
    Phrase.PRINTER_OFFLINE: N_("Chưa kết nối được máy in."),
    Phrase.PRINTER_STOPPED: N_("Máy in tạm ngừng."),
    Phrase.REMEMBER_OR_TELL: N_("Xin ghi nhớ số này hoặc báo cán bộ."),
    Phrase.STILL_GIVES: N_("Quý vị vẫn lấy được số, xin ghi nhớ số trên màn hình."),
    Phrase.PRINT_COPY: N_("In lại phiếu"),
    Phrase.WRONG_CHOICE: N_("Chọn nhầm – hủy số này"),
    Phrase.FINISH: N_("Xong"),
    Phrase.VOID_NUMBER: N_("Hủy số"),
    Phrase.VOID_MEANS: N_("Phiếu của số này sẽ không còn giá trị."),
    Phrase.KEEP: N_("Giữ số"),
    Phrase.VOID: N_("Đồng ý hủy số"),
    Phrase.VOIDED: N_("Đã hủy số"),
    Phrase.VOIDED_ADVICE: N_("Phiếu cũ không còn giá trị. Mời quý vị chọn lại việc cần làm."),
    Phrase.NOT_VOIDED: N_("Chưa hủy được số"),
    Phrase.NOT_VOIDED_ADVICE: N_("Số này vẫn có giá trị. Nếu không dùng, xin quý vị báo cán bộ."),
    Phrase.CHOOSE_OTHER: N_("Mời quý vị chọn việc khác hoặc hỏi quầy hướng dẫn."),
    Phrase.TOO_FAST: N_("Mời quý vị chờ một lát"),
    Phrase.TOO_FAST_ADVICE: N_("Máy vừa cấp nhiều số liên tiếp. Mời quý vị thử lại sau ít phút."),
    Phrase.NO_NUMBER: N_("Chưa lấy được số"),
    Phrase.NO_NUMBER_ADVICE: N_("Mời quý vị liên hệ quầy để được lấy số."),
    Phrase.NO_HELP: N_("Chưa gọi được cán bộ"),
    Phrase.NO_HELP_ADVICE: N_("Mời quý vị đến quầy gần nhất."),
    Phrase.ENTER_CODE: N_("Mời quý vị nhập mã hẹn gồm sáu chữ và số"),
    Phrase.CODE_SO_FAR: N_("Đã nhập"),
    Phrase.ERASE: N_("Xóa"),
    Phrase.WRONG_CODE: N_("Không có lịch hẹn với mã này. Mời quý vị nhập lại hoặc hỏi cán bộ."),
    Phrase.CODE_PAST: N_("Lịch hẹn này đã qua hoặc đã hủy. Mời quý vị hỏi cán bộ."),
    Phrase.CODE_EARLY: N_("Chưa đến giờ lấy số của lịch hẹn này."),
    Phrase.CODE_OTHER_DAY: N_("Lịch hẹn này vào ngày khác."),
    Phrase.CODE_LATE: N_("Đã quá giờ hẹn. Mời quý vị lấy số thường."),
    Phrase.CODE_USED: N_("Lịch hẹn này đã được lấy số."),
    Phrase.CODE_TRIES: N_("Đã nhập sai mã nhiều lần. Mời đợi một phút rồi nhập lại."),
    Phrase.NORMAL_NUMBER: N_("Lấy số thường"),
    Phrase.LETTER_A: N_("chữ a"),
    Phrase.LETTER_B: N_("chữ bê"),
    Phrase.LETTER_C: N_("chữ xê"),
    Phrase.LETTER_D: N_("chữ dê"),
    Phrase.LETTER_E: N_("chữ e"),
    Phrase.LETTER_F: N_("chữ ép"),
    Phrase.LETTER_G: N_("chữ giê"),
    Phrase.LETTER_H: N_("chữ hát"),
    Phrase.LETTER_J: N_("chữ gi"),
    Phrase.LETTER_K: N_("chữ ca"),
    Phrase.LETTER_M: N_("chữ em mờ"),
    Phrase.LETTER_N: N_("chữ en nờ"),
    Phrase.LETTER_P: N_("chữ pê"),
    Phrase.LETTER_Q: N_("chữ quy"),
    Phrase.LETTER_R: N_("chữ e rờ"),
    Phrase.LETTER_S: N_("chữ ét sì"),
    Phrase.LETTER_T: N_("chữ tê"),
    Phrase.LETTER_V: N_("chữ vê"),
    Phrase.LETTER_W: N_("chữ vê kép"),
    Phrase.LETTER_X: N_("chữ ích xì"),
    Phrase.LETTER_Y: N_("chữ i dài"),
    Phrase.LETTER_Z: N_("chữ dét"),
    Phrase.TO_FIRST_PAGE: N_("Về trang đầu"),
    Phrase.MORE_TIME_QUESTION: N_("Quý vị cần thêm thời gian?"),
    Phrase.MORE_TIME_ADVICE: N_("Bấm nút bất kỳ để tiếp tục. Nếu không, máy sẽ về trang đầu."),
    Phrase.MORE_TIME: N_("Tôi cần thêm thời gian"),
}


def phrase_words(phrase: Phrase, t: Words) -> str:
    """Return the words of a phrase, as its clip says them."""
    return t(WORDS[phrase])
