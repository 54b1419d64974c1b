pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ui

// Digits or letters to touch; the kiosk has no keyboard.
GridLayout {
    id: pad

    required property var keys
    property real keySize: 110
    signal touched(string what)

    columnSpacing: Theme.gap(20)
    rowSpacing: Theme.gap(20)

    Repeater {
        model: pad.keys

        TextButton {
            required property string modelData
            readonly property bool special: modelData.length > 1

            Accessible.name: modelData === "erase" ? qsTr("Xóa") : modelData === "enter" ? qsTr("Xong") : modelData
            Layout.columnSpan: special && pad.columns > 3 ? pad.columns / 2 : 1
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.px(pad.keySize)
            Layout.preferredWidth: Theme.px(pad.keySize) * Layout.columnSpan
            edge: modelData === "enter" ? ground : Theme.edge
            ground: modelData === "enter" ? Theme.main : Theme.card
            iconName: modelData === "erase" ? "undo-2" : modelData === "enter" ? "check" : ""
            ink: modelData === "enter" ? Theme.mainInk : Theme.link
            leftPadding: Theme.px(4)
            objectName: "key-" + modelData
            rightPadding: Theme.px(4)
            size: 44
            text: special ? (modelData === "erase" ? qsTr("Xóa") : qsTr("Xong")) : modelData
            onClicked: pad.touched(special ? modelData : "key:" + modelData)
        }
    }
}
