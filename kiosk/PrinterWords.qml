import QtQml

// What is wrong with the printer, in one plain sentence.
QtObject {
    function trouble(state: string): string {
        switch (state) {
        case "paper_out":
            return qsTr("Máy in hết giấy.");
        case "cover_open":
            return qsTr("Nắp máy in đang mở.");
        case "cutter_error":
            return qsTr("Dao cắt giấy của máy in bị kẹt.");
        case "overheated":
            return qsTr("Máy in đang quá nóng.");
        case "offline":
            return qsTr("Chưa kết nối được máy in.");
        }
        return qsTr("Máy in tạm ngừng.");
    }
}
