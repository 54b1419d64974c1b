import QtQuick
import QtQuick.Layouts
import ui

// The number that was given.
Rectangle {
    id: page

    required property CitizenScreen vm
    property bool wide: false
    readonly property bool tight: vm.large && (wide || vm.ticket.trouble !== "")

    color: Theme.night

    GridLayout {
        anchors.bottomMargin: Theme.px(page.wide ? 44 : page.tight ? 56 : 72)
        anchors.fill: parent
        anchors.leftMargin: Theme.px(80)
        anchors.rightMargin: Theme.px(80)
        anchors.topMargin: Theme.px(page.wide ? 48 : page.vm.large ? 72 : 106)
        columnSpacing: Theme.px(80)
        columns: page.wide ? 2 : 1
        rowSpacing: Theme.px(page.tight ? 28 : 54)

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
            tight: page.tight
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
                brief: page.tight && page.wide
                tight: page.tight
                vm: page.vm
            }

            Item {
                Layout.fillHeight: true
            }

            RowLayout {
                Layout.fillHeight: false
                spacing: Theme.px(28)

                TextButton {
                    Layout.fillHeight: true
                    Layout.fillWidth: true
                    Layout.minimumHeight: Theme.px(81)
                    Layout.preferredWidth: 1
                    edge: "transparent"
                    ground: "transparent"
                    ink: Theme.nightNote
                    objectName: "askVoid"
                    size: 28
                    text: qsTr("Chọn nhầm – hủy số này")
                    visible: page.vm.ticket.can_void
                    onClicked: page.vm.tap(objectName)
                }

                TextButton {
                    Layout.alignment: Qt.AlignHCenter
                    Layout.fillHeight: true
                    Layout.fillWidth: true
                    Layout.minimumHeight: Theme.px(124)
                    Layout.preferredWidth: 1
                    edge: ground
                    ground: Theme.contrast ? Theme.bright : Theme.card
                    ink: Theme.contrast ? Theme.brightInk : Theme.link
                    objectName: "finish"
                    size: 42
                    text: qsTr("Xong")
                    onClicked: page.vm.tap(objectName)
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
