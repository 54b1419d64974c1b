pragma ComponentBehavior: Bound

import QtQuick
import ui

// Who comes next: as many whole numbers as there is room for.
Item {
    id: next

    required property BoardScreen vm
    property real chipSize: 44
    property real gap: 36

    Rectangle {
        id: chip
        anchors.verticalCenter: parent.verticalCenter
        width: words.width + Theme.px(48)
        height: Theme.px(76)
        radius: Theme.px(16)
        color: next.vm.stale ? Theme.greyed : Theme.gold

        Label {
            id: words
            anchors.centerIn: parent
            text: next.vm.nextNumbers.length > 0 ? qsTr("Sắp đến lượt") : qsTr("Chưa có người chờ")
            size: next.chipSize
            font.weight: Font.Bold
        }
    }

    Row {
        id: numbers
        anchors.left: chip.right
        anchors.leftMargin: Theme.px(next.gap - 4)
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.px(next.gap)

        Repeater {
            model: 5

            Digits {
                required property int index
                objectName: "next" + index
                text: next.vm.nextNumbers[index] ?? ""
                size: 91
                color: next.vm.stale ? Theme.greyed : Theme.card
                opacity: numbers.x + x + width <= next.width ? 1 : 0
            }
        }
    }
}
