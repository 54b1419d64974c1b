pragma ComponentBehavior: Bound

import QtQuick
import ui

// The counters that serve or rest, one below the other; as many as fit.
Item {
    id: list

    required property BoardScreen vm
    readonly property real gap: Theme.px(12)
    readonly property real head: Theme.px(62)
    readonly property real least: Theme.px(narrow ? 166 : 140)
    readonly property int fit: Math.max(1, Math.floor((height - head + gap + 1) / (least + gap)))
    readonly property real rowHeight: (height - head - (fit - 1) * gap) / fit
    readonly property bool narrow: width < Theme.px(520)
    readonly property string heading: narrow ? qsTr("Đang phục vụ") : qsTr("Số đang phục vụ")

    onFitChanged: vm.fit(fit)
    Component.onCompleted: vm.fit(fit)

    Label {
        visible: word.visible
        x: Theme.px(30)
        width: word.x - x - Theme.px(16)
        height: word.height
        verticalAlignment: Text.AlignVCenter
        fontSizeMode: Text.HorizontalFit
        text: list.vm.page ? list.heading + " (" + list.vm.page + ")" : list.heading
        color: Theme.sea200
        size: word.size
    }

    Label {
        id: word
        visible: list.vm.rows.length > 0
        anchors.right: parent.right
        anchors.rightMargin: Theme.px(30)
        text: qsTr("Quầy")
        color: Theme.sea200
        size: list.narrow ? 30 : 34
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
