import QtQuick

// A number, clock or table cell: tabular digits.
Text {
    property real size: 28

    color: Theme.ink
    font.family: Theme.numberFamily
    font.pixelSize: Theme.sp(size)
    textFormat: Text.PlainText
}
