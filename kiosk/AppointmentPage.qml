pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ui

// Where who has an appointment enters its code; low, all that is touched is in the lower half.
Rectangle {
    id: page

    required property CitizenScreen vm
    required property bool wide

    color: Theme.paper

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.px(page.wide ? 40 : 56)
        spacing: Theme.gap(page.wide ? 16 : 28)

        Item {
            Layout.fillHeight: true
        }

        Label {
            Layout.fillWidth: true
            font.weight: Font.Bold
            horizontalAlignment: Text.AlignHCenter
            size: page.wide ? 44 : 56
            text: page.vm.code.title
            wrapMode: Text.WordWrap
        }

        Label {
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            objectName: "codeSaid"
            size: page.wide ? 28 : 34
            text: page.vm.code.said || page.vm.code.advice
            wrapMode: Text.WordWrap
        }

        RowLayout {
            Layout.alignment: Qt.AlignHCenter
            objectName: "code"
            spacing: Theme.gap(16)

            Repeater {
                model: page.vm.code.letters

                Rectangle {
                    required property string modelData

                    border.color: Theme.edge
                    border.width: Theme.px(3)
                    color: Theme.card
                    implicitHeight: Theme.px(page.wide ? 96 : 128)
                    implicitWidth: Theme.px(page.vm.large ? 124 : page.wide ? 84 : 108)
                    radius: Theme.px(16)

                    Label {
                        anchors.centerIn: parent
                        font.weight: Font.Bold
                        size: page.wide ? 52 : 64
                        text: parent.modelData
                    }
                }
            }
        }

        KeyPad {
            Layout.fillWidth: true
            columns: page.wide ? 13 : page.vm.low ? 7 : 6
            keySize: page.wide ? 96 : page.vm.low ? 104 : 112
            keys: page.vm.code.keys
            onTouched: what => what === "erase" ? page.vm.tap("eraseLetter") : page.vm.typeLetter(what.slice(4))
        }

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.gap(24)

            TextButton {
                Layout.fillWidth: true
                Layout.minimumHeight: Theme.px(110)
                Layout.preferredWidth: 1
                objectName: "leaveCode"
                size: 36
                text: qsTr("Về trang đầu")
                onClicked: page.vm.tap(objectName)
            }

            TextButton {
                Layout.fillWidth: true
                Layout.minimumHeight: Theme.px(110)
                Layout.preferredWidth: 1
                edge: ground
                ground: Theme.main
                ink: Theme.mainInk
                objectName: "checkIn"
                size: 36
                text: qsTr("Lấy số có hẹn")
                visible: page.vm.code.complete
                onClicked: page.vm.tap(objectName)
            }

            TextButton {
                Layout.fillWidth: true
                Layout.minimumHeight: Theme.px(110)
                Layout.preferredWidth: 1
                edge: ground
                ground: Theme.main
                ink: Theme.mainInk
                objectName: "takeLate"
                size: 36
                text: qsTr("Lấy số thường")
                visible: page.vm.code.late
                onClicked: page.vm.tap(objectName)
            }
        }

        Item {
            Layout.fillHeight: !page.vm.low
        }
    }
}
