import QtQuick
import ui

// The name of a procedure; the one that is open is dark.
Tappable {
    id: tile

    property bool chosen: false

    bottomPadding: Theme.px(12)
    leftPadding: Theme.px(26)
    rightPadding: Theme.px(18)
    topPadding: Theme.px(12)

    background: Rectangle {
        border.color: tile.chosen ? Theme.main : Theme.line
        border.width: Theme.px(2)
        color: tile.chosen ? Theme.main : tile.pressed ? Theme.pressed : Theme.card
        radius: Theme.px(30)
    }

    contentItem: Item {
        implicitHeight: Math.max(name.implicitHeight, arrow.height)

        Label {
            id: name

            anchors.left: parent.left
            anchors.right: arrow.left
            anchors.rightMargin: Theme.px(14)
            anchors.verticalCenter: parent.verticalCenter
            color: tile.chosen ? Theme.mainInk : Theme.ink
            font.weight: Font.DemiBold
            lineHeight: 0.95
            size: 31
            text: tile.text
            wrapMode: Text.WordWrap
        }

        Icon {
            id: arrow

            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            color: tile.chosen ? Theme.mainInk : Theme.link
            name: tile.chosen ? "arrow-down" : "arrow-right"
            size: Theme.px(40)
        }
    }
}
