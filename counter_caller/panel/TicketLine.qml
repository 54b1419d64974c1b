import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import ui

// A ticket of a list; pressing it shows what can be done with it.
T.AbstractButton {
    id: row

    required property string ticket
    required property string number
    required property string service
    required property string chip
    required property string waited
    required property bool late
    required property string call
    required property bool callable
    property bool live: true
    property bool tight: false
    signal latePressed

    implicitHeight: Math.max(Theme.px(tight ? 28 : 35), name.implicitHeight + Theme.px(8))
    focusPolicy: Qt.StrongFocus
    text: number
    Accessible.role: Accessible.Button
    Accessible.name: number + " " + service + " " + chip + " " + waited
    Accessible.onPressAction: row.click()

    background: Rectangle {
        color: row.hovered || row.down || row.visualFocus ? Theme.sea100 : "transparent"

        Rectangle {
            anchors.bottom: parent.bottom
            width: parent.width
            height: 1
            color: Theme.line
        }
    }
    contentItem: RowLayout {
        spacing: Theme.px(10)

        Figure {
            Layout.preferredWidth: Math.max(Theme.px(54), implicitWidth)
            text: row.number
            size: 15
            color: row.live ? Theme.ink : Theme.faded
            font.weight: Font.Bold
        }
        Label {
            id: name

            Layout.fillWidth: true
            text: row.service
            size: 14
            color: row.live ? Theme.ink2 : Theme.faded
            wrapMode: Text.Wrap
        }
        Chip {
            visible: row.chip !== ""
            text: row.chip
            size: 11.5
        }
        Label {
            text: row.waited
            size: 14
            color: !row.live ? Theme.faded : row.late ? Theme.phuongDark : Theme.ink2
            font.weight: row.late ? Font.Bold : Font.Normal
        }
        PressButton {
            objectName: "late-" + row.number
            Layout.preferredHeight: Theme.px(row.tight ? 24 : 29)
            visible: row.call !== ""
            radius: 8
            size: 13
            text: row.call
            available: row.callable
            Accessible.name: row.call + " " + row.number
            onClicked: row.latePressed()
        }
    }
}
