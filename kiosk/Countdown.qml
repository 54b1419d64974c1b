import QtQuick
import QtQuick.Layouts
import ui

// Is somebody still there? Over any screen, before it returns to the first.
Item {
    id: countdown

    required property Frame frame

    Rectangle {
        anchors.fill: parent
        color: Theme.sea900
        opacity: 0.6
    }

    MouseArea {
        anchors.fill: parent
        onClicked: countdown.frame.moreTime()
    }

    Rectangle {
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.px(60)
        anchors.horizontalCenter: parent.horizontalCenter
        color: Theme.card
        implicitHeight: column.implicitHeight + Theme.px(88)
        radius: Theme.px(50)
        width: Math.min(parent.width - Theme.px(112), Theme.px(1100))

        ColumnLayout {
            id: column

            anchors.left: parent.left
            anchors.margins: Theme.px(48)
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.px(16)

            Label {
                Layout.fillWidth: true
                font.weight: Font.Bold
                horizontalAlignment: Text.AlignHCenter
                size: 50
                text: qsTr("Quý vị cần thêm thời gian?")
                wrapMode: Text.WordWrap
            }

            Figure {
                Layout.fillWidth: true
                color: Theme.sea800
                horizontalAlignment: Text.AlignHCenter
                font.variableAxes: ({ wght: 800 })
                lineHeight: 0.9
                objectName: "secondsLeft"
                size: 130
                text: countdown.frame.secondsLeft
            }

            Label {
                Layout.fillWidth: true
                horizontalAlignment: Text.AlignHCenter
                size: 36
                text: qsTr("giây nữa, màn hình trở về trang đầu")
                wrapMode: Text.WordWrap
            }

            TextButton {
                Layout.alignment: Qt.AlignHCenter
                Layout.fillWidth: true
                Layout.minimumHeight: Theme.px(130)
                Layout.topMargin: Theme.px(20)
                edge: ground
                ground: Theme.gold
                ink: Theme.ink
                objectName: "moreTime"
                size: 42
                text: qsTr("Tôi cần thêm thời gian")
                onClicked: countdown.frame.moreTime()
            }
        }
    }
}
