pragma ComponentBehavior: Bound

import QtQuick
import ui

// A TV board. It fills any window from 1280 × 720 to 4K, upright when it is higher than wide.
Window {
    id: board

    required property BoardScreen vm
    required property WallClock clock
    readonly property bool high: height > width
    readonly property bool upright: vm.layout === "portrait" || (high && vm.layout !== "calls")

    width: 1920
    height: 1080
    color: Theme.sea900
    title: qsTr("Đến Lượt – Bảng gọi số")

    Binding {
        target: Theme
        property: "scale"
        value: board.upright ? Math.min(board.width / 1080, board.height / 1920)
                             : Math.min(board.width / 1920, board.height / 1080)
    }

    Loader {
        anchors.fill: parent
        sourceComponent: board.vm.layout === "grid" ? gridLayout : callsLayout
    }

    Component {
        id: callsLayout

        CallsLayout {
            vm: board.vm
            clock: board.clock
            upright: board.upright
        }
    }

    Component {
        id: gridLayout

        GridLayout {
            vm: board.vm
            clock: board.clock
            upright: board.upright
        }
    }

    Rectangle {
        objectName: "ownName"
        anchors.fill: parent
        visible: board.vm.label !== ""
        color: Theme.gold

        Label {
            anchors.centerIn: parent
            text: board.vm.label
            size: 240
            font.weight: Font.Bold
        }
    }
}
