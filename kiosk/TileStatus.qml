import QtQuick
import ui

// How a service stands, in words: who waits, or when it goes on.
Label {
    id: status

    property var tile: ({})
    property bool twoLines: false

    text: words(tile.standing ?? "quiet")
    textFormat: Text.StyledText
    wrapMode: Text.WordWrap
    size: 29

    function minutes(low: int, high: int): string {
        if (low === 0)
            return qsTr("dưới %1 phút").arg(Math.max(high, 1));
        return low === high ? qsTr("%1 phút").arg(low) : qsTr("%1–%2 phút").arg(low).arg(high);
    }

    function bold(words: string): string {
        return "<b>" + words + "</b>";
    }

    function waiting(): string {
        const people = qsTr("%1 người chờ").arg(bold(tile.waiting));
        if (tile.low < 0)
            return people;
        return people + (twoLines ? "<br>" : " · ") + bold(minutes(tile.low, tile.high));
    }

    function words(standing: string): string {
        const at = tile.at ? bold(tile.at) : "";
        switch (standing) {
        case "waiting":
            return waiting();
        case "nobody":
            return qsTr("Chưa có người chờ");
        case "paused":
            return at ? qsTr("Tạm nghỉ, tiếp tục từ %1").arg(at) : qsTr("Tạm nghỉ");
        case "full":
            return qsTr("Hết số hôm nay");
        case "last_ticket":
            return at ? qsTr("Hết giờ lấy số, mở lại %1").arg(at) : qsTr("Hết giờ lấy số");
        case "closed":
            return at ? qsTr("Lấy số từ %1").arg(at) : qsTr("Chưa mở");
        }
        return "";
    }
}
