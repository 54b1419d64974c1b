import QtQuick
import ui

// The number of a counter in its white box.
Rectangle {
    id: box

    required property int number
    property bool muted: false

    width: Math.max(Theme.px(256), figure.width + Theme.px(56))
    radius: Theme.px(30)
    color: muted ? Theme.greyed : Theme.card

    Digits {
        id: figure
        objectName: "calledCounter"
        anchors.centerIn: parent
        text: box.number
        size: Math.min(236, box.height * 1.08 / Theme.scale)
        color: box.muted ? Theme.ink : Theme.phuongDark
    }
}
