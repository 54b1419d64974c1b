import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import ui

// Records that somebody else's system is slow; shows the minutes while it is.
T.AbstractButton {
    id: control

    required property var outage

    enabled: outage.choice.enabled
    visible: outage.choice.text !== ""
    focusPolicy: Qt.StrongFocus
    opacity: enabled ? 1 : 0.6
    implicitHeight: Math.max(Theme.px(40), line.implicitHeight + Theme.px(14))
    text: outage.choice.text
    Accessible.role: Accessible.Button
    Accessible.name: outage.choice.text + ", " + outage.choice.note
    Accessible.onPressAction: control.click()

    background: Rectangle {
        radius: Theme.px(10)
        color: control.outage.on ? Theme.gold : control.hovered || control.down ? Theme.card : Theme.gold100
        border.width: control.visualFocus ? Theme.px(3) : 1
        border.color: control.visualFocus ? Theme.sea700 : Theme.gold
    }
    contentItem: Item {
        RowLayout {
            id: line

            anchors.fill: parent
            anchors.leftMargin: Theme.px(15)
            anchors.rightMargin: Theme.px(15)
            spacing: Theme.px(10)

            Label {
                Layout.fillWidth: true
                text: control.outage.choice.text
                size: 13.5
                font.weight: Font.DemiBold
                wrapMode: Text.Wrap
            }
            Label {
                text: control.outage.choice.note
                size: 13.5
                font.weight: control.outage.on ? Font.DemiBold : Font.Normal
            }
        }
    }
}
