import QtQuick
import ui

// One counter: the number it serves, or that it rests.
Rectangle {
    id: item

    required property var row
    property bool stale: false
    readonly property string kind: row?.kind ?? ""
    readonly property real margin: Theme.px(30)
    readonly property real gap: Theme.px(24)
    readonly property real side: counter.x - number.x - number.width - 2 * gap
    // Beside the number while that leaves room for its words, else below it.
    readonly property bool beside: number.width === 0 || side >= Theme.px(190)
    readonly property bool brief: kind === "priority" && width < Theme.px(520)
    readonly property color noteColor: stale ? Theme.greyed : kind === "paused" ? Theme.card : Theme.gold

    visible: row !== null
    radius: Theme.px(22)
    color: kind === "priority" && !stale ? Theme.goldNight : Theme.sea800

    Digits {
        id: number
        objectName: "rowNumber"
        x: item.margin
        anchors.verticalCenter: parent.verticalCenter
        anchors.verticalCenterOffset: item.beside || note.text === "" ? 0 : -Theme.px(22)
        text: item.row?.number ?? ""
        room: counter.x - item.margin - item.gap
        color: item.stale ? Theme.greyed : Theme.card
    }

    Label {
        id: note
        objectName: "rowNote"
        x: item.beside ? number.width === 0 ? item.margin : number.x + number.width + Theme.px(14) : item.margin
        y: item.beside ? 0 : item.height - height - Theme.px(8)
        width: item.beside ? counter.x - x - Theme.px(12) : counter.x - x - item.gap
        height: item.beside ? item.height : Theme.px(38)
        verticalAlignment: Text.AlignVCenter
        text: item.brief ? qsTr("Công dân ưu tiên")
             : item.beside ? item.row?.note ?? "" : (item.row?.note ?? "").replace("\n", ", ")
        color: item.noteColor
        size: number.width === 0 ? 45 : item.beside ? 34 : 29
        fontSizeMode: Text.Fit
        minimumPixelSize: Theme.px(20)
        wrapMode: item.beside ? Text.Wrap : Text.NoWrap
        elide: Text.ElideRight
        lineHeight: number.width === 0 ? 0.92 : 0.96
    }

    Digits {
        id: counter
        objectName: "rowCounter"
        anchors.right: parent.right
        anchors.rightMargin: item.margin
        anchors.verticalCenter: parent.verticalCenter
        text: item.row?.counter ?? ""
        color: item.stale ? Theme.greyed : Theme.gold
    }
}
