pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import ui

// A button with an optional icon and second line; pale while it cannot be pressed.
T.AbstractButton {
    id: control

    property string note: ""
    property string glyph: ""
    property string look: "plain"
    property bool available: true
    property bool beckons: false
    property real size: 13.5
    property real radius: 10

    readonly property bool solid: look === "primary" && available
    readonly property bool lit: hovered || down
    readonly property color inkColor: look === "calling" ? Theme.sea700 : !available ? Theme.faded : solid || look === "dark" ? Theme.card : look === "outline" ? Theme.sea700 : Theme.ink

    enabled: available
    focusPolicy: Qt.StrongFocus
    implicitWidth: Math.max(Theme.px(44), words.implicitWidth + Theme.px(20))
    implicitHeight: words.implicitHeight + Theme.px(12)
    Accessible.role: Accessible.Button
    Accessible.name: note ? text + ", " + note : text
    Accessible.onPressAction: control.click()

    background: Rectangle {
        radius: Theme.px(control.radius)
        color: control.look === "calling" ? Theme.sea100 : control.look === "dark" ? (control.lit ? Theme.sea700 : "transparent") : !control.available ? Theme.closed : control.solid ? (control.lit ? Theme.sea500 : Theme.sea700) : control.lit ? Theme.sea100 : Theme.card
        border.width: control.visualFocus ? Theme.px(3) : control.look === "outline" || control.look === "calling" ? Theme.px(2) : control.solid ? 0 : 1
        border.color: control.visualFocus ? Theme.gold : control.look === "calling" ? Theme.sea200 : control.look === "dark" ? Theme.sea500 : control.look === "outline" && control.available ? Theme.sea700 : Theme.line

        Rectangle {
            objectName: "beckoning"
            anchors.fill: parent
            anchors.margins: -Theme.px(5)
            visible: control.beckons
            radius: parent.radius + Theme.px(5)
            color: "transparent"
            border.width: Theme.px(4)
            border.color: Theme.gold

            SequentialAnimation on opacity {
                running: control.beckons
                loops: Animation.Infinite

                NumberAnimation {
                    to: 0.2
                    duration: Theme.slow
                }
                NumberAnimation {
                    to: 1
                    duration: Theme.slow
                }
            }
        }
    }
    contentItem: Item {
        RowLayout {
            id: words

            anchors.centerIn: parent
            width: Math.min(implicitWidth, parent.width - Theme.px(8))
            spacing: Theme.px(8)

            Icon {
                visible: control.glyph !== ""
                name: control.glyph || "info"
                color: control.inkColor
                size: Theme.px(control.look === "calling" ? 26 : 16)
            }
            ColumnLayout {
                spacing: 0

                Label {
                    Layout.fillWidth: true
                    text: control.text
                    size: control.size
                    color: control.inkColor
                    font.weight: control.look === "dark" ? Font.Normal : control.size > 16 ? Font.Bold : Font.DemiBold
                    horizontalAlignment: control.glyph ? Text.AlignLeft : Text.AlignHCenter
                    wrapMode: Text.Wrap
                }
                Label {
                    Layout.fillWidth: true
                    visible: control.note !== ""
                    text: control.note
                    size: 12.5
                    color: control.look === "plain" && control.available ? Theme.ink2 : control.inkColor
                    font.weight: control.look === "outline" ? Font.DemiBold : Font.Normal
                    horizontalAlignment: control.glyph ? Text.AlignLeft : Text.AlignHCenter
                    wrapMode: Text.Wrap
                }
            }
        }
    }
}
