pragma ComponentBehavior: Bound

import QtQuick
import ui

// Every counter in its own cell, always at the same place; a call is made in the cell.
Item {
    id: layout

    required property BoardScreen vm
    required property WallClock clock
    property bool upright: false
    readonly property int count: Math.max(1, vm.rows.length)
    readonly property int columns: Math.ceil(Math.sqrt(upright ? count / 3 : count))
    readonly property int lines: Math.ceil(count / columns)
    readonly property real margin: Theme.px(40)
    readonly property real gap: Theme.px(16)

    Component.onCompleted: vm.fit(upright ? 18 : 20)

    FlashPhase {
        id: phase
        flashing: layout.vm.rows.some(row => row.flashing) && !layout.vm.stale
    }

    BoardHeader {
        id: header
        vm: layout.vm
        clock: layout.clock
        stacked: layout.upright
        width: parent.width
        height: Theme.px(layout.upright ? 124 : 84)
    }

    Item {
        id: area
        anchors.top: header.bottom
        anchors.bottom: missed.visible ? missed.top : footer.top
        anchors.topMargin: Theme.px(24)
        anchors.bottomMargin: missed.visible ? layout.gap : Theme.px(24)
        x: layout.margin
        width: parent.width - 2 * x

        QuietPanel {
            anchors.fill: parent
            visible: layout.vm.quiet
            vm: layout.vm
        }

        Repeater {
            model: 20

            GridCell {
                required property int index
                readonly property int column: index % layout.columns
                readonly property int line: Math.floor(index / layout.columns)

                objectName: "cell" + index
                width: Math.floor((area.width - (layout.columns - 1) * layout.gap) / layout.columns)
                height: Math.floor((area.height - (layout.lines - 1) * layout.gap) / layout.lines)
                x: column * (width + layout.gap)
                y: line * (height + layout.gap)
                row: layout.vm.rows[index] ?? null
                bright: phase.bright
                stale: layout.vm.stale
            }
        }
    }

    MissedRow {
        id: missed
        visible: layout.vm.missed.length > 0
        vm: layout.vm
        anchors.bottom: footer.top
        anchors.bottomMargin: layout.gap
        x: layout.margin
        width: parent.width - 2 * x
        height: Theme.px(110)
    }

    BoardFooter {
        id: footer
        vm: layout.vm
        stacked: layout.upright
        anchors.bottom: parent.bottom
        width: parent.width
    }
}
