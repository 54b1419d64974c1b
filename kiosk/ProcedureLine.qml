import QtQuick
import ui

// A line of what a procedure needs; the first of a part has its icon and heading.
Item {
    id: row

    required property var line
    property bool ruled: false

    readonly property real indent: Theme.px(64)

    implicitHeight: words.y + words.implicitHeight

    FocusRing {
        radius: Theme.px(12)
        stop: row.objectName
    }

    Rectangle {
        color: Theme.line
        height: Theme.px(2)
        visible: row.ruled
        width: parent.width
    }

    Icon {
        color: Theme.link
        name: row.line.icon
        size: Theme.px(40)
        visible: row.line.icon !== ""
        y: heading.y
    }

    Label {
        id: heading

        font.weight: Font.Bold
        size: 31
        text: row.line.heading
        visible: text !== ""
        width: parent.width - row.indent
        wrapMode: Text.WordWrap
        x: row.indent
        y: row.ruled ? Theme.px(14) : 0
    }

    Label {
        id: bullet

        color: Theme.link
        size: 31
        text: "•"
        visible: row.line.item
        x: row.indent
        y: words.y
    }

    Label {
        id: words

        font.weight: row.line.strong ? Font.Bold : Font.Normal
        lineHeight: 1.05
        size: 31
        text: row.line.text
        width: parent.width - x
        wrapMode: Text.Wrap
        x: row.indent + (row.line.item ? bullet.implicitWidth + Theme.px(14) : 0)
        y: heading.visible ? heading.y + heading.implicitHeight : 0
    }
}
