import QtQuick

// One phase for all that flashes, so that no two flash against each other: 1.25 times a second.
Timer {
    required property bool flashing
    property bool bright: false

    interval: 400
    repeat: true
    running: flashing
    onRunningChanged: bright = running
    onTriggered: bright = !bright
}
