import QtQuick
import ui

// One counter of the grid: its number at the left, the counter at the right, words above.
Rectangle {
    id: cell

    required property var row
    property bool bright: false
    property bool stale: false
    readonly property string kind: row?.kind ?? ""
    readonly property bool resting: number.text === ""
    readonly property bool idle: kind === "idle" && !row.number
    readonly property bool muted: stale || (row?.withdrawn ?? false)
    readonly property bool called: (row?.called ?? false) && !muted
    readonly property bool flash: bright && called && (row?.flashing ?? false)
    readonly property real margin: Theme.px(24)
    readonly property real strip: Math.round(Math.max(Theme.px(46), 0.22 * height))
    readonly property real tall: height - strip - Theme.px(20)
    readonly property real inner: width - 2 * margin - Theme.px(28)
    // Four narrow digits and the counter are 2.2 times as wide as the numbers' type is high.
    readonly property real size: Math.min(tall / 0.95, inner / 2.2) / Theme.scale
    // For the words beside QUẦY.
    readonly property real room: word.x

    visible: row !== null
    radius: Theme.px(22)
    color: called ? flash ? Theme.phuongDark : Theme.phuongCall
         : muted && row?.withdrawn ? Theme.greyedNight
         : kind === "closed" ? Theme.sea850
         : kind === "priority" && !stale ? Theme.goldNight : Theme.sea800
    border.color: Theme.card
    border.width: flash ? Theme.px(10) : 0

    Label {
        objectName: "cellNote"
        visible: !cell.resting
        x: cell.margin
        y: Theme.px(14)
        width: word.x - x - Theme.px(20)
        height: cell.strip
        verticalAlignment: Text.AlignVCenter
        text: cell.room < Theme.px(600) && cell.kind === "priority" && !cell.row.called && !cell.row.withdrawn
              ? cell.room < Theme.px(320) ? qsTr("Ưu tiên") : qsTr("Công dân ưu tiên")
              : (cell.row?.note ?? "").replace("\n", cell.kind === "priority" ? " " : ", ")
        color: cell.muted ? Theme.greyed : cell.called || cell.kind === "paused" ? Theme.card : Theme.gold
        size: cell.called ? 44 : 36
        font.weight: cell.called ? Font.DemiBold : Font.Normal
        fontSizeMode: Text.Fit
        minimumPixelSize: Theme.px(18)
        wrapMode: Text.Wrap
        lineHeight: 0.92
    }

    Label {
        id: word
        anchors.right: parent.right
        anchors.rightMargin: cell.margin
        y: Theme.px(14)
        height: cell.strip
        verticalAlignment: Text.AlignVCenter
        text: qsTr("QUẦY")
        color: cell.called ? Theme.card : cell.muted ? Theme.greyed : Theme.sea200
        size: 36
        font.weight: Font.Bold
    }

    Digits {
        id: number
        objectName: "cellNumber"
        x: cell.margin
        anchors.verticalCenter: parent.bottom
        anchors.verticalCenterOffset: -Math.round(Theme.px(8) + cell.tall / 2)
        text: cell.row?.number || (cell.idle ? "—" : "")
        size: cell.idle ? 0.6 * cell.size : cell.size
        weight: cell.idle ? 400 : 720
        room: counter.x - cell.margin - Theme.px(28)
        color: cell.muted ? Theme.greyed : cell.idle ? Theme.sea200 : Theme.card
        font.strikeout: cell.row?.withdrawn ?? false
    }

    Label {
        objectName: "cellRest"
        visible: cell.resting
        x: cell.margin
        width: counter.x - x - Theme.px(20)
        height: parent.height
        verticalAlignment: Text.AlignVCenter
        text: cell.row?.note ?? ""
        color: cell.muted ? Theme.greyed : cell.kind === "closed" ? Theme.sea200 : Theme.card
        size: 48
        fontSizeMode: Text.Fit
        minimumPixelSize: Theme.px(22)
        elide: Text.ElideRight
    }

    Digits {
        id: counter
        objectName: "cellCounter"
        anchors.right: parent.right
        anchors.rightMargin: cell.margin
        anchors.verticalCenter: number.verticalCenter
        text: cell.row?.counter ?? ""
        size: 0.7 * cell.size
        room: 0.22 * cell.width
        color: cell.muted ? Theme.greyed
             : cell.called ? Theme.card : cell.kind === "closed" ? Theme.sea200 : Theme.gold
    }
}
