import QtQuick
import ui

// One counter: the number it serves, or that it rests.
Rectangle {
    id: item

    required property var row
    property bool stale: false
    readonly property string kind: row?.kind ?? ""
    readonly property string words: row?.note ?? ""
    readonly property real margin: Theme.px(30)
    readonly property real gap: Theme.px(24)
    // As large as the row lets it be, but no larger than leaves room for words.
    readonly property real roomy: Math.min(165, 126 + Math.max(0, height / Theme.scale - 140) * 0.7)
    readonly property real size: words === "" || number.text === "" ? roomy : Math.min(roomy, beside ? 140 : 126)
    readonly property real noteRoom: Theme.px(236)
    readonly property real besideRoom: counter.x - margin - noteRoom - 2 * gap
    // Two lines beside the number, which grows narrower for them, else one line below it.
    readonly property bool beside: number.text === "" || (!narrow && /^[0-9]{1,4}$/.test(number.text))
    readonly property bool narrow: width < Theme.px(520)
    readonly property bool brief: kind === "priority" && narrow
    readonly property color noteColor: stale ? Theme.greyed : kind === "paused" ? Theme.card : Theme.gold

    visible: row !== null
    radius: Theme.px(22)
    color: kind === "priority" && !stale ? Theme.goldNight : Theme.sea800

    Digits {
        id: number
        objectName: "rowNumber"
        x: item.margin
        anchors.verticalCenter: parent.verticalCenter
        anchors.verticalCenterOffset: item.beside || item.words === "" ? 0 : -Theme.px(22)
        text: item.row?.number ?? ""
        size: item.size
        room: item.beside && item.words !== "" ? item.besideRoom : counter.x - item.margin - item.gap
        color: item.stale ? Theme.greyed : Theme.card
    }

    Label {
        objectName: "rowNote"
        visible: item.words !== ""
        x: !item.beside || number.text === "" ? item.margin : number.x + number.width + item.gap
        y: item.beside ? 0 : item.height - height - Theme.px(8)
        width: counter.x - x - item.gap
        height: item.beside ? item.height : Theme.px(38)
        verticalAlignment: Text.AlignVCenter
        text: item.brief ? qsTr("Công dân ưu tiên")
             : item.beside ? item.words : item.words.replace("\n", item.kind === "priority" ? " " : ", ")
        color: item.noteColor
        size: number.text === "" ? 48 : item.beside ? 36 : 29
        fontSizeMode: Text.Fit
        minimumPixelSize: Theme.px(20)
        lineHeight: 1.05
    }

    Digits {
        id: counter
        objectName: "rowCounter"
        anchors.right: parent.right
        anchors.rightMargin: item.margin
        anchors.verticalCenter: parent.verticalCenter
        text: item.row?.counter ?? ""
        size: item.size
        color: item.stale ? Theme.greyed : Theme.gold
    }
}
