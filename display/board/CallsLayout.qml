import QtQuick
import ui

// The called number at the left, the counters at the right, who is next below.
Item {
    id: layout

    required property BoardScreen vm
    required property WallClock clock

    BoardHeader {
        id: header
        vm: layout.vm
        clock: layout.clock
        width: parent.width
        height: Theme.px(84)
    }

    CallPanel {
        id: panel
        vm: layout.vm
        x: Theme.px(40)
        anchors.top: header.bottom
        anchors.bottom: footer.top
        anchors.margins: Theme.px(24)
        width: layout.vm.quiet ? parent.width - 2 * x : Math.round((parent.width - Theme.px(104)) * 0.6222)
    }

    CounterRows {
        visible: !layout.vm.quiet
        vm: layout.vm
        anchors.top: panel.top
        anchors.bottom: panel.bottom
        anchors.right: parent.right
        anchors.rightMargin: Theme.px(40)
        width: Math.round((parent.width - Theme.px(104)) * 0.3778)
    }

    Rectangle {
        id: footer
        anchors.bottom: parent.bottom
        width: parent.width
        height: Theme.px(138)
        color: Theme.sea850

        NextNumbers {
            vm: layout.vm
            x: Theme.px(40)
            width: Math.round(parent.width * 0.622) - x
            height: parent.height
        }

        BottomText {
            vm: layout.vm
            alignment: Text.AlignRight
            anchors.right: parent.right
            anchors.rightMargin: Theme.px(40)
            width: Math.round(parent.width * 0.335)
            height: parent.height
        }
    }
}
