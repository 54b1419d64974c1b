import QtQuick

// A line icon by its name, in one colour.
Image {
    id: icon

    required property string name
    property color color: Theme.ink
    property real size: Theme.px(48)

    width: size
    height: size
    sourceSize: Qt.size(size, size)
    source: size > 0 ? "image://icon/" + name + "/" + String(color).slice(-6) : ""
    smooth: true
}
