import QtQuick
import ui

// Whose hall this is, and the time; a board that has lost its link says so here.
Rectangle {
    id: header

    required property BoardScreen vm
    required property WallClock clock
    property bool stacked: false

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

    Grid {
        id: names
        readonly property real room: right.x - x - Theme.px(30)
        anchors.left: mark.right
        anchors.leftMargin: Theme.px(24)
        anchors.verticalCenter: parent.verticalCenter
        columns: header.stacked ? 1 : 2
        columnSpacing: Theme.px(22)
        verticalItemAlignment: Grid.AlignVCenter

        Label {
            id: title
            text: header.vm.title
            width: Math.min(implicitWidth, names.room)
            color: Theme.card
            size: 32
            font.weight: Font.Bold
            elide: Text.ElideRight
        }

        Label {
            text: header.vm.place
            width: Math.max(0, Math.min(implicitWidth, header.stacked
                ? names.room : names.room - title.width - names.columnSpacing))
            color: Theme.sea200
            size: 30
            elide: Text.ElideRight
        }
    }

    Grid {
        id: right
        anchors.right: parent.right
        anchors.rightMargin: Theme.px(40)
        anchors.verticalCenter: parent.verticalCenter
        columns: header.stacked ? 1 : 2
        columnSpacing: Theme.px(48)
        verticalItemAlignment: Grid.AlignVCenter
        horizontalItemAlignment: Grid.AlignRight

        Label {
            visible: !header.vm.stale
            text: header.clock.date
            color: Theme.sea200
            size: 30
        }

        StaleSign {
            objectName: "staleSign"
            visible: header.vm.stale
        }

        Digits {
            objectName: "clock"
            text: header.clock.time
            size: 50
            color: Theme.card
        }
    }
}
