import QtQuick
import ui

// The ring around what the five keys would choose.
Item {
    id: ring

    required property string stop
    property real radius: Theme.px(30)

    anchors.fill: parent
    visible: stop !== "" && Focus.stop === stop
    z: 1

    Rectangle {
        anchors.fill: parent
        anchors.margins: -Theme.px(14)
        border.color: Theme.bright
        border.width: Theme.px(10)
        color: "transparent"
        radius: ring.radius + Theme.px(14)
    }

    Rectangle {
        anchors.fill: parent
        anchors.margins: -Theme.px(6)
        border.color: Theme.night
        border.width: Theme.px(10)
        color: "transparent"
        radius: ring.radius + Theme.px(6)
    }
}
