import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import ui

// Who this counter is, whether it is connected, and whether it serves.
Rectangle {
    id: header

    required property var header
    required property bool tight
    signal presencePressed
    signal compactPressed

    color: Theme.sea900
    implicitHeight: Math.max(Theme.px(tight ? 38 : 52), line.implicitHeight + Theme.px(tight ? 6 : 16))

    RowLayout {
        id: line

        anchors.fill: parent
        anchors.leftMargin: Theme.px(18)
        anchors.rightMargin: Theme.px(18)
        spacing: Theme.px(10)

        Rectangle {
            objectName: "statusDot"
            implicitWidth: Theme.px(9)
            implicitHeight: Theme.px(9)
            radius: Theme.px(5)
            color: !header.header.live ? Theme.phuong : header.header.status === "open" ? Theme.okNight : header.header.status === "paused" ? Theme.gold : Theme.sea200
        }
        Label {
            objectName: "counterName"
            text: header.header.counter
            size: 15
            color: Theme.card
            font.weight: Font.Bold
        }
        Label {
            objectName: "services"
            Layout.fillWidth: true
            text: header.header.lost || header.header.services
            size: header.header.lost ? 15 : text.length > 60 ? 11 : 14
            color: header.header.lost ? Theme.gold : Theme.card
            font.weight: header.header.lost ? Font.DemiBold : Font.Normal
            wrapMode: Text.Wrap
        }
        T.AbstractButton {
            id: shrink

            objectName: "compactButton"
            implicitWidth: Theme.px(28)
            implicitHeight: Theme.px(28)
            focusPolicy: Qt.StrongFocus
            Accessible.role: Accessible.Button
            Accessible.name: qsTr("Thu nhỏ thành thanh")
            Accessible.onPressAction: shrink.click()
            onClicked: header.compactPressed()

            background: Rectangle {
                radius: Theme.px(8)
                color: shrink.hovered || shrink.down ? Theme.sea700 : "transparent"
                border.width: shrink.visualFocus ? Theme.px(2) : 0
                border.color: Theme.gold
            }
            contentItem: Item {
                Icon {
                    anchors.centerIn: parent
                    name: "minimize-2"
                    color: Theme.sea200
                    size: Theme.px(16)
                }
            }
        }
        PressButton {
            objectName: "presence"
            Layout.preferredHeight: Theme.px(28)
            look: "dark"
            radius: 8
            size: 14
            text: header.header.presence.text
            available: header.header.presence.enabled
            onClicked: header.presencePressed()
        }
    }
}
