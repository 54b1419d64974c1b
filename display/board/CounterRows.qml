pragma ComponentBehavior: Bound

import QtQuick
import ui

// The counters that serve or rest, one below the other, and below them the missed numbers. Few of
// them are larger; next to very few there is room for who waits for what.
Item {
    id: list

    required property BoardScreen vm
    readonly property bool narrow: width < Theme.px(520)
    readonly property bool missed: vm.missed.length > 0
    readonly property real gap: Theme.px(12)
    readonly property real head: Theme.px(62)
    readonly property real least: Theme.px(narrow ? 166 : 140)
    readonly property int fit: Math.max(1, Math.floor((height - head + gap + 1) / (least + gap)))
    readonly property int shown: vm.rows.length + (missed ? 1 : 0)
    readonly property bool roomy: !narrow && fit >= 4 && shown <= 2 && vm.waits.length > 0
    readonly property int slots: Math.min(fit, roomy ? 4 : Math.max(3, shown))
    readonly property real rowHeight: (height - head - (slots - 1) * gap) / slots
    readonly property string heading: narrow ? qsTr("Đang phục vụ") : qsTr("Số đang phục vụ")

    function slotAt(index: int): real {
        return Math.round(head + index * (rowHeight + gap));
    }

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
            y: list.slotAt(index)
            width: list.width
            height: Math.round(list.rowHeight)
            row: index < list.slots - (list.missed ? 1 : 0) ? list.vm.rows[index] ?? null : null
            stale: list.vm.stale
        }
    }

    WaitList {
        visible: list.roomy
        vm: list.vm
        x: Theme.px(30)
        y: list.slotAt(list.vm.rows.length) + Theme.px(8)
        width: parent.width - 2 * x
        height: (list.missed ? missedRow.y - list.gap : parent.height) - y
    }

    MissedRow {
        id: missedRow
        visible: list.missed && !list.vm.quiet
        vm: list.vm
        y: list.slotAt(list.roomy ? list.slots - 1 : Math.min(list.vm.rows.length, list.slots - 1))
        width: list.width
        height: Math.round(list.rowHeight)
    }
}
