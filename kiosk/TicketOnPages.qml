pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ui

// The number and every word about it, on as many pages as that takes; all buttons stand below.
ColumnLayout {
    id: ticket

    required property CitizenScreen vm
    property bool wide: false

    spacing: Theme.gap(24)

    RowLayout {
        Layout.fillHeight: false
        Layout.fillWidth: true
        spacing: Theme.px(24)

        Label {
            Layout.fillWidth: true
            color: Theme.nightInk
            font.weight: Font.Bold
            horizontalAlignment: Text.AlignHCenter
            lineHeight: 0.95
            objectName: "title"
            size: ticket.wide ? 56 : 65
            text: ticket.vm.ticket.title
            wrapMode: Text.WordWrap
        }

        Icon {
            color: Theme.bright
            name: "arrow-down"
            size: Theme.px(100)
            visible: ticket.vm.ticket.paper_comes
        }
    }

    Rectangle {
        Layout.fillHeight: true
        Layout.fillWidth: true
        Layout.minimumHeight: 0
        Layout.preferredHeight: 0
        border.color: Theme.line
        border.width: Theme.contrast ? Theme.px(3) : 0
        color: Theme.card
        radius: Theme.px(50)

        FocusRing {
            radius: parent.radius
            stop: "ticketCard"
        }

        PagedFlow {
            anchors.fill: parent
            anchors.margins: Theme.px(32)
            beside: ticket.wide && !ticket.vm.low
            centred: true
            gap: Theme.gap(16)
            turned: ticket.vm.leaf
            onTurn: page => ticket.vm.turnTo(page)

            Cell {
                grid: true
                stop: "number"
                whole: true

                sourceComponent: TicketNumber {
                    least: ticket.wide ? 220 : 280
                    vm: ticket.vm
                }
            }

            Cell {
                whole: true

                sourceComponent: Label {
                    font.weight: Font.Bold
                    horizontalAlignment: Text.AlignHCenter
                    lineHeight: 0.95
                    objectName: "service"
                    size: 56
                    text: ticket.vm.ticket.service
                    wrapMode: Text.Wrap
                }
            }

            Cell {
                active: present
                present: ticket.vm.ticket.trouble !== ""
                whole: true

                sourceComponent: TroubleBox {
                    vm: ticket.vm
                }
            }

            Cell {
                active: present
                present: ticket.vm.ticket.ahead !== ""
                whole: true

                sourceComponent: TicketWait {
                    vm: ticket.vm
                }
            }

            Cell {
                whole: true

                sourceComponent: Label {
                    font.weight: Font.DemiBold
                    horizontalAlignment: Text.AlignHCenter
                    objectName: "calling"
                    size: 44
                    text: qsTr("Khi đến lượt, loa và màn hình sẽ mời quý vị đến quầy")
                    wrapMode: Text.WordWrap
                }
            }
        }
    }

    TicketButtons {
        Layout.fillHeight: false
        Layout.fillWidth: true
        columns: ticket.wide ? 3 : 2
        copies: true
        vm: ticket.vm
    }
}
