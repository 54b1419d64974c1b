pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import ui

// A button with an optional second line; greyed while it cannot be pressed.
T.AbstractButton {
    id: control

    property string note: ""
    property string look: "plain"
    property bool available: true
    property real size: 13.5
    property real radius: 10

    readonly property color inkColor: look === "primary" || look === "dark" ? Theme.card : look === "outline" ? Theme.sea700 : Theme.ink

    enabled: available
    focusPolicy: Qt.StrongFocus
    implicitWidth: Math.max(Theme.px(44), words.implicitWidth + Theme.px(20))
    implicitHeight: words.implicitHeight + Theme.px(14)
    opacity: available ? 1 : 0.45
    Accessible.role: Accessible.Button
    Accessible.name: note ? text + ", " + note : text
    Accessible.onPressAction: control.click()

    background: Rectangle {
        radius: Theme.px(control.radius)
        color: control.look === "primary" ? (control.down || control.hovered ? Theme.sea500 : Theme.sea700) : control.look === "dark" ? (control.down || control.hovered ? Theme.sea700 : "transparent") : control.down || control.hovered ? Theme.sea100 : Theme.card
        border.width: control.visualFocus ? Theme.px(3) : control.look === "outline" ? Theme.px(2) : control.look === "primary" ? 0 : 1
        border.color: control.visualFocus ? Theme.gold : control.look === "outline" ? Theme.sea700 : control.look === "dark" ? Theme.sea500 : Theme.line
    }
    contentItem: Item {
        ColumnLayout {
            id: words

            anchors.centerIn: parent
            width: Math.min(implicitWidth, parent.width - Theme.px(12))
            spacing: 0

            Label {
                Layout.fillWidth: true
                text: control.text
                size: control.size
                color: control.inkColor
                font.weight: control.look === "dark" ? Font.Normal : control.size > 16 ? Font.Bold : Font.DemiBold
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.Wrap
            }
            Label {
                Layout.fillWidth: true
                visible: control.note !== ""
                text: control.note
                size: 12.5
                color: control.look === "primary" ? Theme.card : control.look === "outline" ? Theme.sea700 : Theme.ink2
                font.weight: control.look === "outline" ? Font.DemiBold : Font.Normal
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.Wrap
            }
        }
    }

    Behavior on opacity {
        NumberAnimation {
            duration: Theme.fast
        }
    }
}
