import QtQuick
import ui

// The same hall on a screen that stands upright: the panel on top, the counters below.
Item {
    id: layout

    required property BoardScreen vm
    required property WallClock clock

    BoardHeader {
        id: header
        vm: layout.vm
        clock: layout.clock
        stacked: true
        width: parent.width
        height: Theme.px(124)
    }

    CallPanel {
        id: panel
        vm: layout.vm
        anchors.top: header.bottom
        anchors.topMargin: Theme.px(24)
        x: Theme.px(40)
        width: parent.width - 2 * x
        height: layout.vm.quiet ? parent.height - header.height - footer.height - Theme.px(48) : Theme.px(700)
    }

    CounterRows {
        visible: !layout.vm.quiet
        vm: layout.vm
        anchors.bottom: footer.top
        anchors.bottomMargin: Theme.px(24)
        x: Theme.px(40)
        width: parent.width - 2 * x
        height: footer.y - header.height - Theme.px(24 + 700 + 12 + 24)
    }

    Rectangle {
        id: footer
        anchors.bottom: parent.bottom
        width: parent.width
        height: Theme.px(214)
        color: Theme.sea850

        NextNumbers {
            id: next
            vm: layout.vm
            y: Theme.px(4)
            x: Theme.px(40)
            chipSize: 34
            gap: 30
            width: parent.width - 2 * x
            height: Theme.px(108)
        }

        BottomText {
            vm: layout.vm
            alignment: Text.AlignLeft
            anchors.top: next.bottom
            anchors.bottom: parent.bottom
            anchors.bottomMargin: Theme.px(10)
            x: Theme.px(40)
            width: parent.width - 2 * x
        }
    }
}
