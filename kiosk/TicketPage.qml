pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ui

// The number that was given; with large text or the low layout its words are on pages.
Rectangle {
    id: page

    required property CitizenScreen vm
    property bool wide: false

    color: Theme.night

    Loader {
        anchors.bottomMargin: Theme.px(page.wide ? 44 : 72)
        anchors.fill: parent
        anchors.leftMargin: Theme.px(80)
        anchors.rightMargin: Theme.px(80)
        anchors.topMargin: Theme.px(page.wide ? 48 : page.vm.large ? 72 : 106)
        sourceComponent: page.vm.large || page.vm.low ? onPages : atOnce
    }

    Component {
        id: onPages

        TicketOnPages {
            vm: page.vm
            wide: page.wide
        }
    }

    Component {
        id: atOnce

        GridLayout {
            columnSpacing: Theme.px(80)
            columns: page.wide ? 2 : 1
            rowSpacing: Theme.px(54)

            Label {
                Layout.columnSpan: page.wide ? 2 : 1
                Layout.fillWidth: true
                color: Theme.nightInk
                font.weight: Font.Bold
                fontSizeMode: Text.HorizontalFit
                horizontalAlignment: Text.AlignHCenter
                minimumPixelSize: Theme.px(56)
                objectName: "title"
                size: 65
                text: page.vm.ticket.title
            }

            TicketCard {
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.maximumHeight: page.wide ? -1 : implicitHeight
                Layout.minimumHeight: shortest
                Layout.preferredWidth: 1
                vm: page.vm
            }

            ColumnLayout {
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                spacing: Theme.px(24)

                Item {
                    Layout.fillHeight: true
                    visible: page.wide
                }

                TicketGuide {
                    Layout.fillWidth: true
                    vm: page.vm
                }

                Item {
                    Layout.fillHeight: true
                }

                TicketButtons {
                    Layout.fillHeight: false
                    Layout.fillWidth: true
                    columns: 2
                    vm: page.vm
                }
            }
        }
    }

    Rectangle {
        anchors.bottom: parent.bottom
        color: Theme.bright
        height: Theme.px(18)
        objectName: "left"
        width: parent.width * page.vm.ticket.left

        Behavior on width {
            NumberAnimation {
                duration: Theme.slow
            }
        }
    }

    VoidQuestion {
        anchors.fill: parent
        visible: page.vm.ticket.question !== ""
        vm: page.vm
    }
}
