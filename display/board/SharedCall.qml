import QtQuick
import ui

// One of several calls in the panel: the number at the left, its counter at the right.
Rectangle {
    id: call

    required property var card
    property bool bright: false
    property bool stale: false
    readonly property bool muted: stale || (card?.withdrawn ?? false)
    readonly property bool flash: bright && !muted && (card?.flashing ?? false)
    readonly property bool low: height < Theme.px(300)
    readonly property real margin: Theme.px(48)
    readonly property real room: side.x - margin - Theme.px(40)
    readonly property real tall: height - Theme.px(low ? 84 : 116)

    radius: Theme.px(32)
    color: muted ? Theme.greyedNight : flash ? Theme.phuongDark : Theme.phuongCall
    border.color: Theme.card
    border.width: flash ? Theme.px(10) : 0

    Label {
        id: heading
        objectName: "heading"
        x: call.margin
        y: Theme.px(call.low ? 16 : 24)
        text: call.card?.heading ?? ""
        color: Theme.card
        size: call.low ? 36 : 44
        font.weight: Font.DemiBold
    }

    Label {
        anchors.left: heading.right
        anchors.leftMargin: Theme.px(32)
        anchors.right: side.left
        anchors.rightMargin: Theme.px(40)
        anchors.verticalCenter: heading.verticalCenter
        height: Theme.px(call.low ? 60 : 72)
        verticalAlignment: Text.AlignVCenter
        horizontalAlignment: Text.AlignRight
        visible: width > Theme.px(150)
        text: call.card?.withdrawn ? "" : call.card?.english || call.card?.service || ""
        color: Theme.card
        size: 34
        fontSizeMode: Text.Fit
        minimumPixelSize: Theme.px(20)
        wrapMode: Text.Wrap
        lineHeight: 0.95
    }

    Digits {
        objectName: "calledNumber"
        x: call.margin
        anchors.verticalCenter: parent.verticalCenter
        anchors.verticalCenterOffset: Theme.px(call.low ? 16 : 28)
        text: call.card?.number ?? ""
        // Four digits are 2.32 times as wide as their type is high, a little narrowed 2.1 times;
        // 0.74 of it is glyph.
        size: Math.min(call.room / 2.1, call.tall / 0.74) / Theme.scale
        room: call.room
        color: call.muted ? Theme.greyed : Theme.card
        font.strikeout: call.card?.withdrawn ?? false
    }

    Column {
        id: side
        anchors.right: parent.right
        anchors.rightMargin: Theme.px(30)
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.px(call.low ? -4 : 4)

        Label {
            id: word
            anchors.horizontalCenter: parent.horizontalCenter
            text: qsTr("QUẦY")
            color: Theme.card
            size: call.low ? 44 : 60
            font.weight: Font.Bold
        }

        CounterBox {
            height: call.height - word.height - Theme.px(call.low ? 38 : 52)
            number: call.card?.counter ?? 0
            muted: call.muted
        }
    }
}
