import QtQuick

// Text of the interface; `size` is in pixels of the design picture.
Text {
    property real size: 28

    color: Theme.ink
    font.family: Theme.textFamily
    font.pixelSize: Theme.sp(size)
    textFormat: Text.PlainText
}
