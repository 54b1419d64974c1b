pragma ComponentBehavior: Bound

import QtQuick
import ui

// How many wait for each service, and about how long.
Item {
    id: list

    required property BoardScreen vm
    readonly property real head: Theme.px(56)
    readonly property bool narrow: width < Theme.px(720)
    readonly property real rowHeight: Math.min(Theme.px(narrow ? 108 : 84), (height - head) / Math.max(1, vm.waits.length))

    Label {
        text: list.vm.waitsPage ? qsTr("Đang chờ") + " (" + list.vm.waitsPage + ")" : qsTr("Đang chờ")
        color: Theme.sea200
        size: 34
    }

    Repeater {
        model: 4

        Item {
            id: line
            required property int index
            readonly property var wait: list.vm.waits[index] ?? null

            visible: wait !== null
            y: list.head + index * list.rowHeight
            width: list.width
            height: list.rowHeight

            Label {
                objectName: "waitService"
                width: Math.round(parent.width * 0.44)
                height: parent.height
                verticalAlignment: Text.AlignVCenter
                text: line.wait?.service ?? ""
                color: list.vm.stale ? Theme.greyed : Theme.card
                size: 36
                fontSizeMode: Text.Fit
                minimumPixelSize: Theme.px(18)
                wrapMode: Text.Wrap
                lineHeight: 0.9
            }

            Label {
                objectName: "waitWords"
                anchors.right: parent.right
                width: Math.round(parent.width * 0.54)
                height: parent.height
                horizontalAlignment: Text.AlignRight
                verticalAlignment: Text.AlignVCenter
                text: line.wait ? qsTr("%1 người").arg(line.wait.count) + (line.wait.wait ? (list.narrow ? "\n" : " · ") + line.wait.wait : "") : ""
                color: list.vm.stale ? Theme.greyed : Theme.sea200
                size: 36
                fontSizeMode: Text.Fit
                minimumPixelSize: Theme.px(18)
                lineHeight: 0.95
            }
        }
    }
}
