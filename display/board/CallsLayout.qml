import QtQuick
import ui

// The called number, the counters beside or `upright` below it, who is next at the bottom; pictures,
// while there are any, take three parts of ten at the right, or upright a strip above the bottom.
Item {
    id: layout

    required property BoardScreen vm
    required property WallClock clock
    property bool upright: false
    readonly property MediaShow media: vm.media
    readonly property real margin: Theme.px(40)
    readonly property real gap: Theme.px(24)
    readonly property real split: Math.round(0.7 * width)
    readonly property real calls: (media.available && !upright ? split - gap / 2 : width - margin) - margin
    readonly property real end: footer.y - gap - (media.available && upright ? pane.height + gap : 0)
    readonly property real share: media.available ? 0.65 : 0.5947

    BoardHeader {
        id: header
        vm: layout.vm
        clock: layout.clock
        stacked: layout.upright
        width: parent.width
        height: Theme.px(layout.upright ? 124 : 84)
    }

    CallPanel {
        id: panel
        vm: layout.vm
        x: layout.margin
        y: header.height + layout.gap
        width: layout.upright || layout.vm.quiet ? layout.calls
                                                 : Math.round((layout.calls - layout.gap) * layout.share)
        height: layout.upright && !layout.vm.quiet ? Theme.px(700) : layout.end - y
    }

    CounterRows {
        visible: !layout.vm.quiet
        vm: layout.vm
        x: layout.margin + layout.calls - width
        y: layout.upright ? panel.y + panel.height + Theme.px(12) : panel.y
        width: layout.upright ? layout.calls : Math.round((layout.calls - layout.gap) * (1 - layout.share))
        height: layout.end - y
    }

    MediaPane {
        id: pane
        media: layout.media
        calling: panel.flashing
        x: layout.upright ? layout.margin : layout.split + layout.gap / 2
        y: layout.upright ? footer.y - layout.gap - height : panel.y
        width: parent.width - layout.margin - x
        height: layout.upright ? Theme.px(408) : layout.end - y
    }

    BoardFooter {
        id: footer
        vm: layout.vm
        stacked: layout.upright
        anchors.bottom: parent.bottom
        width: parent.width
    }
}
