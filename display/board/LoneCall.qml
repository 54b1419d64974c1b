import QtQuick
import ui

// One call in the whole panel.
Rectangle {
    id: call

    required property var card
    property bool bright: false
    property bool stale: false
    readonly property bool muted: stale || (card?.withdrawn ?? false)
    readonly property bool flash: bright && !muted && (card?.flashing ?? false)
    readonly property bool narrow: width < Theme.px(900)
    readonly property real margin: Theme.px(narrow ? 36 : 53)
    readonly property string english: card?.english ?? ""
    readonly property string service: card?.service ?? ""

    radius: Theme.px(40)
    color: muted ? Theme.greyedNight : flash ? Theme.phuongDark : Theme.phuongCall
    border.color: Theme.card
    border.width: flash ? Theme.px(14) : 0

    Label {
        id: heading
        objectName: "heading"
        x: call.margin
        y: Theme.px(22)
        text: call.card?.heading ?? ""
        color: Theme.card
        size: call.narrow && text.length > 10 ? 46 : 60
        font.weight: Font.DemiBold
    }

    Label {
        objectName: "english"
        anchors.right: parent.right
        anchors.rightMargin: call.margin
        anchors.left: heading.right
        anchors.leftMargin: Theme.px(40)
        anchors.verticalCenter: heading.verticalCenter
        height: Theme.px(92)
        verticalAlignment: Text.AlignVCenter
        horizontalAlignment: Text.AlignRight
        text: call.english || (call.narrow ? call.service : "")
        color: Theme.card
        size: 40
        fontSizeMode: Text.Fit
        minimumPixelSize: Theme.px(call.narrow ? 22 : 26)
        wrapMode: Text.Wrap
        elide: Text.ElideRight
    }

    Digits {
        objectName: "calledNumber"
        x: call.margin
        anchors.verticalCenter: parent.top
        // Digits stand a little low in their line.
        anchors.verticalCenterOffset: Math.round((heading.y + heading.height + counter.y) / 2 - 0.02 * font.pixelSize)
        text: call.card?.number ?? ""
        size: 400
        room: parent.width - 2 * call.margin
        color: call.muted ? Theme.greyed : Theme.card
        font.strikeout: call.card?.withdrawn ?? false
    }

    Label {
        id: word
        anchors.verticalCenter: counter.verticalCenter
        x: call.margin
        text: qsTr("QUẦY")
        color: Theme.card
        size: parent.width < Theme.px(1050) ? 104 : 126
        font.weight: Font.Bold
    }

    CounterBox {
        id: counter
        x: call.narrow ? call.width - call.margin - width : word.x + word.width + Theme.px(40)
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.px(30)
        height: Math.min(Theme.px(250), Math.round(parent.height * 0.31))
        number: call.card?.counter ?? 0
        muted: call.muted
    }

    Label {
        objectName: "service"
        anchors.left: counter.right
        anchors.leftMargin: Theme.px(24)
        anchors.right: parent.right
        anchors.rightMargin: call.margin
        anchors.verticalCenter: counter.verticalCenter
        height: counter.height
        verticalAlignment: Text.AlignVCenter
        horizontalAlignment: Text.AlignRight
        wrapMode: Text.Wrap
        visible: !call.narrow
        text: call.service
        color: Theme.card
        size: 44
        fontSizeMode: Text.Fit
        minimumPixelSize: Theme.px(24)
        elide: Text.ElideRight
    }
}
