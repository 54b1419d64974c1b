import QtQuick
import ui

// A number to be read from afar; where `room` is short it grows narrower before it grows smaller.
Text {
    id: digits

    property real size: 126
    property real room: 100000
    property int weight: 720
    readonly property real excess: natural.advanceWidth / room

    width: Math.min(room, implicitWidth)
    font.family: Theme.numberFamily
    font.pixelSize: Theme.px(size)
    font.variableAxes: ({
        wght: weight,
        wdth: excess > 1 ? Math.max(62.5, 100 - 200 * (1 - 1 / excess)) : 100
    })
    fontSizeMode: Text.HorizontalFit
    verticalAlignment: Text.AlignVCenter
    textFormat: Text.PlainText

    TextMetrics {
        id: natural
        text: digits.text
        font.family: Theme.numberFamily
        font.pixelSize: Theme.px(digits.size)
        font.variableAxes: ({ wght: digits.weight })
    }
}
