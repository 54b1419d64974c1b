pragma ComponentBehavior: Bound

import QtQuick
import ui

// A TV board. It fills any window from 1280 × 720 to 4K, portrait when it is higher than wide.
Window {
    id: board

    required property BoardScreen vm
    required property WallClock clock
    readonly property bool portrait: height > width

    width: 1920
    height: 1080
    color: Theme.sea900
    title: qsTr("Đến Lượt – Bảng gọi số")

    Binding {
        target: Theme
        property: "scale"
        value: board.portrait ? Math.min(board.width / 1080, board.height / 1920)
                              : Math.min(board.width / 1920, board.height / 1080)
    }

    Loader {
        anchors.fill: parent
        sourceComponent: board.portrait ? portraitLayout : callsLayout
    }

    Component {
        id: callsLayout

        CallsLayout {
            vm: board.vm
            clock: board.clock
        }
    }

    Component {
        id: portraitLayout

        PortraitLayout {
            vm: board.vm
            clock: board.clock
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
