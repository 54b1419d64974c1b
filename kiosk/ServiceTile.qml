import QtQuick
import ui

// A service in the grid: icon and name, what belongs to it, who waits. Its height follows from its
// width at once, so that the grid can try how many columns fit.
TileFrame {
    id: control

    property bool dense: false

    bottomPadding: Theme.px(dense ? 12 : 22)
    leftPadding: Theme.px(26)
    rightPadding: Theme.px(20)
    topPadding: Theme.px(dense ? 12 : 22)

    contentItem: Item {
        id: content

        readonly property real head: Math.max(icon.height, name.height)

        implicitHeight: Math.ceil(note.y + note.height + Theme.px(2) + (status.text === "" ? 0 : status.height))

        IconBox {
            id: icon

            color: control.open ? Theme.main : Theme.resting
            name: control.tile.icon ?? ""
            size: control.dense ? 76 : 96
            width: implicitWidth
            height: implicitHeight
            y: Math.round((content.head - height) / 2)
        }

        Label {
            id: name

            font.weight: Font.Bold
            lineHeight: 0.88
            size: control.dense ? 38 : 41
            text: control.tile.name ?? ""
            width: control.availableWidth - x
            wrapMode: Text.Wrap
            x: icon.width + Theme.px(20)
            y: Math.round((content.head - height) / 2)
        }

        Label {
            id: note

            color: control.noteColor
            size: 29
            text: control.tile.detail ?? ""
            width: control.availableWidth
            wrapMode: Text.WordWrap
            y: content.head + Theme.px(control.dense ? 2 : 10)
        }

        Label {
            id: status

            anchors.bottom: parent.bottom
            size: 29
            text: (control.tile.status ?? []).join(" · ")
            textFormat: Text.StyledText
            width: control.availableWidth
            wrapMode: Text.WordWrap
        }
    }
}
