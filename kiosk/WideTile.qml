import QtQuick
import ui

// A service on one line, for large text: icon, name and note, who waits at the right or below.
TileFrame {
    id: control

    readonly property var status: tile.status ?? []
    readonly property bool stacked: availableWidth < Theme.px(860)

    bottomPadding: Theme.px(8)
    leftPadding: Theme.px(18)
    rightPadding: Theme.px(18)
    topPadding: Theme.px(8)

    contentItem: Item {
        id: content

        readonly property real aside: control.stacked || waits.text === "" ? 0 : Theme.px(268) + Theme.px(18)
        readonly property real words: name.height + note.height + (below.text === "" ? 0 : below.height)

        implicitHeight: Math.ceil(Math.max(icon.height, words, control.stacked ? 0 : waits.height))

        IconBox {
            id: icon

            anchors.verticalCenter: parent.verticalCenter
            color: control.open ? Theme.main : Theme.resting
            name: control.tile.icon ?? ""
            size: 84
            width: implicitWidth
            height: implicitHeight
        }

        Label {
            id: name

            font.weight: Font.Bold
            lineHeight: 0.9
            size: 41
            text: control.tile.name ?? ""
            width: control.availableWidth - x - content.aside
            wrapMode: Text.Wrap
            x: icon.width + Theme.px(18)
            y: Math.max(0, Math.round((content.height - content.words) / 2))
        }

        Label {
            id: note

            color: control.noteColor
            lineHeight: 0.95
            size: 29
            text: control.tile.detail ?? ""
            width: name.width
            wrapMode: Text.WordWrap
            x: name.x
            y: name.y + name.height
        }

        Label {
            id: below

            size: 29
            text: control.stacked ? control.status.join(" · ") : ""
            textFormat: Text.StyledText
            visible: text !== ""
            width: name.width
            wrapMode: Text.WordWrap
            x: name.x
            y: note.y + note.height
        }

        Label {
            id: waits

            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            horizontalAlignment: Text.AlignRight
            lineHeight: 0.92
            size: 29
            text: control.status.join("<br>")
            textFormat: Text.StyledText
            visible: !control.stacked && text !== ""
            width: Theme.px(268)
            wrapMode: Text.WordWrap
        }
    }
}
