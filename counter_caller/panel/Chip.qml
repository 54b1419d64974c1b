import QtQuick
import ui

// A class that stands out, such as "Ưu tiên".
Rectangle {
    id: chip

    required property string text
    property real size: 13

    implicitWidth: label.implicitWidth + Theme.px(20)
    implicitHeight: label.implicitHeight + Theme.px(2)
    radius: height / 2
    color: Theme.gold100
    border.color: Theme.gold

    Label {
        id: label

        anchors.centerIn: parent
        text: chip.text
        size: chip.size
        font.weight: Font.DemiBold
    }
}
