pragma ComponentBehavior: Bound

import QtQuick
import ui

// The counters that serve or rest, one below the other; as many as fit.
Item {
    id: list

    required property BoardScreen vm
    readonly property real gap: Theme.px(12)
    readonly property real head: Theme.px(62)
    readonly property int fit: Math.max(1, Math.floor((height - head + gap + 1) / (Theme.px(140) + gap)))
    readonly property real rowHeight: (height - head - (fit - 1) * gap) / fit

    onFitChanged: vm.fit(fit)
    Component.onCompleted: vm.fit(fit)

    Label {
        x: Theme.px(30)
        text: list.vm.page ? qsTr("Số đang phục vụ (%1)").arg(list.vm.page) : qsTr("Số đang phục vụ")
        color: Theme.sea200
        size: 34
    }

    Label {
        anchors.right: parent.right
        anchors.rightMargin: Theme.px(30)
        text: qsTr("Quầy")
        color: Theme.sea200
        size: 34
    }

    Repeater {
        model: list.fit

        CounterRow {
            required property int index
            objectName: "row" + index
            y: Math.round(list.head + index * (list.rowHeight + list.gap))
            width: list.width
            height: Math.round(list.rowHeight)
            row: list.vm.rows[index] ?? null
            stale: list.vm.stale
        }
    }
}
