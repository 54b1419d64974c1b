import QtQuick
import ui

// The called number at the left, the counters beside it, who is next below; pictures at the right.
Item {
    id: layout

    required property BoardScreen vm
    required property WallClock clock
    readonly property MediaShow media: vm.media
    readonly property real margin: Theme.px(40)
    readonly property real gap: Theme.px(24)
    // Seven parts for the calls, three for the pictures while there are any.
    readonly property real split: Math.round(0.7 * width)
    readonly property real calls: (media.available ? split - gap / 2 : width - margin) - margin
    readonly property real share: media.available ? 0.65 : 0.6222

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
        x: layout.margin
        anchors.top: header.bottom
        anchors.bottom: footer.top
        anchors.margins: layout.gap
        width: Math.round(layout.vm.quiet ? layout.calls : (layout.calls - layout.gap) * layout.share)
    }

    CounterRows {
        visible: !layout.vm.quiet
        vm: layout.vm
        anchors.top: panel.top
        anchors.bottom: panel.bottom
        x: layout.margin + layout.calls - width
        width: Math.round((layout.calls - layout.gap) * (1 - layout.share))
    }

    MediaPane {
        media: layout.media
        calling: panel.flashing
        anchors.top: panel.top
        anchors.bottom: panel.bottom
        x: layout.split + layout.gap / 2
        width: parent.width - layout.margin - x
    }

    BoardFooter {
        id: footer
        vm: layout.vm
        anchors.bottom: parent.bottom
        width: parent.width
    }
}
