"""What the self-test says, in Vietnamese and English."""

from bus.vocabulary import PrinterState
from config import Text
from hardware.printer.capability import Capability, Level, Proof
from hardware.printer.selftest.learning import Step

TITLE = Text(vi="IN THỬ", en="PRINTER TEST")
TESTING = Text(vi="Máy in {name} ({address})", en="Printer {name} ({address})")
UP_TO = Text(vi="{what} (lâu nhất {seconds} giây)…", en="{what} (at most {seconds} s)…")
LOOK = Text(
    vi="Xem phiếu: thước có chạm hai mép giấy, chữ có đủ dấu, mã QR có quét được, giấy có được "
    "cắt không?",
    en="Look at the paper: does the ruler reach both edges, has every letter its marks, can the QR "
    "code be scanned, was the paper cut?",
)
KEPT = Text(
    vi="Đã ghi vào {path}. Máy lấy số dùng kết quả này từ lần khởi động sau.",
    en="Kept in {path}. The kiosk goes by it from its next start.",
)
NOT_KEPT = Text(vi="Không ghi được {path}: {reason}", en="{path} cannot be written: {reason}")
SIMULATED = Text(
    vi="giả lập, không có gì để thử; phiếu ở {path}. Muốn thử với máy in biết trả lời: "
    "denluot simulate-device printer",
    en="is simulated, there is nothing to test; papers go to {path}. For one that answers: "
    "denluot simulate-device printer",
)
NO_SUCH = Text(
    vi="không có máy in {name!r}; có: {there}", en="no printer {name!r}; there are: {there}"
)
BUSY = Text(
    vi="Máy in đang được chương trình khác dùng (thường là máy lấy số đang chạy). Hãy dừng máy lấy "
    "số rồi thử lại.",
    en="Another program is using the printer (usually the kiosk). Stop the kiosk and try again.",
)
STUCK = Text(
    vi="Máy in không nhận dữ liệu. Kiểm tra máy đã bật, có giấy, và flow_control trong device.toml "
    "hợp với dây.",
    en="The printer takes no data. Check that it is on, has paper, and that flow_control in "
    "device.toml fits the cable.",
)
GONE = Text(
    vi="Không kết nối được: {reason}. Kiểm tra nguồn, dây và mục printers của device.toml.",
    en="Cannot be reached: {reason}. Check its power, its cable and printers in device.toml.",
)
STEPS = {
    Step.STATUS: Text(vi="Hỏi tình trạng", en="Asking how it is"),
    Step.REPORTS: Text(vi="Xem máy có tự báo không", en="Seeing whether it reports by itself"),
    Step.CLEARING: Text(
        vi="Xem máy có xóa được phiếu kẹt không", en="Seeing whether it can forget"
    ),
    Step.PRINTING: Text(vi="In trang thử", en="Printing the page"),
    Step.PROCESS_ID: Text(vi="Chờ xác nhận theo mã phiếu", en="Waiting for the job's own id"),
    Step.IN_TURN: Text(vi="Chờ xác nhận theo lượt", en="Waiting for an answer in turn"),
}
_STATES = {
    PrinterState.READY: Text(vi="sẵn sàng, còn giấy", en="ready, with paper"),
    PrinterState.PAPER_LOW: Text(vi="sắp hết giấy", en="paper is low"),
    PrinterState.TICKET_PRESENT: Text(vi="còn phiếu ở khe", en="a ticket is in its mouth"),
    PrinterState.PAPER_OUT: Text(
        vi="hết giấy; thay cuộn mới rồi thử lại", en="out of paper; put in a roll and try again"
    ),
    PrinterState.COVER_OPEN: Text(
        vi="nắp đang mở; đóng nắp rồi thử lại", en="the cover is open; close it and try again"
    ),
    PrinterState.CUTTER_ERROR: Text(
        vi="dao cắt bị kẹt; gỡ giấy kẹt rồi thử lại", en="the cutter is stuck; free it, try again"
    ),
    PrinterState.OVERHEATED: Text(
        vi="quá nóng; chờ nguội rồi thử lại", en="too hot; let it cool and try again"
    ),
    PrinterState.FAULT: Text(
        vi="máy báo lỗi; tắt, bật lại rồi thử lại", en="reports an error; switch it off and on"
    ),
    PrinterState.OFFLINE: Text(
        vi="đang tạm dừng; xem nút và đèn trên máy", en="is off line; see its button and lamp"
    ),
    PrinterState.WRONG_BAUD: Text(
        vi="trả lời không đọc được; đặt baud trong device.toml đúng tốc độ của máy rồi thử lại. "
        "Nếu phiếu vẫn in đúng: thêm --ignore-answers",
        en="its answers make no sense; set baud in device.toml to its speed and try again. If "
        "tickets come out well all the same: add --ignore-answers",
    ),
    PrinterState.UNKNOWN: Text(vi="máy không cho biết", en="it does not say"),
}
_PROOFS = {
    Proof.PROCESS_ID: Text(vi="theo mã từng phiếu (tốt nhất)", en="by each ticket's id (the best)"),
    Proof.IN_TURN: Text(vi="theo lượt", en="in turn"),
    Proof.STATUS: Text(
        vi="gián tiếp, qua tình trạng sau khi in", en="indirect, by its status afterwards"
    ),
    Proof.NONE: Text(
        vi="không; phiếu in xong vẫn ghi là chưa rõ", en="none; prints end as unknown"
    ),
}
_LEVELS = {
    Level.FULL: Text(vi="đầy đủ", en="full"),
    Level.BASIC: Text(vi="cơ bản", en="basic"),
    Level.NONE: Text(vi="không; hãy xem giấy hằng ngày", en="none; look at its paper every day"),
    Level.UNKNOWN: Text(vi="chưa rõ", en="unknown"),
}
_STATE = Text(vi="Tình trạng", en="Condition")
_SAYS = Text(vi="Khả năng báo", en="What it tells")
_PROVES = Text(vi="Xác nhận đã in", en="Proof of a print")
_REPORTS = Text(vi="Tự báo khi đổi", en="Reports by itself")
_CLEARS = Text(vi="Xóa phiếu kẹt", en="Forgets a stuck job")
_MOUTH = Text(vi="Biết phiếu còn ở khe", en="Sees the ticket in its mouth")
_YES, _NO = Text(vi="có", en="yes"), Text(vi="không", en="no")


def state_line(state: PrinterState, lang: str) -> str:
    """Return how the printer is, and what to do."""
    return f"  {_STATE(lang)}: {_STATES[state](lang)}"


def found_lines(found: Capability, lang: str) -> list[str]:
    """Return what the printer can say."""
    facts = [
        (_SAYS, _LEVELS[found.level]),
        (_PROVES, _PROOFS[found.proof]),
        (_REPORTS, _YES if found.automatic else _NO),
        (_CLEARS, _YES if found.clears else _NO),
        (_MOUTH, _YES if found.module else _NO),
    ]
    return [f"  {what(lang)}: {answer(lang)}" for what, answer in facts]
