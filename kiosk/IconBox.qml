import QtQuick
import ui

// A white icon on a coloured ground.
Rectangle {
    id: box

    required property string name
    property real size: 96

    implicitWidth: Theme.px(size)
    implicitHeight: Theme.px(size)
    radius: Theme.px(size * 0.28)
    color: Theme.sea800

    Icon {
        anchors.centerIn: parent
        name: box.name
        color: Theme.card
        size: Theme.px(box.size * 0.58)
    }
}
