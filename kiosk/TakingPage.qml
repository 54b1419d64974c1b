import QtQuick
import ui

// Between the touch and the number: calm words, nothing that turns.
Rectangle {
    color: Theme.sea900

    Label {
        anchors.centerIn: parent
        width: parent.width - Theme.px(160)
        color: Theme.card
        font.weight: Font.Bold
        horizontalAlignment: Text.AlignHCenter
        objectName: "taking"
        size: 64
        text: qsTr("Đang lấy số cho quý vị…")
        wrapMode: Text.WordWrap
    }
}
