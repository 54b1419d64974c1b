import QtQuick
import ui

// What is no service and yet to be chosen: an icon, what it is, and a word about it.
Tappable {
    id: control

    required property string iconName
    required property string note
    property bool dense: false
    property bool raised: false
    property color iconGround: Theme.main

    bottomPadding: Theme.px(dense ? 14 : 20)
    leftPadding: Theme.px(22)
    rightPadding: Theme.px(18)
    topPadding: Theme.px(dense ? 14 : 20)

    background: Item {
        Rectangle {
            color: Theme.shade
            height: parent.height
            radius: Theme.px(30)
            visible: control.raised
            width: parent.width
            y: Theme.px(3)
        }

        Rectangle {
            anchors.fill: parent
            border.color: control.raised ? Theme.line : Theme.edge
            border.width: Theme.px(2)
            color: control.pressed ? Theme.pressed : control.raised ? Theme.card : Theme.calm
            radius: Theme.px(30)
        }
    }

    contentItem: Item {
        id: content

        readonly property real words: title.height + line.height

        implicitHeight: Math.ceil(Math.max(box.height, words))

        IconBox {
            id: box

            anchors.verticalCenter: parent.verticalCenter
            color: control.iconGround
            name: control.iconName
            size: 84
            width: implicitWidth
            height: implicitHeight
        }

        Label {
            id: title

            font.weight: Font.Bold
            lineHeight: 0.95
            size: control.raised ? 38 : 42
            text: control.text
            width: control.availableWidth - x
            wrapMode: Text.WordWrap
            x: box.width + Theme.px(20)
            y: Math.round((content.height - content.words) / 2)
        }

        Label {
            id: line

            lineHeight: 0.95
            objectName: control.objectName + "Note"
            size: 29
            text: control.note
            textFormat: Text.StyledText
            width: title.width
            wrapMode: Text.WordWrap
            x: title.x
            y: title.y + title.height
        }
    }
}
