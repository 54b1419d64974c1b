"""What to do about a device's trouble, in the words that every program of ours uses."""

from bus.vocabulary import PrinterState
from hall.words import N_

PRINTER = {
    PrinterState.PAPER_LOW: N_("sắp hết giấy; chuẩn bị cuộn mới"),
    PrinterState.PAPER_OUT: N_("hết giấy; thay cuộn giấy mới"),
    PrinterState.COVER_OPEN: N_("nắp đang mở; đóng nắp lại"),
    PrinterState.CUTTER_ERROR: N_("dao cắt bị kẹt; tắt máy in, mở nắp, gỡ giấy kẹt rồi bật lại"),
    PrinterState.OVERHEATED: N_("đầu in quá nóng; chờ vài phút cho nguội, để thoáng khe gió"),
    PrinterState.FAULT: N_("máy in báo lỗi; xem đèn trên máy, gỡ giấy kẹt, tắt rồi bật lại"),
    PrinterState.TICKET_PRESENT: N_("còn phiếu ở khe in; lấy phiếu ra"),
    PrinterState.WRONG_BAUD: N_(
        "trả lời không đọc được; đặt baud của máy này trong device.toml bằng tốc độ ghi trên "
        "phiếu tự kiểm tra của máy in"
    ),
}
