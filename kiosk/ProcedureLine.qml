import QtQuick
import ui

// A line of what a procedure needs; the first of a part has its icon and heading.
Item {
    id: row

    required property var line
    property bool ruled: false

    property real titleSize: 42

    readonly property real indent: row.line.title ? 0 : Theme.px(64)

    // By the texts: what stands on a hidden page is not visible, and must be as high all the same.
    implicitHeight: words.y + words.implicitHeight + (note.text !== "" ? note.implicitHeight : 0)

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

        font.weight: row.line.strong || row.line.title ? Font.Bold : Font.Normal
        lineHeight: 1.05
        size: row.line.title ? row.titleSize : 31
        text: row.line.text
        width: parent.width - x
        wrapMode: Text.Wrap
        x: row.indent + (row.line.item ? bullet.implicitWidth + Theme.px(14) : 0)
        y: heading.text !== "" ? heading.y + heading.implicitHeight : 0
    }

    Label {
        id: note

        lineHeight: 1.05
        size: 31
        text: row.line.note
        visible: text !== ""
        width: words.width
        wrapMode: Text.Wrap
        x: words.x
        y: words.y + words.implicitHeight
    }
}
