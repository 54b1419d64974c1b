import QtQuick
import QtQuick.Layouts
import ui

// A service in the grid: icon and name, what belongs to it, who waits.
TileFrame {
    id: control

    property bool dense: false

    leftPadding: Theme.px(26)
    rightPadding: Theme.px(20)
    topPadding: Theme.px(dense ? 12 : 22)
    bottomPadding: Theme.px(dense ? 12 : 22)

    contentItem: ColumnLayout {
        spacing: 0

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.px(20)

            IconBox {
                Layout.alignment: Qt.AlignVCenter
                name: control.tile.icon ?? ""
                size: control.dense ? 76 : 96
                color: control.open ? Theme.sea800 : Theme.ink2
            }

            Label {
                Layout.fillWidth: true
                font.weight: Font.Bold
                lineHeight: 0.88
                size: control.dense ? 38 : 41
                text: control.tile.name ?? ""
                wrapMode: Text.Wrap
            }
        }

        Item {
            Layout.preferredHeight: Theme.px(control.dense ? 2 : 10)
        }

        Label {
            Layout.fillWidth: true
            color: control.noteColor
            size: 29
            text: control.tile.detail ?? ""
            wrapMode: Text.WordWrap
        }

        Item {
            Layout.fillHeight: true
            Layout.minimumHeight: Theme.px(2)
        }

        Label {
            Layout.fillWidth: true
            size: 29
            text: (control.tile.status ?? []).join(" · ")
            textFormat: Text.StyledText
            visible: text !== ""
            wrapMode: Text.WordWrap
        }
    }
}
