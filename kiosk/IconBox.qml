import QtQuick
import ui

// An icon on a coloured ground.
Rectangle {
    id: box

    required property string name
    property real size: 96

    implicitWidth: Theme.px(size)
    implicitHeight: Theme.px(size)
    radius: Theme.px(size * 0.28)
    color: Theme.main

    Icon {
        anchors.centerIn: parent
        name: box.name
        color: Theme.mainInk
        size: Theme.px(box.size * 0.58)
    }
}
