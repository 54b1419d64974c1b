import QtQuick
import ui

// What the panel shows while nobody is called.
Rectangle {
    id: quiet

    required property BoardScreen vm

    readonly property bool roomy: vm.quiet && vm.waits.length > 0
    readonly property bool tall: height > width
    readonly property real floor: last.visible ? last.y : height
    readonly property real room: (roomy && tall ? waits.y : floor) - Theme.px(40)

    radius: Theme.px(40)
    color: Theme.sea800

    WaitList {
        id: waits
        visible: quiet.roomy
        vm: quiet.vm
        x: quiet.tall ? Theme.px(64) : Math.round(parent.width * 0.55)
        y: quiet.tall ? Math.round(quiet.floor * 0.58) : Theme.px(64)
        width: parent.width - Theme.px(64) - x
        height: quiet.floor - Theme.px(40) - y
    }

    Column {
        x: Theme.px(64)
        width: (quiet.roomy && !quiet.tall ? waits.x : parent.width) - 2 * x
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
            text: quiet.vm.greeting[0] ?? ""
            color: Theme.card
            size: 52
            wrapMode: Text.Wrap
        }

        Label {
            objectName: "greetingAgain"
            width: parent.width
            text: quiet.vm.greeting[1] ?? ""
            color: Theme.sea200
            size: 40
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
