import QtQuick
import ui

// Says that the numbers on this screen may be old.
Rectangle {
    width: words.width + Theme.px(40)
    height: Theme.px(52)
    radius: Theme.px(14)
    color: Theme.gold100

    Row {
        id: words
        anchors.centerIn: parent
        spacing: Theme.px(14)

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            name: "wifi-off"
            size: Theme.px(36)
        }

        Label {
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("Mất kết nối – số có thể đã cũ")
            size: 32
            font.weight: Font.DemiBold
        }
    }
}
