pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ui

// One fact of the maintenance menu: whether it is well, what it is, what to do about it.
Rectangle {
    id: card

    required property var line
    signal touched(string what)

    border.color: Theme.line
    border.width: Theme.px(2)
    color: Theme.card
    implicitHeight: row.implicitHeight + Theme.px(40)
    radius: Theme.px(22)

    RowLayout {
        id: row

        anchors.left: parent.left
        anchors.margins: Theme.px(32)
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.gap(20)

        Icon {
            color: card.line.good ? Theme.good : Theme.figure
            name: card.line.good ? "circle-check" : "triangle-alert"
            size: Theme.px(48)
            visible: card.line.good !== null && card.line.good !== undefined
        }

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            Label {
                Layout.fillWidth: true
                color: Theme.ink2
                size: 28
                text: card.line.label
                visible: text !== ""
                wrapMode: Text.WordWrap
            }

            Label {
                Layout.fillWidth: true
                font.weight: Font.DemiBold
                size: 34
                text: card.line.value
                visible: text !== ""
                wrapMode: Text.Wrap
            }
        }

        Repeater {
            model: card.line.buttons

            TextButton {
                required property var modelData

                Layout.minimumHeight: Theme.px(96)
                Layout.minimumWidth: Theme.px(180)
                objectName: modelData.does
                text: modelData.text
                onClicked: card.touched(modelData.does)
            }
        }
    }
}
