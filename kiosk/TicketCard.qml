pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ui

// The number, as large as fits, its service, and how long the wait may be.
Rectangle {
    id: card

    required property CitizenScreen vm
    property bool tight: false
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
        anchors.topMargin: Theme.px(card.tight ? 24 : 52)
        anchors.bottomMargin: Theme.px(card.tight ? 24 : 44)
        spacing: 0

        Label {
            Layout.fillWidth: true
            color: Theme.ink2
            horizontalAlignment: Text.AlignHCenter
            size: card.tight ? 32 : 40
            text: qsTr("Số thứ tự của quý vị")
            wrapMode: Text.WordWrap
        }

        // That this is a priority number, as on the paper.
        Rectangle {
            Layout.alignment: Qt.AlignHCenter
            Layout.topMargin: Theme.px(8)
            border.color: Theme.bright
            border.width: Theme.px(3)
            color: Theme.mild
            implicitHeight: mark.implicitHeight + Theme.px(12)
            implicitWidth: mark.implicitWidth + Theme.px(56)
            radius: height / 2
            visible: card.vm.ticket.mark !== ""

            Label {
                id: mark

                anchors.centerIn: parent
                font.weight: Font.Bold
                objectName: "mark"
                size: card.tight ? 32 : 38
                text: card.vm.ticket.mark
            }
        }

        Item {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.px(382)
            Layout.minimumHeight: Theme.px(220)

            FocusRing {
                stop: "number"
            }

            Text {
                anchors.centerIn: parent
                width: parent.width
                height: parent.height * 1.3
                color: Theme.figure
                font.family: Theme.numberFamily
                font.letterSpacing: -Theme.px(6)
                font.pixelSize: Theme.px(340)
                font.variableAxes: ({ wght: 800 })
                fontSizeMode: Text.Fit
                horizontalAlignment: Text.AlignHCenter
                objectName: "number"
                text: card.vm.ticket.number
                textFormat: Text.PlainText
                verticalAlignment: Text.AlignVCenter
            }
        }

        Label {
            Layout.fillWidth: true
            font.weight: Font.Bold
            horizontalAlignment: Text.AlignHCenter
            lineHeight: 0.95
            objectName: "service"
            size: 56
            text: card.vm.ticket.service
            wrapMode: Text.WordWrap
        }

        Row {
            id: dashes
            objectName: "dashes"

            readonly property int dash: Theme.px(9)

            Layout.bottomMargin: Theme.px(card.tight ? 12 : 40)
            Layout.fillWidth: true
            Layout.topMargin: Theme.px(card.tight ? 12 : 36)
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

        RowLayout {
            Layout.fillWidth: true
            spacing: 0
            visible: card.reckoned

            Figures {
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                note: qsTr("người chờ trước")
                value: card.vm.ticket.ahead
            }

            Rectangle {
                Layout.fillHeight: true
                Layout.preferredWidth: Math.max(1, Theme.px(3))
                color: Theme.line
                visible: card.vm.ticket.wait !== ""
            }

            Figures {
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                note: card.vm.ticket.wait_label
                value: card.vm.ticket.wait
                visible: card.vm.ticket.wait !== ""
            }
        }
    }

    component Figures: ColumnLayout {
        id: figures

        required property string note
        required property string value

        spacing: 0

        Figure {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.px(12)
            Layout.rightMargin: Theme.px(12)
            font.variableAxes: ({ wght: 700 })
            fontSizeMode: Text.HorizontalFit
            horizontalAlignment: Text.AlignHCenter
            lineHeight: 0.92
            minimumPixelSize: Theme.px(44)
            size: 74
            text: figures.value
        }

        Label {
            Layout.fillWidth: true
            color: Theme.ink2
            horizontalAlignment: Text.AlignHCenter
            size: card.tight ? 29 : 34
            text: figures.note
            wrapMode: Text.WordWrap
        }
    }
}
