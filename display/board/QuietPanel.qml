import QtQuick
import ui

// What the panel shows while nobody is called.
Rectangle {
    id: quiet

    required property BoardScreen vm

    readonly property real room: (last.visible ? last.y : height) - Theme.px(40)

    radius: Theme.px(40)
    color: Theme.sea800

    Column {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.margins: Theme.px(64)
        y: Theme.px(20) + (quiet.room - height) / 2
        scale: Math.min(1, quiet.room / height)
        transformOrigin: Item.Left
        spacing: Theme.px(18)

        Label {
            width: parent.width
            text: quiet.vm.title
            color: Theme.card
            size: quiet.vm.quiet ? 92 : 72
            font.weight: Font.Bold
            wrapMode: Text.Wrap
            lineHeight: 0.95
        }

        Label {
            width: parent.width
            text: quiet.vm.place
            color: Theme.sea200
            size: 48
            wrapMode: Text.Wrap
        }

        Label {
            objectName: "greeting"
            width: parent.width
            topPadding: Theme.px(24)
            text: !quiet.vm.title ? qsTr("Đang kết nối, xin quý vị chờ trong giây lát.")
                : quiet.vm.giving ? qsTr("Kính chào quý vị.\nMời quý vị lấy số và chờ đến lượt.")
                                  : qsTr("Kính chào quý vị.\nHiện ngoài giờ lấy số.")
            color: Theme.card
            size: 52
            wrapMode: Text.Wrap
        }

        Label {
            width: parent.width
            text: quiet.vm.hours
            color: Theme.sea200
            size: 40
            wrapMode: Text.Wrap
        }
    }

    Row {
        id: last
        visible: quiet.vm.lastNumber !== ""
        anchors.left: parent.left
        anchors.leftMargin: Theme.px(64)
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.px(24)
        spacing: Theme.px(30)

        Label {
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("Số vừa gọi")
            color: Theme.sea200
            size: 44
        }

        Digits {
            anchors.verticalCenter: parent.verticalCenter
            text: quiet.vm.lastNumber
            color: quiet.vm.stale ? Theme.greyed : Theme.card
        }

        Label {
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("QUẦY")
            color: Theme.sea200
            size: 44
            font.weight: Font.Bold
        }

        Digits {
            anchors.verticalCenter: parent.verticalCenter
            text: quiet.vm.lastCounter
            color: quiet.vm.stale ? Theme.greyed : Theme.gold
        }
    }
}
