<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="vi_VN">
<context>
    <name>Banner</name>
    <message>
        <source>Nếu cần ngay, mời quý vị liên hệ quầy hoặc bàn hướng dẫn.</source>
        <translation>If you need a number now, please ask at a counter or the guidance desk.</translation>
    </message>
    <message>
        <source>%1 Quý vị vẫn lấy được số, xin ghi nhớ số trên màn hình.</source>
        <translation>%1 You can still take a number; please remember it from the screen.</translation>
    </message>
    <message>
        <source>Còn phiếu ở khe in, mời quý vị nhận phiếu.</source>
        <translation>There is a ticket in the slot. Please take it.</translation>
    </message>
    <message>
        <source>Hệ thống đang tạm gián đoạn. Quý vị vẫn lấy được số.</source>
        <translation>The system is briefly interrupted. You can still take a number.</translation>
    </message>
</context>
<context>
    <name>BottomBar</name>
    <message>
        <source>Chữ to</source>
        <translation>Large text</translation>
    </message>
    <message>
        <source>Chữ nhỏ</source>
        <translation>Smaller text</translation>
    </message>
    <message>
        <source>Đang gọi cán bộ…</source>
        <translation>Calling our staff…</translation>
    </message>
    <message>
        <source>Cán bộ đang đến</source>
        <translation>Staff are coming</translation>
    </message>
    <message>
        <source>Gọi người giúp</source>
        <translation>Call for help</translation>
    </message>
</context>
<context>
    <name>Countdown</name>
    <message>
        <source>Quý vị cần thêm thời gian?</source>
        <translation>Do you need more time?</translation>
    </message>
    <message>
        <source>giây nữa, màn hình trở về trang đầu</source>
        <translation>seconds until the first screen returns</translation>
    </message>
    <message>
        <source>Tôi cần thêm thời gian</source>
        <translation>I need more time</translation>
    </message>
</context>
<context>
    <name>GuidanceTile</name>
    <message>
        <source>Tôi chưa biết chọn ô nào</source>
        <translation>I am not sure which to choose</translation>
    </message>
    <message>
        <source>Lấy số đến bàn hướng dẫn</source>
        <translation>Take a number for the guidance desk</translation>
    </message>
</context>
<context>
    <name>Heading</name>
    <message>
        <source>Máy lấy số đang kết nối</source>
        <translation>The kiosk is connecting</translation>
    </message>
    <message>
        <source>Ngoài giờ lấy số</source>
        <translation>No numbers at this hour</translation>
    </message>
    <message>
        <source>Mời quý vị chọn việc cần làm</source>
        <translation>Please choose what you need</translation>
    </message>
</context>
<context>
    <name>Kiosk</name>
    <message>
        <source>Đến Lượt – Lấy số</source>
        <translation>Đến Lượt – Take a number</translation>
    </message>
</context>
<context>
    <name>NoticePage</name>
    <message>
        <source>Ngoài giờ lấy số</source>
        <translation>No numbers at this hour</translation>
    </message>
    <message>
        <source>%1 đang tạm nghỉ</source>
        <translation>%1 is on a break</translation>
    </message>
    <message>
        <source>%1 đã hết số hôm nay</source>
        <translation>No more numbers today for %1</translation>
    </message>
    <message>
        <source>Mời quý vị chờ một lát</source>
        <translation>Please wait a moment</translation>
    </message>
    <message>
        <source>Đã hủy số %1</source>
        <translation>Number %1 is cancelled</translation>
    </message>
    <message>
        <source>Chưa hủy được số %1</source>
        <translation>Number %1 is not cancelled</translation>
    </message>
    <message>
        <source>Chưa gọi được cán bộ</source>
        <translation>Our staff could not be called</translation>
    </message>
    <message>
        <source>Chưa lấy được số</source>
        <translation>No number could be given</translation>
    </message>
    <message>
        <source>Mời quý vị hỏi quầy hướng dẫn.</source>
        <translation>Please ask at the guidance desk.</translation>
    </message>
    <message>
        <source>%1 lấy số từ %2.</source>
        <translation>%1 gives numbers from %2.</translation>
    </message>
    <message>
        <source>Mời quý vị chọn việc khác hoặc hỏi quầy hướng dẫn.</source>
        <translation>Please choose another service or ask at the guidance desk.</translation>
    </message>
    <message>
        <source>Tiếp tục từ %1. Mời quý vị quay lại sau hoặc hỏi quầy hướng dẫn.</source>
        <translation>Back at %1. Please come again later or ask at the guidance desk.</translation>
    </message>
    <message>
        <source>Mời quý vị liên hệ quầy để được hướng dẫn.</source>
        <translation>Please ask at a counter.</translation>
    </message>
    <message>
        <source>Máy vừa cấp nhiều số liên tiếp. Mời quý vị thử lại sau ít phút.</source>
        <translation>Many numbers were given in a short time. Please try again in a few minutes.</translation>
    </message>
    <message>
        <source>Mời quý vị bỏ phiếu cũ và chọn lại việc cần làm.</source>
        <translation>Please discard the old ticket and choose again.</translation>
    </message>
    <message>
        <source>Số này vẫn có giá trị. Nếu không dùng, xin quý vị báo cán bộ.</source>
        <translation>This number is still valid. If you do not need it, please tell our staff.</translation>
    </message>
    <message>
        <source>Mời quý vị đến quầy gần nhất.</source>
        <translation>Please go to the nearest counter.</translation>
    </message>
    <message>
        <source>Mời quý vị liên hệ quầy để được lấy số.</source>
        <translation>Please ask at a counter for a number.</translation>
    </message>
    <message>
        <source>Về trang đầu</source>
        <translation>Back to start</translation>
    </message>
</context>
<context>
    <name>PrinterWords</name>
    <message>
        <source>Máy in hết giấy.</source>
        <translation>The printer is out of paper.</translation>
    </message>
    <message>
        <source>Nắp máy in đang mở.</source>
        <translation>The printer’s cover is open.</translation>
    </message>
    <message>
        <source>Dao cắt giấy của máy in bị kẹt.</source>
        <translation>The printer’s cutter is stuck.</translation>
    </message>
    <message>
        <source>Máy in đang quá nóng.</source>
        <translation>The printer is too hot.</translation>
    </message>
    <message>
        <source>Chưa kết nối được máy in.</source>
        <translation>The printer is not connected.</translation>
    </message>
    <message>
        <source>Máy in tạm ngừng.</source>
        <translation>The printer is out of service.</translation>
    </message>
</context>
<context>
    <name>PriorityCard</name>
    <message>
        <source>Tôi thuộc diện ưu tiên</source>
        <translation>I have priority</translation>
    </message>
</context>
<context>
    <name>TakingPage</name>
    <message>
        <source>Đang lấy số cho quý vị…</source>
        <translation>Getting your number…</translation>
    </message>
</context>
<context>
    <name>TicketCard</name>
    <message>
        <source>dưới %1 phút</source>
        <translation>under %1 min</translation>
    </message>
    <message>
        <source>%1 phút</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1–%2 phút</source>
        <translation>%1–%2 min</translation>
    </message>
    <message>
        <source>Số thứ tự của quý vị</source>
        <translation>Your number</translation>
    </message>
    <message>
        <source>người chờ trước</source>
        <translation>ahead of you</translation>
    </message>
    <message>
        <source>chờ khoảng</source>
        <translation>expected wait</translation>
    </message>
</context>
<context>
    <name>TicketGuide</name>
    <message>
        <source>Nếu chưa thấy phiếu, xin ghi nhớ số này hoặc lấy bản in lại.</source>
        <translation>If no ticket came out, please remember this number or take a copy.</translation>
    </message>
    <message>
        <source>%1 Xin ghi nhớ số này hoặc báo cán bộ.</source>
        <translation>%1 Please remember this number or tell the staff.</translation>
    </message>
    <message>
        <source>Chưa in được phiếu. Xin ghi nhớ số này hoặc báo cán bộ.</source>
        <translation>The ticket was not printed. Please remember this number or tell our staff.</translation>
    </message>
    <message>
        <source>In lại phiếu (bản in lại)</source>
        <translation>Print a copy (marked as a copy)</translation>
    </message>
    <message>
        <source>Khi đến lượt, loa và màn hình sẽ mời quý vị đến quầy</source>
        <translation>When it is your turn, the screens and loudspeakers will call you to a counter</translation>
    </message>
</context>
<context>
    <name>TicketPage</name>
    <message>
        <source>Xin quý vị ghi nhớ số này</source>
        <translation>Please remember this number</translation>
    </message>
    <message>
        <source>Đang in lại phiếu…</source>
        <translation>Printing a copy…</translation>
    </message>
    <message>
        <source>Mời quý vị nhận bản in lại</source>
        <translation>Please take your copy</translation>
    </message>
    <message>
        <source>Mời quý vị nhận phiếu</source>
        <translation>Please take your ticket</translation>
    </message>
    <message>
        <source>Chọn nhầm – hủy số này</source>
        <translation>Wrong choice – cancel it</translation>
    </message>
    <message>
        <source>Xong</source>
        <translation>Done</translation>
    </message>
</context>
<context>
    <name>TileArea</name>
    <message>
        <source>Trở lên</source>
        <translation>Back up</translation>
    </message>
    <message>
        <source>Xem thêm</source>
        <translation>More</translation>
    </message>
</context>
<context>
    <name>TileStatus</name>
    <message>
        <source>dưới %1 phút</source>
        <translation>under %1 min</translation>
    </message>
    <message>
        <source>%1 phút</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1–%2 phút</source>
        <translation>%1–%2 min</translation>
    </message>
    <message>
        <source>%1 người chờ</source>
        <translation>%1 waiting</translation>
    </message>
    <message>
        <source>Chưa có người chờ</source>
        <translation>Nobody waiting</translation>
    </message>
    <message>
        <source>Tạm nghỉ, tiếp tục từ %1</source>
        <translation>On a break until %1</translation>
    </message>
    <message>
        <source>Tạm nghỉ</source>
        <translation>On a break</translation>
    </message>
    <message>
        <source>Hết số hôm nay</source>
        <translation>No more numbers today</translation>
    </message>
    <message>
        <source>Hết giờ lấy số, mở lại %1</source>
        <translation>Closed for now, again from %1</translation>
    </message>
    <message>
        <source>Hết giờ lấy số</source>
        <translation>Closed for today</translation>
    </message>
    <message>
        <source>Lấy số từ %1</source>
        <translation>Numbers from %1</translation>
    </message>
    <message>
        <source>Chưa mở</source>
        <translation>Not open yet</translation>
    </message>
</context>
</TS>
