import QtQuick
import QtQuick.Layouts
import ui

// The number that was given.
Rectangle {
    id: page

    required property TicketScreen vm
    property bool large: false
    property bool wide: false

    color: Theme.sea900

    GridLayout {
        anchors.bottomMargin: Theme.px(page.wide ? 44 : 72)
        anchors.fill: parent
        anchors.leftMargin: Theme.px(80)
        anchors.rightMargin: Theme.px(80)
        anchors.topMargin: Theme.px(page.wide ? 48 : page.large ? 72 : 106)
        columnSpacing: Theme.px(80)
        columns: page.wide ? 2 : 1
        rowSpacing: Theme.px(page.large ? 28 : 54)

        Label {
            Layout.columnSpan: page.wide ? 2 : 1
            Layout.fillWidth: true
            color: Theme.card
            font.weight: Font.Bold
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.px(56)
            horizontalAlignment: Text.AlignHCenter
            objectName: "title"
            size: 65
            text: words()

            function words(): string {
                switch (page.vm.paper) {
                case "failed":
                case "unknown":
                    return qsTr("Xin quý vị ghi nhớ số này");
                case "copying":
                    return qsTr("Đang in lại phiếu…");
                case "copied":
                    return qsTr("Mời quý vị nhận bản in lại");
                }
                return qsTr("Mời quý vị nhận phiếu");
            }
        }

        TicketCard {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.maximumHeight: page.wide ? -1 : implicitHeight
            Layout.minimumHeight: shortest
            Layout.preferredWidth: 1
            tight: page.large && page.wide
            vm: page.vm
        }

        ColumnLayout {
            id: choices

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
                brief: page.large
                vm: page.vm
            }

            Item {
                Layout.fillHeight: true
            }

            RowLayout {
                Layout.alignment: Qt.AlignHCenter
                Layout.fillHeight: false
                spacing: Theme.px(28)

                TextButton {
                    Layout.fillHeight: true
                    Layout.minimumHeight: Theme.px(124)
                    Layout.preferredWidth: Math.min(implicitWidth, choices.width - done.width - Theme.px(28))
                    edge: Theme.sea200
                    ground: "transparent"
                    ink: Theme.card
                    leftPadding: Theme.px(56)
                    objectName: "void"
                    rightPadding: Theme.px(56)
                    size: 38
                    text: qsTr("Chọn nhầm – hủy số này")
                    visible: page.vm.canVoid
                    onClicked: page.vm.voidNumber()
                }

                TextButton {
                    id: done

                    Layout.fillHeight: true
                    Layout.minimumHeight: Theme.px(124)
                    Layout.minimumWidth: Theme.px(217)
                    edge: ground
                    ink: Theme.sea900
                    objectName: "finish"
                    size: 38
                    text: qsTr("Xong")
                    onClicked: page.vm.finish()
                }
            }
        }
    }

    Rectangle {
        anchors.bottom: parent.bottom
        color: Theme.gold
        height: Theme.px(18)
        objectName: "left"
        width: parent.width * page.vm.left

        Behavior on width {
            NumberAnimation {
                duration: Theme.slow
            }
        }
    }
}
