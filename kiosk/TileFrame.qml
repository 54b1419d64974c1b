import QtQuick
import ui

// The ground of a service's tile, open or not, and the touch on it.
Tappable {
    id: frame

    property var tile: ({})
    readonly property bool open: tile.open === true
    readonly property color noteColor: open ? Theme.ink2 : Theme.ink

    text: tile.name ?? ""
    padding: Theme.px(26)

    background: Item {
        Rectangle {
            y: Theme.px(3)
            width: parent.width
            height: parent.height
            visible: frame.open
            color: Theme.shade
            radius: Theme.px(30)
        }

        Rectangle {
            anchors.fill: parent
            visible: frame.open
            color: frame.pressed ? Theme.pressed : Theme.card
            radius: Theme.px(30)
            border.width: Theme.px(2)
            border.color: Theme.line
        }

        DashedBox {
            anchors.fill: parent
            visible: !frame.open
        }
    }
}
