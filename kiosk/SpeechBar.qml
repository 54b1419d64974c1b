pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ui

// What is being read out, and what the keys do.
Rectangle {
    id: bar

    required property CitizenScreen vm

    color: Theme.night
    implicitHeight: Math.max(Theme.px(136), row.implicitHeight + Theme.px(36))

    Rectangle {
        color: Theme.bright
        height: Theme.px(8)
        width: parent.width
    }

    RowLayout {
        id: row

        anchors.fill: parent
        anchors.leftMargin: Theme.px(56)
        anchors.rightMargin: Theme.px(56)
        anchors.topMargin: Theme.px(8)
        spacing: Theme.px(20)

        Icon {
            color: Theme.bright
            name: "volume-2"
            size: Theme.px(56)
            visible: bar.vm.spoken
        }

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0
            visible: bar.vm.spoken

            Label {
                Layout.fillWidth: true
                color: Theme.nightInk
                font.weight: Font.Bold
                objectName: "reading"
                size: 31
                text: bar.vm.paused ? qsTr("Tạm dừng đọc") : qsTr("Đang đọc…")
            }

            Label {
                Layout.fillWidth: true
                color: Theme.nightNote
                elide: Text.ElideRight
                maximumLineCount: 2
                objectName: "spokenText"
                size: 27
                text: bar.vm.spokenText
                wrapMode: Text.WordWrap
            }
        }

        Item {
            Layout.fillWidth: true
            visible: !bar.vm.spoken
        }

        KeySign {
            sign: "◄"
        }

        KeySign {
            sign: "►"
        }

        Label {
            color: Theme.nightInk
            size: 29
            text: qsTr("chuyển ô")
        }

        KeySign {
            Layout.leftMargin: Theme.px(16)
            sign: "◉"
        }

        Label {
            color: Theme.nightInk
            size: 29
            text: qsTr("chọn")
        }
    }

    component KeySign: Rectangle {
        required property string sign

        border.color: Theme.nightNote
        border.width: Theme.px(3)
        color: "transparent"
        implicitHeight: Theme.px(66)
        implicitWidth: Theme.px(66)
        radius: Theme.px(16)

        Text {
            anchors.centerIn: parent
            color: Theme.nightInk
            font.pixelSize: Theme.sp(30)
            text: parent.sign
            textFormat: Text.PlainText
        }
    }
}
