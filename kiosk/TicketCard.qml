pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ui

// The number, as large as fits, its service, and how long the wait may be.
Rectangle {
    id: card

    required property CitizenScreen vm
    readonly property bool reckoned: vm.ticket.ahead !== ""
    readonly property real shortest: implicitHeight - Theme.px(162)

    border.color: Theme.line
    border.width: Theme.contrast ? Theme.px(3) : 0
    color: Theme.card
    implicitHeight: column.implicitHeight + column.anchors.topMargin + column.anchors.bottomMargin
    radius: Theme.px(50)

    FocusRing {
        radius: card.radius
        stop: "ticketCard"
    }

    ColumnLayout {
        id: column

        anchors.fill: parent
        anchors.leftMargin: Theme.px(40)
        anchors.rightMargin: Theme.px(40)
        anchors.topMargin: Theme.px(52)
        anchors.bottomMargin: Theme.px(44)
        spacing: 0

        TicketNumber {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.minimumHeight: implicitHeight
            Layout.preferredHeight: implicitHeight + Theme.px(162)
            vm: card.vm
        }

        Label {
            Layout.fillWidth: true
            font.weight: Font.Bold
            horizontalAlignment: Text.AlignHCenter
            lineHeight: 0.95
            objectName: "service"
            size: text.length > 50 ? 42 : 56
            text: card.vm.ticket.service
            wrapMode: Text.WordWrap
        }

        Row {
            id: dashes
            objectName: "dashes"

            readonly property int dash: Theme.px(9)

            Layout.bottomMargin: Theme.px(40)
            Layout.fillWidth: true
            Layout.topMargin: Theme.px(36)
            spacing: Theme.px(5)
            visible: card.reckoned

            Repeater {
                model: Math.floor((dashes.width + dashes.spacing) / (dashes.dash + dashes.spacing))

                Rectangle {
                    width: dashes.dash
                    height: Math.max(1, Theme.px(3))
                    color: Theme.line
                }
            }
        }

        TicketWait {
            Layout.fillWidth: true
            vm: card.vm
            visible: card.reckoned
        }
    }
}
