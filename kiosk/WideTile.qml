import QtQuick
import QtQuick.Layouts
import ui

// A service on one line, for large text: icon, name and note, who waits at the right or below.
TileFrame {
    id: control

    property bool stacked: false
    readonly property var status: tile.status ?? []

    leftPadding: Theme.px(18)
    rightPadding: Theme.px(18)
    topPadding: Theme.px(6)
    bottomPadding: Theme.px(6)

    contentItem: RowLayout {
        spacing: Theme.px(18)

        IconBox {
            name: control.tile.icon ?? ""
            size: 84
            color: control.open ? Theme.sea800 : Theme.ink2
        }

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            Label {
                Layout.fillWidth: true
                font.weight: Font.Bold
                lineHeight: 0.9
                size: 41
                text: control.tile.name ?? ""
                wrapMode: Text.Wrap
            }

            Label {
                Layout.fillWidth: true
                color: control.noteColor
                lineHeight: 0.95
                size: 29
                text: control.tile.detail ?? ""
                wrapMode: Text.WordWrap
            }

            Label {
                Layout.fillWidth: true
                size: 29
                text: control.status.join(" · ")
                textFormat: Text.StyledText
                visible: control.stacked && text !== ""
                wrapMode: Text.WordWrap
            }
        }

        Label {
            Layout.preferredWidth: Theme.px(268)
            horizontalAlignment: Text.AlignRight
            lineHeight: 0.92
            size: 29
            text: control.status.join("<br>")
            textFormat: Text.StyledText
            visible: !control.stacked && text !== ""
            wrapMode: Text.WordWrap
        }
    }
}
