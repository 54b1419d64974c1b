<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="vi_VN">
<context>
    <name>ChoiceSheet</name>
    <message>
        <source>Đóng</source>
        <translation>Close</translation>
    </message>
</context>
<context>
    <name>CounterBar</name>
    <message>
        <source>%1 – Đến Lượt</source>
        <translation>%1 – Đến Lượt</translation>
    </message>
    <message>
        <source>Mở cả cửa sổ</source>
        <translation>Open the whole window</translation>
    </message>
</context>
<context>
    <name>CounterWindow</name>
    <message>
        <source>%1 – Đến Lượt</source>
        <translation>%1 – Đến Lượt</translation>
    </message>
</context>
<context>
    <name>NumberEntry</name>
    <message>
        <source>Số cần gọi</source>
        <translation>Number to call</translation>
    </message>
    <message>
        <source>Gọi số này</source>
        <translation>Call this number</translation>
    </message>
</context>
<context>
    <name>PanelHeader</name>
    <message>
        <source>Thu nhỏ thành thanh</source>
        <translation>Shrink to a bar</translation>
    </message>
</context>
<context>
    <name>TicketList</name>
    <message>
        <source>Đã chờ</source>
        <translation>Waited</translation>
    </message>
</context>
<context>
    <name>panel</name>
    <message>
        <source>Có người cần giúp ở {0}</source>
        <translation>Someone needs help at {0}</translation>
    </message>
    <message>
        <source>Tôi đến giúp</source>
        <translation>I am coming</translation>
    </message>
    <message>
        <source>{0} đang hiện số cũ, xin tắt rồi bật lại</source>
        <translation>{0} shows old numbers: turn it off and on again</translation>
    </message>
    <message>
        <source>{0} mất kết nối, xin kiểm tra nguồn và dây mạng</source>
        <translation>{0} is not connected: check its power and network cable</translation>
    </message>
    <message>
        <source>Màn hình/loa</source>
        <translation>Screen/speaker</translation>
    </message>
    <message>
        <source>Máy lấy số {0}</source>
        <translation>Kiosk {0}</translation>
    </message>
    <message>
        <source>Bảng gọi số {0}</source>
        <translation>Board {0}</translation>
    </message>
    <message>
        <source>Loa {0}</source>
        <translation>Speaker {0}</translation>
    </message>
    <message>
        <source>Máy quầy {0}</source>
        <translation>Counter computer {0}</translation>
    </message>
    <message>
        <source>Bảng LED quầy {0} không sáng số, kiểm tra nguồn và dây</source>
        <translation>LED sign of counter {0} shows nothing, check its power and cable</translation>
    </message>
    <message>
        <source>Bảng LED {0}</source>
        <translation>LED signs {0}</translation>
    </message>
    <message>
        <source>Bàn phím {0}</source>
        <translation>Keypad {0}</translation>
    </message>
    <message>
        <source>sắp hết giấy</source>
        <translation>paper is low</translation>
    </message>
    <message>
        <source>hết giấy</source>
        <translation>out of paper</translation>
    </message>
    <message>
        <source>nắp máy in đang mở</source>
        <translation>printer cover open</translation>
    </message>
    <message>
        <source>dao cắt giấy bị kẹt</source>
        <translation>printer cutter stuck</translation>
    </message>
    <message>
        <source>máy in quá nóng, tự nguội sau ít phút</source>
        <translation>printer too hot, cools down in a few minutes</translation>
    </message>
    <message>
        <source>không nối được máy in</source>
        <translation>printer not connected</translation>
    </message>
    <message>
        <source>máy in sai tốc độ cổng, xin báo kỹ thuật</source>
        <translation>printer port speed is wrong, please tell the technician</translation>
    </message>
    <message>
        <source>máy in có sự cố</source>
        <translation>printer trouble</translation>
    </message>
    <message>
        <source>{0} không phản hồi, xin kiểm tra nguồn và dây</source>
        <translation>{0} does not answer: check its power and cables</translation>
    </message>
    <message>
        <source>{0} không phản hồi. Xin mời số {1} bằng lời</source>
        <translation>{0} does not answer. Please call {1} out</translation>
    </message>
    <message>
        <source>Gọi lại</source>
        <translation>Call again</translation>
    </message>
    <message>
        <source>Gọi lại F8</source>
        <translation>Recall F8</translation>
    </message>
    <message>
        <source>Vắng mặt</source>
        <translation>Absent</translation>
    </message>
    <message>
        <source>Chuyển…</source>
        <translation>Transfer…</translation>
    </message>
    <message>
        <source>Khác…</source>
        <translation>More…</translation>
    </message>
    <message>
        <source>Xong – gọi tiếp</source>
        <translation>Done – call next</translation>
    </message>
    <message>
        <source>Mở quầy</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>Gọi số tiếp theo</source>
        <translation>Call the next number</translation>
    </message>
    <message>
        <source>F9 · chưa đến thì tính vắng</source>
        <translation>F9 · counts as absent if not here</translation>
    </message>
    <message>
        <source>F9 · chưa có người chờ</source>
        <translation>F9 · nobody is waiting</translation>
    </message>
    <message>
        <source>Chờ ký – gọi tiếp</source>
        <translation>Park – call next</translation>
    </message>
    <message>
        <source>số {0} quay lại sau khi ký</source>
        <translation>{0} comes back when signed</translation>
    </message>
    <message>
        <source>Đang chờ máy chủ…</source>
        <translation>Waiting for the server…</translation>
    </message>
    <message>
        <source>tiếp tục từ {0:%H:%M}</source>
        <translation>back at {0:%H:%M}</translation>
    </message>
    <message>
        <source>Đang tạm nghỉ</source>
        <translation>Paused</translation>
    </message>
    <message>
        <source>Sẵn sàng</source>
        <translation>Ready</translation>
    </message>
    <message>
        <source>Quầy đang đóng</source>
        <translation>Counter closed</translation>
    </message>
    <message>
        <source>Chưa có người chờ</source>
        <translation>Nobody is waiting</translation>
    </message>
    <message>
        <source>Tiếp theo {0} · {1}</source>
        <translation>Next {0} · {1}</translation>
    </message>
    <message>
        <source>Đã chờ</source>
        <translation>Waited</translation>
    </message>
    <message>
        <source>Phục vụ</source>
        <translation>Served</translation>
    </message>
    <message>
        <source>Gọi</source>
        <translation>Called</translation>
    </message>
    <message>
        <source>{0} lần</source>
        <translation>{0}×</translation>
    </message>
    <message>
        <source>đã hiện, đã đọc</source>
        <translation>shown, spoken</translation>
    </message>
    <message>
        <source>màn hình/loa không phản hồi</source>
        <translation>screen/speaker silent</translation>
    </message>
    <message>
        <source>đã hiện, chưa đọc</source>
        <translation>shown, not spoken</translation>
    </message>
    <message>
        <source>đã đọc, chưa hiện</source>
        <translation>spoken, not shown</translation>
    </message>
    <message>
        <source>đang gọi…</source>
        <translation>calling…</translation>
    </message>
    <message>
        <source>Đã đến</source>
        <translation>Arrived</translation>
    </message>
    <message>
        <source>Đã gửi lệnh in lại phiếu.</source>
        <translation>The copy was sent to the printer.</translation>
    </message>
    <message>
        <source>Đã cấp số. Xin xem trong danh sách.</source>
        <translation>A number was given. Please see the list.</translation>
    </message>
    <message>
        <source>Kết nối: mất</source>
        <translation>Connection: lost</translation>
    </message>
    <message>
        <source>{0} không phản hồi</source>
        <translation>{0} does not answer</translation>
    </message>
    <message>
        <source>Bàn phím: mất kết nối</source>
        <translation>Keypad: not connected</translation>
    </message>
    <message>
        <source>Bàn phím: tốt</source>
        <translation>Keypad: fine</translation>
    </message>
    <message>
        <source>Kết nối: tốt</source>
        <translation>Connection: fine</translation>
    </message>
    <message>
        <source>{0}: mất kết nối</source>
        <translation>{0}: not connected</translation>
    </message>
    <message>
        <source>Số {0}</source>
        <translation>Number {0}</translation>
    </message>
    <message>
        <source>Quầy {0}</source>
        <translation>Counter {0}</translation>
    </message>
    <message>
        <source>Việc khác</source>
        <translation>More</translation>
    </message>
    <message>
        <source>{0}: đến khi nào?</source>
        <translation>{0}: until when?</translation>
    </message>
    <message>
        <source>Bảng gọi số báo cho người chờ biết</source>
        <translation>The boards tell those who wait</translation>
    </message>
    <message>
        <source>Tạm nghỉ vì</source>
        <translation>Pause because of</translation>
    </message>
    <message>
        <source>ghi nhận đang chậm</source>
        <translation>record as slow</translation>
    </message>
    <message>
        <source>đã tốt lại · chậm {0}</source>
        <translation>works again · slow for {0}</translation>
    </message>
    <message>
        <source>Vẫn gọi số bình thường; số phút được ghi lại để báo cáo</source>
        <translation>Calls go on; the minutes are kept for reports</translation>
    </message>
    <message>
        <source>Hệ thống chậm</source>
        <translation>Systems in trouble</translation>
    </message>
    <message>
        <source>Lấy số cho người dân</source>
        <translation>Take a number for someone</translation>
    </message>
    <message>
        <source>Gọi một số</source>
        <translation>Call a number</translation>
    </message>
    <message>
        <source>{0} · {1} người phía trước</source>
        <translation>{0} · {1} ahead</translation>
    </message>
    <message>
        <source>Số mới</source>
        <translation>New number</translation>
    </message>
    <message>
        <source>Gọi một số…</source>
        <translation>Call a number…</translation>
    </message>
    <message>
        <source>Lấy số cho người dân…</source>
        <translation>Take a number for someone…</translation>
    </message>
    <message>
        <source>Đổi giờ quay lại…</source>
        <translation>Change the pause…</translation>
    </message>
    <message>
        <source>Đóng quầy</source>
        <translation>Close the counter</translation>
    </message>
    <message>
        <source>Giờ hẹn</source>
        <translation>Time of the appointment</translation>
    </message>
    <message>
        <source>In phiếu ở {0}</source>
        <translation>Print at {0}</translation>
    </message>
    <message>
        <source>Không in, đọc số cho người dân</source>
        <translation>No paper, tell the number</translation>
    </message>
    <message>
        <source>Vắng mặt – gọi tiếp</source>
        <translation>Absent – call next</translation>
    </message>
    <message>
        <source>Xong, chưa gọi tiếp</source>
        <translation>Done, call nobody yet</translation>
    </message>
    <message>
        <source>Chờ ký, chưa gọi tiếp</source>
        <translation>Park, call nobody yet</translation>
    </message>
    <message>
        <source>Đã quay lại</source>
        <translation>Came back</translation>
    </message>
    <message>
        <source>được gọi kế tiếp</source>
        <translation>is called next</translation>
    </message>
    <message>
        <source>Về lại chỗ cũ trong hàng</source>
        <translation>Back to the old place in line</translation>
    </message>
    <message>
        <source>Còn hồ sơ – xếp cuối hàng</source>
        <translation>More papers – end of the line</translation>
    </message>
    <message>
        <source>Đổi diện…</source>
        <translation>Change class…</translation>
    </message>
    <message>
        <source>Hủy số này…</source>
        <translation>Void this number…</translation>
    </message>
    <message>
        <source>Sang việc khác</source>
        <translation>To another service</translation>
    </message>
    <message>
        <source>Đến quầy khác</source>
        <translation>To another counter</translation>
    </message>
    <message>
        <source>Chuyển số {0}</source>
        <translation>Transfer {0}</translation>
    </message>
    <message>
        <source>Giữ nguyên số và chỗ trong hàng</source>
        <translation>Number and place in line are kept</translation>
    </message>
    <message>
        <source>Đổi diện của số {0}</source>
        <translation>Class of {0}</translation>
    </message>
    <message>
        <source>Lấy nhầm số</source>
        <translation>Took the wrong number</translation>
    </message>
    <message>
        <source>Lấy hai số</source>
        <translation>Took two numbers</translation>
    </message>
    <message>
        <source>Người dân đã về</source>
        <translation>The person has left</translation>
    </message>
    <message>
        <source>Lý do khác</source>
        <translation>Another reason</translation>
    </message>
    <message>
        <source>Hủy số {0}</source>
        <translation>Void {0}</translation>
    </message>
    <message>
        <source>Số này sẽ không được gọi nữa. Chọn lý do:</source>
        <translation>It will not be called any more. Choose a reason:</translation>
    </message>
    <message>
        <source>Số {0} · {1}</source>
        <translation>Number {0} · {1}</translation>
    </message>
    <message>
        <source>số {0} tính là xong</source>
        <translation>{0} counts as done</translation>
    </message>
    <message>
        <source>Gọi số này</source>
        <translation>Call this number</translation>
    </message>
    <message>
        <source>In lại phiếu</source>
        <translation>Print the ticket again</translation>
    </message>
    <message>
        <source>bản in lại ở {0}</source>
        <translation>marked copy at {0}</translation>
    </message>
    <message>
        <source>đang đóng</source>
        <translation>closed</translation>
    </message>
    <message>
        <source>đến {0:%H:%M}</source>
        <translation>until {0:%H:%M}</translation>
    </message>
    <message>
        <source>Đến {0:%H:%M}</source>
        <translation>Until {0:%H:%M}</translation>
    </message>
    <message>
        <source>giờ làm việc tiếp theo</source>
        <translation>next opening</translation>
    </message>
    <message>
        <source>Chưa biết</source>
        <translation>Not known</translation>
    </message>
    <message>
        <source>chờ {0}</source>
        <translation>{0} waiting</translation>
    </message>
    <message>
        <source>Mất kết nối</source>
        <translation>Connection lost</translation>
    </message>
    <message>
        <source>Máy chủ chưa trả lời</source>
        <translation>The server does not answer</translation>
    </message>
    <message>
        <source>Tạm nghỉ…</source>
        <translation>Pause…</translation>
    </message>
    <message>
        <source>{0} đang chậm</source>
        <translation>{0}: slow</translation>
    </message>
    <message>
        <source>bấm để ghi nhận</source>
        <translation>press to record</translation>
    </message>
    <message>
        <source>{0} hệ thống đang chậm</source>
        <translation>{0} systems are slow</translation>
    </message>
    <message>
        <source>đã {0}</source>
        <translation>for {0}</translation>
    </message>
    <message>
        <source>Đang chờ {0}</source>
        <translation>Waiting {0}</translation>
    </message>
    <message>
        <source>Chờ ký {0}</source>
        <translation>Parked {0}</translation>
    </message>
    <message>
        <source>Vắng {0}</source>
        <translation>Absent {0}</translation>
    </message>
    <message>
        <source>đến quầy {0}</source>
        <translation>to counter {0}</translation>
    </message>
    <message>
        <source>và {0} người nữa</source>
        <translation>and {0} more</translation>
    </message>
    <message>
        <source>Không có số nào chờ ký</source>
        <translation>No number is parked</translation>
    </message>
    <message>
        <source>Không có số nào vắng</source>
        <translation>No number is absent</translation>
    </message>
    <message>
        <source>{0} lượt</source>
        <translation>{0} served</translation>
    </message>
    <message>
        <source>bình quân {0}</source>
        <translation>mean {0}</translation>
    </message>
    <message>
        <source>{0} phút</source>
        <translation>{0} min</translation>
    </message>
    <message>
        <source>{0} giờ {1} phút</source>
        <translation>{0} h {1} min</translation>
    </message>
    <message>
        <source>Không còn ai chờ.</source>
        <translation>Nobody is waiting any more.</translation>
    </message>
    <message>
        <source>Số ở quầy vừa thay đổi. Xin xem lại rồi bấm tiếp.</source>
        <translation>The number has just changed. Please look and press again.</translation>
    </message>
    <message>
        <source>Số này đang ở quầy khác. Xin xem lại danh sách.</source>
        <translation>Another counter has this number. Please check the list.</translation>
    </message>
    <message>
        <source>Không tìm thấy trong hôm nay. Xin kiểm tra lại.</source>
        <translation>Not found today. Please check.</translation>
    </message>
    <message>
        <source>Nội dung chưa đúng. Xin kiểm tra rồi làm lại.</source>
        <translation>Something is not right. Please check and try again.</translation>
    </message>
    <message>
        <source>Lệnh đến quá chậm nên chưa làm. Xin bấm lại.</source>
        <translation>This came too late and was not done. Please press again.</translation>
    </message>
    <message>
        <source>Chưa gửi được. Xin bấm lại.</source>
        <translation>Not sent. Please press again.</translation>
    </message>
    <message>
        <source>Lúc này chưa làm được việc đó. Xin xem lại số ở quầy.</source>
        <translation>This cannot be done now. Please check the number at the counter.</translation>
    </message>
    <message>
        <source>Hoàn tác gọi tiếp</source>
        <translation>Undo call next</translation>
    </message>
    <message>
        <source>Hoàn tác gọi số</source>
        <translation>Undo call</translation>
    </message>
    <message>
        <source>Hoàn tác “Đã đến”</source>
        <translation>Undo “Arrived”</translation>
    </message>
    <message>
        <source>Hoàn tác “Xong”</source>
        <translation>Undo “Done”</translation>
    </message>
    <message>
        <source>Hoàn tác “Vắng mặt”</source>
        <translation>Undo “Absent”</translation>
    </message>
    <message>
        <source>Hoàn tác “Chờ ký”</source>
        <translation>Undo “Park”</translation>
    </message>
    <message>
        <source>Hoàn tác chuyển</source>
        <translation>Undo transfer</translation>
    </message>
    <message>
        <source>Hoàn tác xếp lại</source>
        <translation>Undo return</translation>
    </message>
    <message>
        <source>Hoàn tác đổi diện</source>
        <translation>Undo class</translation>
    </message>
    <message>
        <source>Hoàn tác hủy số</source>
        <translation>Undo void</translation>
    </message>
    <message>
        <source>Hoàn tác</source>
        <translation>Undo</translation>
    </message>
    <message>
        <source>Việc này đã hết số hôm nay.</source>
        <translation>All numbers of this service are taken today.</translation>
    </message>
    <message>
        <source>Việc này đang ngoài giờ lấy số.</source>
        <translation>No numbers are given for this service now.</translation>
    </message>
</context>
</TS>
