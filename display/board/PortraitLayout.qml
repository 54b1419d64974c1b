import QtQuick
import ui

// The same hall on a screen that stands upright: the panel on top, the counters below, then
// pictures.
Item {
    id: layout

    required property BoardScreen vm
    required property WallClock clock
    readonly property MediaShow media: vm.media
    readonly property real margin: Theme.px(40)
    readonly property real gap: Theme.px(24)
    readonly property real below: media.available ? pane.height + gap : 0

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
        anchors.topMargin: layout.gap
        x: layout.margin
        width: parent.width - 2 * x
        height: layout.vm.quiet ? footer.y - header.height - 2 * layout.gap - layout.below : Theme.px(700)
    }

    CounterRows {
        visible: !layout.vm.quiet
        vm: layout.vm
        anchors.top: panel.bottom
        anchors.topMargin: Theme.px(12)
        x: layout.margin
        width: panel.width
        height: footer.y - y - layout.gap - layout.below
    }

    MediaPane {
        id: pane
        media: layout.media
        calling: panel.flashing
        anchors.bottom: footer.top
        anchors.bottomMargin: layout.gap
        x: layout.margin
        width: panel.width
        height: Theme.px(408)
    }

    BoardFooter {
        id: footer
        vm: layout.vm
        stacked: true
        anchors.bottom: parent.bottom
        width: parent.width
    }
}
