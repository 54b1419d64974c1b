pragma ComponentBehavior: Bound

import QtQuick
import ui

// What one procedure needs: who, papers, fee, days, online. What does not fit is on the next page.
Rectangle {
    id: card

    required property CitizenScreen vm
    property bool wide: false

    readonly property var lines: vm.procedures.step === "one" ? vm.procedures.lines : []

    border.color: Theme.link
    border.width: Theme.px(3)
    color: Theme.card
    radius: Theme.px(30)

    Label {
        anchors.centerIn: parent
        horizontalAlignment: Text.AlignHCenter
        size: 34
        text: qsTr("Mời quý vị chọn một thủ tục ở trên")
        visible: card.lines.length === 0
        width: parent.width - Theme.px(80)
        wrapMode: Text.WordWrap
    }

    PagedFlow {
        anchors.fill: parent
        anchors.margins: Theme.px(card.vm.large || card.vm.low || card.wide ? 24 : 34)
        beside: card.wide && card.vm.large
        gap: Theme.px(10)
        mostColumns: 1
        turned: card.vm.leaf
        visible: card.lines.length > 0
        onTurn: page => card.vm.turnTo(page)

        Repeater {
            model: card.lines

            Cell {
                id: slot

                required property int index
                required property var modelData

                whole: true

                sourceComponent: ProcedureLine {
                    line: slot.modelData
                    objectName: slot.modelData.stop < 0 ? "" : "line-" + slot.modelData.stop
                    ruled: slot.index > 0 && slot.modelData.heading !== ""
                    titleSize: card.vm.large || card.vm.low || card.wide ? 36 : 42
                }
            }
        }
    }
}
