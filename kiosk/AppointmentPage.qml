pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ui

// Where who has an appointment enters its code. In the low layout all that can be touched is in the
// lower half.
Rectangle {
    id: page

    required property CitizenScreen vm
    required property bool wide
    property real middle: height / 2

    readonly property bool dense: wide || vm.low
    readonly property real side: Theme.px(wide ? 40 : 56)

    color: Theme.paper

    ColumnLayout {
        anchors.bottomMargin: Math.max(page.vm.low ? page.height - page.middle : 0, pad.height + pad.anchors.bottomMargin)
        anchors.fill: parent
        anchors.leftMargin: page.side
        anchors.rightMargin: page.side
        anchors.topMargin: page.side
        spacing: Theme.gap(page.dense ? 16 : 28)

        Item {
            Layout.fillHeight: true
        }

        Label {
            Layout.fillWidth: true
            font.weight: Font.Bold
            horizontalAlignment: Text.AlignHCenter
            objectName: "codeTitle"
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

        Item {
            Layout.alignment: Qt.AlignHCenter
            implicitHeight: boxes.height
            implicitWidth: boxes.width
            objectName: "code"

            Row {
                id: boxes

                spacing: Theme.gap(16)

                Repeater {
                    model: page.vm.code.letters

                    Rectangle {
                        required property string modelData

                        border.color: Theme.edge
                        border.width: Theme.px(3)
                        color: Theme.card
                        height: Theme.px(page.wide ? 96 : 128)
                        radius: Theme.px(16)
                        width: Theme.px(page.vm.large ? 124 : page.wide ? 84 : 108)

                        Label {
                            anchors.centerIn: parent
                            font.weight: Font.Bold
                            size: page.wide ? 52 : 64
                            text: parent.modelData
                        }
                    }
                }
            }

            FocusRing {
                radius: Theme.px(16)
                stop: "code"
            }
        }

        Item {
            Layout.fillHeight: true
        }
    }

    ColumnLayout {
        id: pad

        anchors.bottom: parent.bottom
        anchors.bottomMargin: page.vm.low ? Theme.px(28) : page.side
        anchors.left: parent.left
        anchors.leftMargin: page.side
        anchors.right: parent.right
        anchors.rightMargin: page.side
        spacing: Theme.gap(page.dense ? 16 : 28)

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

            PageButton {
                edge: Theme.edge
                ground: Theme.card
                ink: Theme.link
                objectName: "leaveCode"
                text: qsTr("Về trang đầu")
            }

            PageButton {
                objectName: "checkIn"
                text: qsTr("Lấy số có hẹn")
                visible: page.vm.code.complete
            }

            PageButton {
                objectName: "takeLate"
                text: qsTr("Lấy số thường")
                visible: page.vm.code.late
            }
        }
    }

    component PageButton: TextButton {
        Layout.fillWidth: true
        Layout.minimumHeight: Theme.px(page.dense ? 96 : 110)
        Layout.preferredWidth: 1
        edge: ground
        ground: Theme.main
        ink: Theme.mainInk
        size: 36
        onClicked: page.vm.tap(objectName)
    }
}
