import QtQuick
import ui

// Whose hall this is, and the time; a board that has lost its link says so here.
Rectangle {
    id: header

    required property BoardScreen vm
    required property WallClock clock
    property bool stacked: false
    readonly property real firstLine: height * 0.3
    readonly property real secondLine: height * 0.73

    color: Theme.sea850

    Rectangle {
        id: mark
        x: Theme.px(40)
        anchors.verticalCenter: parent.verticalCenter
        width: Theme.px(56)
        height: width
        radius: Theme.px(14)
        color: Theme.phuong

        Icon {
            anchors.centerIn: parent
            name: "ticket-check"
            color: Theme.card
            size: Theme.px(34)
        }
    }

    Label {
        id: title
        objectName: "title"
        readonly property real room: (header.stacked ? time.x : when.x) - x - Theme.px(30)
        anchors.left: mark.right
        anchors.leftMargin: Theme.px(24)
        y: header.stacked ? header.firstLine - height / 2 : (header.height - height) / 2
        text: header.vm.title
        width: Math.min(implicitWidth, room)
        color: Theme.card
        size: 32
        font.weight: Font.Bold
        elide: Text.ElideRight
    }

    Label {
        x: header.stacked ? title.x : title.x + title.width + Theme.px(22)
        y: header.stacked ? header.secondLine - height / 2 : (header.height - height) / 2
        objectName: "place"
        text: header.vm.place
        width: Math.max(0, Math.min(implicitWidth, when.x - x - Theme.px(30)))
        color: Theme.sea200
        size: 30
        elide: Text.ElideRight
    }

    Item {
        id: when
        x: header.stacked ? time.x + time.width - width : time.x - width - Theme.px(48)
        y: header.stacked ? header.secondLine - height / 2 : (header.height - height) / 2
        width: header.vm.stale ? sign.width : date.width
        height: sign.height

        Label {
            id: date
            visible: !header.vm.stale
            anchors.verticalCenter: parent.verticalCenter
            text: header.clock.date
            color: Theme.sea200
            size: 30
        }

        StaleSign {
            id: sign
            objectName: "staleSign"
            visible: header.vm.stale
        }
    }

    Digits {
        id: time
        objectName: "clock"
        anchors.right: parent.right
        anchors.rightMargin: Theme.px(40)
        y: header.stacked ? header.firstLine - height / 2 : (header.height - height) / 2
        text: header.clock.time
        size: 50
        color: Theme.card
    }

    // Says that the numbers on this screen may be old.
    component StaleSign: Rectangle {
        width: words.width + Theme.px(40)
        height: Theme.px(52)
        radius: Theme.px(14)
        color: Theme.gold100

        Row {
            id: words
            anchors.centerIn: parent
            spacing: Theme.px(14)

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: "wifi-off"
                size: Theme.px(36)
            }

            Label {
                anchors.verticalCenter: parent.verticalCenter
                text: qsTr("Mất kết nối – số có thể đã cũ")
                size: 32
                font.weight: Font.DemiBold
            }
        }
    }
}
